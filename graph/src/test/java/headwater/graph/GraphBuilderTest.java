// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.InodeKey;
import headwater.model.NodeKind;
import headwater.record.FlowOp;
import headwater.record.ObjectClass;
import headwater.record.RecordFlag;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How sequences of records are drawn: one test for each rule of docs/graph.md. */
class GraphBuilderTest {
    private static final int FILE = 0100644;
    private static final long SHELL_TASK = 1;
    private static final long SHELL = 2;
    private static final long OFFSET = 1_000_000;

    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, OFFSET,
            PathProbe.NONE);
    private final Records records = new Records(builder);
    private int seen;

    @AfterEach
    void acyclic() {
        graph.assertAcyclic();
    }

    private void shell() {
        records.task(SHELL_TASK, SHELL, 0, 0, 100, RecordFlag.BEFORE);
    }

    private Map<Attribute, Object> of(long id) {
        return graph.attributes.get((int) builder.objectOf(id));
    }

    @Test
    void drawsACopyPastTheMemoryOfWhoAsksForIt() {
        shell();
        records.inode(5, 50, FILE);
        records.inode(6, 60, FILE);
        records.inode(7, 70, FILE);
        records.flow(FlowOp.READ, 5, SHELL, SHELL_TASK, 0, 0);
        records.flow(FlowOp.COPY, 6, 7, SHELL_TASK, 0, 0);
        assertEquals(List.of(
                "read file2.0 task0.0",
                "memory_write task0.0 process_memory1.0",
                "copy file3.0 file4.0"), graph.drawn());
    }

    @Test
    void drawsForkExecReadAndWrite() {
        shell();
        records.task(3, 4, SHELL_TASK, SHELL, 101, 0);
        records.inode(5, 50, 0100755);
        records.name(5, "/bin/cat");
        records.exec(5, 6, 4, 3);
        records.arguments(6, 0, "cat\0/in\0");
        records.inode(7, 70, FILE);
        records.flow(FlowOp.READ, 7, 6, 3, 4096, 0);
        records.inode(8, 80, FILE);
        records.flow(FlowOp.WRITE, 6, 8, 3, 0, 2);
        assertEquals(List.of(
                "memory_read process_memory1.0 task0.0",
                "clone_mem task0.0 process_memory3.0",
                "clone task0.0 task2.0",
                "named path5.0 file4.0",
                "exec file4.0 process_memory6.0",
                "memory_read process_memory3.0 task2.0",
                "exec_task task2.0 process_memory6.0",
                "named path5.0 process_memory6.0",
                "arg argv7.0 process_memory6.0",
                "arg argv8.0 process_memory6.0",
                "version_activity task2.0 task2.1",
                "read file9.0 task2.1",
                "memory_write task2.1 process_memory6.0",
                "version_activity task2.1 task2.2",
                "memory_read process_memory6.0 task2.2",
                "write task2.2 file10.0"), graph.drawn());
        assertEquals("/bin/cat", of(6).get(Attribute.NAME));
        assertEquals(101L, of(6).get(Attribute.TGID));
        assertEquals("/in", graph.attributes.get(8).get(Attribute.VALUE));
        assertEquals(4096, graph.edges.get(11).offset());
        assertEquals(2, graph.edges.get(15).flags());
        assertEquals(OFFSET + 10, graph.edges.get(15).timeNs());
    }

    @Test
    void describesTasksAndInodes() {
        shell();
        records.inode(5, 50, FILE);
        assertEquals(100L, of(SHELL_TASK).get(Attribute.PID));
        assertEquals("sh", of(SHELL_TASK).get(Attribute.COMMAND));
        assertEquals(OFFSET + 1, of(SHELL_TASK).get(Attribute.STARTED));
        assertEquals(0xf0000005L, of(SHELL_TASK).get(Attribute.CGROUPNS));
        assertEquals((long) FILE, of(5).get(Attribute.MODE));
        byte[] key = ((String) of(5).get(Attribute.INODE_KEY)).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertEquals(50, InodeKey.ofBytes(key).ino());
        assertEquals(7, InodeKey.ofBytes(key).generation());
    }

    @Test
    void aThreadSharesTheMemoryOfItsProcess() {
        shell();
        records.task(3, SHELL, SHELL_TASK, SHELL, 101, RecordFlag.THREAD);
        assertEquals(List.of("clone task0.0 task2.0"), graph.drawn());
        records.inode(5, 50, FILE);
        records.flow(FlowOp.READ, 5, SHELL, 3);
        assertTrue(graph.drawn().contains("memory_write task2.1 process_memory1.0")
                || graph.drawn().contains("memory_write task2.0 process_memory1.0"));
    }

    @Test
    void aFileThatWasOpenBeforeTheCaptureIsTakenToHaveBeenRead() {
        shell();
        records.inode(5, 50, FILE);
        records.flow(FlowOp.OPEN, RecordFlag.BEFORE, 5, SHELL, SHELL_TASK, 0, 0);
        records.inode(6, 60, FILE);
        records.flow(FlowOp.OPEN, 6, SHELL, SHELL_TASK);
        List<String> drawn = graph.drawn();
        assertTrue(drawn.stream().anyMatch(edge -> edge.startsWith("read file")), drawn::toString);
        assertEquals(1, drawn.stream().filter(edge -> edge.startsWith("open file")).count(), drawn::toString);
    }

    @Test
    void exitsMakeTheLastVersions() {
        shell();
        Map<Attribute, Object> task = of(SHELL_TASK);
        records.exit(SHELL_TASK, SHELL, 256, RecordFlag.GROUP_DEAD);
        assertEquals(-1, builder.objectOf(SHELL_TASK));
        assertEquals(List.of("terminate_task task0.0 task0.1", "terminate_proc process_memory1.0 process_memory1.1"),
                graph.drawn());
        assertEquals(256L, task.get(Attribute.EXIT_STATUS));
    }

    /** A shell and a child of it, whose task is 3 and whose process is 4. */
    private void shellAndChild() {
        shell();
        records.task(3, 4, SHELL_TASK, SHELL, 101, 0);
        seen = graph.edges.size();
    }

    /** What was drawn since {@link #shellAndChild}, or since {@code seen} was set. */
    private List<String> drawn() {
        return graph.drawn().subList(seen, graph.edges.size());
    }

    @Test
    void drawsBytesThatAProcessTakesOfAnotherOrPutsThere() {
        shellAndChild();
        records.flow(FlowOp.PTRACE_READ, 4, SHELL, SHELL_TASK, 3, 1);
        records.flow(FlowOp.PTRACE_WRITE, SHELL, 4, SHELL_TASK, 3, 4);
        assertEquals(List.of(
                "version_activity task0.0 task0.1",
                "ptrace_read process_memory3.0 task0.1",
                "version_entity process_memory1.0 process_memory1.1",
                "memory_write task0.1 process_memory1.1",
                "version_activity task0.1 task0.2",
                "memory_read process_memory1.1 task0.2",
                "version_entity process_memory3.0 process_memory3.1",
                "ptrace_attach task0.2 process_memory3.1"), drawn());
    }

    @Test
    void drawsWhatOneProcessTellsAnotherFromTaskToTask() {
        shellAndChild();
        records.flow(FlowOp.EXIT_STATUS, 4, SHELL, 3, SHELL_TASK, 256);
        assertEquals(List.of(
                "memory_read process_memory3.0 task2.0",
                "version_activity task0.0 task0.1",
                "exit_status task2.0 task0.1",
                "version_entity process_memory1.0 process_memory1.1",
                "memory_write task0.1 process_memory1.1"), drawn());
        assertEquals(256, graph.edges.get(seen + 2).flags());
    }

    @Test
    void drawsWhatIsReadOfAProcessThatHasJustEnded() {
        shellAndChild();
        records.exit(3, 4, 0, RecordFlag.GROUP_DEAD);
        seen = graph.edges.size();
        records.flow(FlowOp.PROC_READ, 4, SHELL, SHELL_TASK, 3, 0);
        assertTrue(drawn().stream().anyMatch(edge -> edge.startsWith("proc_read task2")), () -> drawn().toString());
        assertEquals(List.of(), graph.gaps);
    }

    @Test
    void drawsNothingThatIsSaidToAProcessThatHasEnded() {
        shellAndChild();
        records.exit(3, 4, 0, RecordFlag.GROUP_DEAD);
        seen = graph.edges.size();
        records.flow(FlowOp.SIGNAL, SHELL, 4, SHELL_TASK, 3, 15);
        assertEquals(List.of(), drawn());
        assertEquals(List.of(), graph.gaps);
    }

    @Test
    void doesWithoutTheFirstThreadIfThatHasEnded() {
        shellAndChild();
        records.exit(3, 4, 0, 0);
        seen = graph.edges.size();
        records.flow(FlowOp.SIGNAL, SHELL, 4, SHELL_TASK, 3, 15);
        assertTrue(drawn().toString().contains("signal task0"), drawn()::toString);
        assertEquals(List.of(), graph.gaps);
    }

    @Test
    void drawsMemoryThatProcessesShareButNotWhereTheyShareAll() {
        shellAndChild();
        records.object(5, ObjectClass.SEGMENT, 7, 1);
        records.flow(FlowOp.SHM_ATTACH, 4, 5, 3);
        records.flow(FlowOp.SHARE_READ, 5, SHELL, SHELL_TASK);
        records.object(6, ObjectClass.SPACE, SHELL, 0);
        records.flow(FlowOp.HAND_BACK, SHELL, 6, SHELL_TASK);
        records.flow(FlowOp.HAND_BACK, 6, SHELL, SHELL_TASK);
        assertEquals(List.of(
                "memory_read process_memory3.0 task2.0",
                "sh_attach task2.0 shm4.0",
                "version_entity process_memory1.0 process_memory1.1",
                "sh_read shm4.0 process_memory1.1"), drawn());
        assertEquals("System V segment 7", of(5).get(Attribute.NAME));
    }

    @Test
    void aProcessThatLeavesTheRecordIsSaidTo() {
        shell();
        records.inode(5, 50, FILE);
        records.flow(FlowOp.LEAVE, 5, SHELL, SHELL_TASK);
        assertEquals(List.of("open file2.0 task0.0", "memory_write task0.0 process_memory1.0",
                "version_activity task0.0 task0.1", "log string3.0 task0.1", "memory_write task0.1 process_memory1.0"),
                graph.drawn());
        assertEquals("left the record", graph.attributes.get(3).get(Attribute.VALUE));
        records.exit(SHELL_TASK, SHELL, 0, RecordFlag.GROUP_DEAD);
        assertEquals(-1, builder.objectOf(SHELL));
    }

    @Test
    void whatAVforkChildReadsIsInItsParentsMemory() {
        shell();
        records.task(3, 4, SHELL_TASK, SHELL, 101, RecordFlag.VM);
        records.inode(5, 50, FILE);
        records.flow(FlowOp.READ, 5, 4, 3);
        records.inode(6, 60, FILE);
        records.exec(6, 7, 4, 3);
        assertEquals(-1, builder.objectOf(4));
        assertNotEquals(builder.objectOf(SHELL), builder.objectOf(7));
        int end = graph.edges.size();
        int read = (int) builder.objectOf(5);
        assertTrue(graph.ancestors(graph.newestNode.get((int) builder.objectOf(SHELL)), end).get(read));
        assertTrue(graph.ancestors(graph.newestNode.get((int) builder.objectOf(7)), end).get(read));
    }

    @Test
    void aVforkChildThatEndsLeavesItsParentsMemoryBe() {
        shell();
        records.task(3, 4, SHELL_TASK, SHELL, 101, RecordFlag.VM);
        records.exit(3, 4, 0, RecordFlag.GROUP_DEAD);
        assertFalse(graph.drawn().toString().contains("terminate_proc"));
        records.exit(SHELL_TASK, SHELL, 0, RecordFlag.GROUP_DEAD);
        records.task(5, 6, 0, 0, 102, 0);
        assertTrue(graph.drawn().toString().contains("terminate_proc process_memory1.0 process_memory1.1"));
    }

    @Test
    void theLastTwoThreadsMayBothSayThatTheyAreTheLast() {
        shell();
        records.task(3, SHELL, SHELL_TASK, SHELL, 101, RecordFlag.THREAD);
        records.exit(SHELL_TASK, SHELL, 0, RecordFlag.GROUP_DEAD);
        records.exit(3, SHELL, 0, RecordFlag.GROUP_DEAD);
        assertEquals(1, graph.drawn().stream().filter(line -> line.startsWith("terminate_proc")).count());
        assertTrue(graph.gaps.isEmpty());
    }

    @Test
    void aPipeTakesWhatWasReadBefore() {
        shell();
        records.task(3, 4, SHELL_TASK, SHELL, 101, 0);
        records.inode(5, 50, FILE);
        records.inode(6, 60, 0010600);
        records.pseudoName(6, "");
        records.flow(FlowOp.READ, 5, SHELL, SHELL_TASK);
        records.flow(FlowOp.WRITE, SHELL, 6, SHELL_TASK);
        records.flow(FlowOp.READ, 6, 4, 3);
        int node = graph.newestNode.get((int) builder.objectOf(4));
        assertTrue(graph.ancestors(node, graph.edges.size()).get((int) builder.objectOf(5)));
        assertFalse(graph.kinds.contains(NodeKind.PATH));
    }

    @Test
    void aSecondFlowOfTheSameVersionIsLeftOut() {
        shell();
        records.inode(5, 50, FILE);
        records.flow(FlowOp.READ, 5, SHELL, SHELL_TASK);
        int edges = graph.edges.size();
        records.flow(FlowOp.READ, 5, SHELL, SHELL_TASK);
        assertEquals(edges, graph.edges.size());
        records.flow(FlowOp.MMAP_PRIVATE, 5, SHELL, SHELL_TASK);
        assertTrue(graph.edges.size() > edges);
    }

    @Test
    void theSameInodeUnderASecondIdIsTheSameObject() {
        records.inode(5, 50, FILE);
        int set = graph.attributesSet;
        records.inode(6, 50, FILE);
        assertEquals(builder.objectOf(5), builder.objectOf(6));
        assertEquals(set + 4, graph.attributesSet, "only what may have changed is said again");
    }

    @Test
    void anInodeMadeAnewIsAnotherObject() {
        records.inode(5, 50, FILE);
        records.inode(6, 50, 7, FILE, 1, RecordFlag.CREATED);
        records.inode(7, 50, FILE);
        assertNotEquals(builder.objectOf(5), builder.objectOf(6));
        assertEquals(builder.objectOf(6), builder.objectOf(7));
    }

    @Test
    void anIdThatWasNeverIntroducedIsAGapOnce() {
        shell();
        records.flow(FlowOp.READ, 77, SHELL, SHELL_TASK);
        records.flow(FlowOp.WRITE, SHELL, 77, SHELL_TASK);
        assertEquals(1, graph.gaps.size());
        assertEquals(Gap.Cause.CAUSE_MISSING, graph.gaps.get(0).cause());
        assertEquals(NodeKind.INODE_UNKNOWN, graph.kinds.get((int) builder.objectOf(77)));
    }

    @Test
    void truncationGoesThroughAnAttributeSet() {
        shell();
        records.inode(5, 50, FILE);
        records.flow(FlowOp.TRUNCATE, SHELL, 5, SHELL_TASK, 12, 0);
        assertEquals(List.of("memory_read process_memory1.0 task0.0", "setattr task0.0 iattr3.0",
                "setattr_inode iattr3.0 file2.0"), graph.drawn());
        assertEquals(12L, graph.attributes.get(3).get(Attribute.SIZE));
        assertEquals(8L, graph.attributes.get(3).get(Attribute.VALID));
    }

    @Test
    void aSharedMappingIsWrittenStraightFromTheMemory() {
        shell();
        records.inode(5, 50, FILE);
        records.flow(FlowOp.MMAP_WRITE, SHELL, 5, SHELL_TASK);
        assertEquals(List.of("sh_write process_memory1.0 file2.0"), graph.drawn());
    }

    @Test
    void aPathIsOneObjectHoweverOftenItIsSaid() {
        records.inode(5, 50, FILE);
        records.name(5, "/a/b");
        records.name(5, "/a/c");
        records.name(5, "/a/b");
        records.inode(6, 60, FILE);
        records.name(6, "/a/b");
        assertEquals(List.of("named path1.0 file0.0", "named path2.0 file0.0", "named path1.0 file3.0"),
                graph.drawn());
        assertEquals("/a/b", of(5).get(Attribute.NAME));
        assertEquals("/a/c", graph.attributes.get(2).get(Attribute.PATHNAME));
    }

    @Test
    void whatNoDirectoryHoldsHasANameWithoutASlash() {
        records.inode(5, 50, FILE);
        records.pseudoName(5, "memfd:cache");
        assertEquals("memfd:cache", of(5).get(Attribute.NAME));
    }

    @Test
    void refusesWhatContradictsItself() {
        shell();
        records.inode(5, 50, FILE);
        assertThrows(MalformedRecordException.class, () -> records.flow(FlowOp.READ, SHELL, 5, SHELL_TASK));
        assertThrows(MalformedRecordException.class, () -> records.flow(200, 5, SHELL, SHELL_TASK));
        assertThrows(MalformedRecordException.class, () -> records.task(5, 9, 0, 0, 1, 0));
        assertThrows(MalformedRecordException.class, () -> records.inode(SHELL, 50, FILE));
        assertEquals(0, graph.edges.size());
    }
}
