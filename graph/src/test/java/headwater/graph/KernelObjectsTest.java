// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.record.FlowOp;
import headwater.record.ObjectClass;
import headwater.record.RecordFlag;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What processes leave with the kernel, and what they put into it. */
class KernelObjectsTest {
    private static final int FILE = 0100644;

    private final Map<String, PathProbe.Found> fileSystem = new HashMap<>();
    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0,
            path -> fileSystem.get(new String(path, StandardCharsets.ISO_8859_1)));
    private final Records records = new Records(builder);

    private void assertDrawn(String edge) {
        assertTrue(graph.drawn().contains(edge), () -> edge + " is not among " + graph.drawn());
    }

    private void process(long task, long memory, int pid) {
        records.task(task, memory, 0, 0, pid, 0);
    }

    @Test
    void aMessageGoesThroughItsQueue() {
        process(1, 2, 100);
        process(3, 4, 101);
        records.object(5, ObjectClass.QUEUE, ObjectClass.NUMBERED | 7, 40, 0);
        records.flow(FlowOp.SEND_QUEUE, 2, 5, 1);
        records.flow(FlowOp.RECEIVE_QUEUE, 5, 4, 3);
        assertDrawn("send_msg_queue task0.0 msg4.0");
        assertDrawn("receive_msg_queue msg4.0 task2.0");
        assertEquals("message queue 7", graph.attributes.get(4).get(Attribute.NAME));
    }

    @Test
    void numbersAreApartByClassAndByNamespace() {
        records.object(5, ObjectClass.QUEUE, ObjectClass.NUMBERED, 40, 0);
        records.object(6, ObjectClass.QUEUE, ObjectClass.NUMBERED, 41, 0);
        records.object(7, ObjectClass.SEMAPHORES, ObjectClass.NUMBERED, 40, 0);
        records.object(8, ObjectClass.KEY, ObjectClass.NUMBERED, 0, 0);
        records.object(9, ObjectClass.BPF_MAP, ObjectClass.NUMBERED, 0, 0);
        records.object(10, ObjectClass.KERNEL_LOG, ObjectClass.NUMBERED, 0, 0);
        records.object(11, ObjectClass.HOST_NAME, ObjectClass.NUMBERED, 0, 0);
        records.object(12, ObjectClass.KERNEL, ObjectClass.NUMBERED, 0, 0);
        records.object(13, ObjectClass.QUEUE, ObjectClass.NUMBERED, 40, 0);
        assertEquals(List.of(NodeKind.MSG, NodeKind.MSG, NodeKind.SEM, NodeKind.KEY, NodeKind.BPF_MAP, NodeKind.KERNEL_DATA,
                NodeKind.KERNEL_DATA, NodeKind.MACHINE), graph.kinds);
        assertEquals(builder.objectOf(5), builder.objectOf(13), "forgotten and met again");
    }

    @Test
    void anAnonymousFileThatIsNewIsNotTheOneThatWasThere() {
        records.object(5, ObjectClass.ANONYMOUS, 77, 0, RecordFlag.CREATED);
        records.object(6, ObjectClass.ANONYMOUS, 77, 0, 0);
        records.object(7, ObjectClass.ANONYMOUS, 77, 0, RecordFlag.CREATED);
        assertEquals(builder.objectOf(5), builder.objectOf(6));
        assertNotEquals(builder.objectOf(5), builder.objectOf(7));
    }

    @ParameterizedTest
    @CsvSource({"0,load_unknown", "1,load_firmware", "2,load_module", "3,load_kexec_image", "4,load_kexec_initramfs",
        "5,load_policy", "6,load_certificate", "7,load_undefined", "8,load_undefined", "-1,load_undefined"})
    void whatIsLoadedSaysItsRelation(int loaded, String relation) {
        process(1, 2, 100);
        records.inode(3, 30, FILE);
        records.object(4, ObjectClass.KERNEL, ObjectClass.NUMBERED, 0, 0);
        records.flow(FlowOp.LOAD_FILE, 3, 2, 1, -1, loaded);
        records.flow(FlowOp.LOAD, 2, 4, 1, 0, loaded);
        assertDrawn("load_file file2.0 task0.0");
        assertTrue(graph.drawn().stream().anyMatch(edge -> edge.startsWith(relation + " task0.") && edge.endsWith(" machine3.0")),
                () -> graph.drawn().toString());
    }

    @Test
    void aMountIsAnActOnTheMountPoint() {
        process(1, 2, 100);
        records.inode(3, 30, FILE);
        records.name(3, "/image");
        records.inode(4, 31, 0040755);
        records.name(4, "/mnt");
        records.paths(FlowOp.MOUNT, 2, 1, "/image", "/mnt");
        assertDrawn("read file2.0 task0.0");
        assertTrue(graph.drawn().stream().anyMatch(edge -> edge.matches("mount task0\\.\\d directory\\d\\.0")),
                () -> graph.drawn().toString());
    }

    @Test
    void whatHasNoNameInTheFileSystemIsNoSourceOfAMount() {
        process(1, 2, 100);
        int before = graph.kinds.size();
        records.paths(FlowOp.MOUNT, 2, 1, 0, "", "tmpfs", "", "/mnt");
        records.paths(FlowOp.MOUNT, 2, 1, 0, "", "", "", "/mnt");
        assertTrue(graph.drawn().stream().noneMatch(edge -> edge.startsWith("read ")), () -> graph.drawn().toString());
        assertTrue(graph.kinds.subList(before, graph.kinds.size()).contains(NodeKind.INODE_UNKNOWN), "the mount point");
    }

    @Test
    void anUnknownClassIsRefused() {
        assertThrows(MalformedRecordException.class, () -> records.object(5, 255, 1, 0, 0));
    }
}
