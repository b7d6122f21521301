// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.record.FlowOp;
import headwater.record.ObjectClass;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attributes of inodes are objects of their own. Task 1 and memory 2 change, task 11 and memory 12 ask. */
class AttributeRecordsTest {
    private static final int FILE = 0100644;
    private static final int DEV = 8 << 20 | 1;
    private static final long CLAIMED = 90;

    private final Map<String, PathProbe.Found> fileSystem = new HashMap<>();
    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0,
            path -> fileSystem.get(new String(path, StandardCharsets.ISO_8859_1)));
    private final Records records = new Records(builder);

    @BeforeEach
    void processesAndAFile() {
        records.task(1, 2, 0, 0, 100, 0);
        records.task(11, 12, 0, 0, 200, 0);
        records.inode(3, 30, FILE);
        records.name(3, "/a");
    }

    private long drawn(String start) {
        return graph.drawn().stream().filter(edge -> edge.startsWith(start)).count();
    }

    /** The name of the extended attribute that was drawn last, null if none was told. */
    private Object lastWord() {
        return graph.attributes.get(graph.kinds.lastIndexOf(NodeKind.XATTR)).get(Attribute.NAME);
    }

    @Test
    void whoAsksDependsOnWhoChangedTheAttributesAndNotOnWhoWroteTheBytes() {
        records.keyed(5, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        records.word(1, "user.secret");
        records.flow(FlowOp.SETXATTR, 2, 5, 1);
        records.flow(FlowOp.GETXATTR, 5, 12, 11);
        List<String> edges = graph.drawn();
        assertEquals(1, drawn("setxattr task"), edges::toString);
        assertEquals(1, drawn("setxattr_inode xattr"), edges::toString);
        assertEquals(1, drawn("getxattr iattr"), edges::toString);
        assertEquals(0, edges.stream().filter(edge -> edge.contains(" file") && !edge.startsWith("named")).count(), edges::toString);
        assertEquals("user.secret", graph.attributes.get(graph.kinds.indexOf(NodeKind.XATTR)).get(Attribute.NAME));
        assertEquals("attributes of /a", graph.attributes.get((int) builder.objectOf(5)).get(Attribute.NAME));
    }

    @Test
    void aWordIsForTheNextFlowOfItsTaskOnly() {
        records.keyed(5, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        records.word(1, "user.secret");
        records.flow(FlowOp.SETXATTR, 12, 5, 11);
        assertNull(lastWord());
        records.flow(FlowOp.REMOVEXATTR, 2, 5, 1);
        assertEquals("user.secret", lastWord());
        records.flow(FlowOp.SETXATTR, 2, 5, 1);
        assertNull(lastWord());
    }

    @Test
    void aWordIsNotForWhatItsTaskDoesAfterAnotherFlow() {
        records.keyed(5, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        records.word(1, "user.failed");
        records.flow(FlowOp.READ, 3, 2, 1);
        assertNoWord();
        records.word(1, "user.failed");
        records.paths(FlowOp.MKDIR, 2, 1, "/new", null);
        assertNoWord();
    }

    @Test
    void aWordEndsWithItsTask() {
        records.keyed(5, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        records.task(21, 2, 1, 2, 101, headwater.record.RecordFlag.THREAD);
        records.word(21, "user.failed");
        records.exit(21, 2, 0, 0);
        records.flow(FlowOp.SETXATTR, 2, 5, 21);
        assertNull(lastWord());
    }

    private void assertNoWord() {
        records.flow(FlowOp.SETXATTR, 2, 5, 1);
        assertNull(lastWord());
    }

    @Test
    void whatIsTakenInOfSharedMemoryDoesNotCostTheWord() {
        records.keyed(5, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        records.word(1, "user.secret");
        records.flow(FlowOp.SHARE_READ, 3, 2, 1);
        records.flow(FlowOp.MMAP_WRITE, 2, 3, 1);
        records.flow(FlowOp.SETXATTR, 2, 5, 1);
        assertEquals("user.secret", lastWord());
    }

    @Test
    void attributesThatWereForgottenAndMetAgainAreOneObject() {
        records.keyed(5, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        records.keyed(6, ObjectClass.ATTRIBUTES, 30, DEV, 7);
        assertEquals(builder.objectOf(5), builder.objectOf(6));
    }

    @Test
    void whatCallsByPathChangeIsFoundByNumber() {
        records.keyed(CLAIMED, ObjectClass.CLAIMED, 0, 0, 0);
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 30, DEV);
        assertEquals(0, drawn("getattr"), "nobody has changed them");
        records.paths(FlowOp.SETATTR, 2, 1, "/a", null);
        records.flow(FlowOp.CLAIM, 2, CLAIMED, 1);
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 31, DEV);
        assertEquals(0, drawn("getattr"), "another inode");
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 30, DEV);
        assertEquals(1, drawn("getattr iattr"));
        assertEquals(1, drawn("setattr_inode iattr"));
    }

    @Test
    void anInodeNumberThatIsUsedAgainHasAttributesOfItsOwn() {
        records.keyed(CLAIMED, ObjectClass.CLAIMED, 0, 0, 0);
        records.flow(FlowOp.SETATTR, 2, CLAIMED, 1, 30, DEV);
        records.inode(4, 30, 8, FILE, 1, headwater.record.RecordFlag.CREATED);
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 30, DEV);
        assertEquals(0, drawn("getattr"));
    }

    @Test
    void aSymbolicLinkIsFollowedUnlessTheCallDidNot() {
        records.keyed(CLAIMED, ObjectClass.CLAIMED, 0, 0, 0);
        records.inode(7, 70, 0120777);
        records.name(7, "/link");
        fileSystem.put("/link", new PathProbe.Found(DEV, 30, FILE));
        records.paths(FlowOp.SETATTR, 2, 1, "/link", null);
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 30, DEV);
        assertEquals(1, drawn("getattr iattr"));
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 70, DEV);
        assertEquals(1, drawn("getattr iattr"), "the link has none yet");
        records.paths(FlowOp.SETATTR, 2, 1, 1, "", "/link", "", null);
        records.flow(FlowOp.GETATTR, CLAIMED, 12, 11, 70, DEV);
        assertEquals(2, drawn("getattr iattr"));
    }

    @Test
    void anEntryGoesIntoItsDirectory() {
        records.inode(8, 80, 0040755);
        records.name(8, "/d");
        records.paths(FlowOp.MKDIR, 2, 1, "/d/new", null);
        int directory = (int) builder.objectOf(8);
        assertTrue(graph.drawn().contains("inode_create task0.0 directory" + directory + ".0"), () -> graph.drawn().toString());
        records.flow(FlowOp.READ_DIRECTORY, 8, 12, 11);
        records.flow(FlowOp.ENTRY, 2, 8, 1, 0, FlowOp.UNLINK);
        assertTrue(graph.drawn().stream().anyMatch(edge -> edge.startsWith("unlink task") && edge.contains(
                "directory" + directory + ".1")), () -> graph.drawn().toString());
        assertFalse(graph.attributes.get(directory).containsKey(Attribute.DELETED), "an entry is gone, not the directory");
    }

    @Test
    void aConnectionsRepliesAndRequestsAreTwoObjects() {
        records.keyed(20, ObjectClass.FUSE, 0x1000, 0, 0);
        records.keyed(21, ObjectClass.FUSE, 0x1001, 0, 0);
        assertEquals("replies of a FUSE server", graph.attributes.get((int) builder.objectOf(20)).get(Attribute.NAME));
        assertEquals("requests to a FUSE server", graph.attributes.get((int) builder.objectOf(21)).get(Attribute.NAME));
        records.flow(FlowOp.SERVED, 20, 3, 11);
        records.flow(FlowOp.REQUESTED, 3, 21, 11);
        assertEquals(1, drawn("sh_read sb"), () -> graph.drawn().toString());
        assertEquals(1, drawn("sh_write file"), () -> graph.drawn().toString());
    }

    @Test
    void attributesUnderAnothersIdAreRefused() {
        assertThrows(MalformedRecordException.class, () -> records.keyed(3, ObjectClass.ATTRIBUTES, 30, DEV, 7));
    }
}
