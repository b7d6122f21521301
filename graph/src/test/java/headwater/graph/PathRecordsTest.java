// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls that name files by path. */
class PathRecordsTest {
    private static final int FILE = 0100644;
    private static final int DIRECTORY = 0040755;
    private static final long DEV = 8 << 20 | 1;

    private final Map<String, PathProbe.Found> fileSystem = new HashMap<>();
    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0,
            path -> fileSystem.get(new String(path, StandardCharsets.ISO_8859_1)));
    private final Records records = new Records(builder);

    private void process() {
        records.task(1, 2, 0, 0, 100, 0);
    }

    private Map<Attribute, Object> of(long id) {
        return graph.attributes.get((int) builder.objectOf(id));
    }

    private int last(NodeKind kind) {
        return graph.kinds.lastIndexOf(kind);
    }

    @Test
    void aRenamedFileKeepsItsObject() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/d/a");
        records.paths(FlowOp.RENAME, 2, 1, 0, "/d", "a", "/e", "../d/b");
        assertTrue(graph.drawn().contains("rename task0.0 file2.0"), () -> graph.drawn().toString());
        assertEquals("/d/b", of(3).get(Attribute.NAME));
        records.paths(FlowOp.UNLINK, 2, 1, "/d/b", null);
        assertEquals(1L, of(3).get(Attribute.DELETED));
        assertTrue(graph.drawn().contains("unlink task0.0 file2.0"), () -> graph.drawn().toString());
    }

    @Test
    void onePathBelowTwoRootsIsTwoFiles() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/d/a");
        records.root(54, 2);
        records.inode(4, 40, FILE);
        records.name(4, "/d/a");
        fileSystem.put("/d/b", new PathProbe.Found(DEV, 50, FILE));
        records.paths(FlowOp.RENAME, 2, 1, "/d/a", "/d/b");
        assertEquals("root:0:54:2/d/b", of(4).get(Attribute.NAME));
        assertEquals("/d/a", of(3).get(Attribute.NAME));
        records.paths(FlowOp.UNLINK, 2, 1, "/d/b", null);
        assertEquals(1L, of(4).get(Attribute.DELETED));
        records.paths(FlowOp.UNLINK, 2, 1, "/d/a", null);
        assertNull(of(3).get(Attribute.DELETED), "the other root has no such file any more: not known which");
        records.root(0, 0);
        records.paths(FlowOp.UNLINK, 2, 1, 0, "/d", "a", "", null);
        assertEquals(1L, of(3).get(Attribute.DELETED));
    }

    @Test
    void theRootOfAContainerHoldsItsEntries() {
        process();
        records.root(54, 2);
        records.inode(3, 2, DIRECTORY);
        records.name(3, "/");
        records.paths(FlowOp.MKDIR, 2, 1, "/made", null);
        assertEquals("root:0:54:2/", of(3).get(Attribute.NAME));
        assertTrue(graph.drawn().stream().anyMatch(edge -> edge.equals("inode_create task0.0 directory2.0")), () -> graph.drawn().toString());
    }

    @Test
    void aFileThatIsRenamedOverAnotherDeletesIt() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        records.inode(4, 40, FILE);
        records.name(4, "/b");
        records.paths(FlowOp.RENAME, 2, 1, "/a", "/b");
        assertEquals(1L, of(4).get(Attribute.DELETED));
        assertNull(of(3).get(Attribute.DELETED));
        records.paths(FlowOp.TRUNCATE, 2, 1, 5, "", "/b", "", null);
        assertTrue(graph.drawn().getLast().startsWith("setattr_inode iattr"));
        assertTrue(graph.drawn().getLast().contains("file2."));
    }

    @Test
    void twoNamesOfOneFileAreLeftByARename() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        records.paths(FlowOp.LINK, 2, 1, "/a", "/b");
        records.paths(FlowOp.RENAME, 2, 1, "/a", "/b");
        records.paths(FlowOp.UNLINK, 2, 1, "/b", null);
        assertNull(of(3).get(Attribute.DELETED));
    }

    @Test
    void aPathInProcIsNotRemembered() {
        process();
        fileSystem.put("/a", new PathProbe.Found(DEV, 30, FILE));
        records.paths(FlowOp.LINK, 2, 1, "/proc/self/fd/5", "/a");
        fileSystem.put("/b", new PathProbe.Found(DEV, 40, FILE));
        records.paths(FlowOp.LINK, 2, 1, "/proc/self/fd/5", "/b");
        assertEquals(2, graph.kinds.stream().filter(kind -> kind == NodeKind.FILE).count());
    }

    @Test
    void anExchangeSwapsNames() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        records.inode(4, 40, DIRECTORY);
        records.name(4, "/b");
        records.inode(5, 50, FILE);
        records.name(5, "/b/x");
        records.paths(FlowOp.RENAME, 2, 1, 2, "", "/a", "", "/b");
        assertEquals("/b", of(3).get(Attribute.NAME));
        assertEquals("/a", of(4).get(Attribute.NAME));
        assertEquals("/a/x", of(5).get(Attribute.NAME));
    }

    @Test
    void whatLiesInARenamedDirectoryMovesAlong() {
        process();
        records.inode(3, 30, DIRECTORY);
        records.name(3, "/d");
        records.inode(4, 40, FILE);
        records.name(4, "/d/s/f");
        records.inode(5, 50, FILE);
        records.name(5, "/d.txt");
        records.paths(FlowOp.RENAME, 2, 1, "/d", "/e");
        assertEquals("/e/s/f", of(4).get(Attribute.NAME));
        assertEquals("/d.txt", of(5).get(Attribute.NAME));
    }

    @Test
    void aFileWithAnotherNameIsNotDeleted() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        records.paths(FlowOp.LINK, 2, 1, "/a", "/b");
        records.paths(FlowOp.UNLINK, 2, 1, "/a", null);
        assertNull(of(3).get(Attribute.DELETED));
        records.paths(FlowOp.UNLINK, 2, 1, "/b", null);
        assertEquals(1L, of(3).get(Attribute.DELETED));
    }

    @Test
    void aFileThatHadMoreLinksThanKnownNamesIsNotDeleted() {
        process();
        records.inode(3, 30, 7, FILE, 2, 0);
        records.name(3, "/a");
        records.paths(FlowOp.UNLINK, 2, 1, "/a", null);
        assertNull(of(3).get(Attribute.DELETED));
    }

    @Test
    void aNameThatIsUsedAgainMeansTheNewFile() {
        process();
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        records.paths(FlowOp.UNLINK, 2, 1, "/a", null);
        records.inode(4, 30, 7, FILE, 1, RecordFlag.CREATED);
        records.name(4, "/a");
        records.flow(FlowOp.CREATE, 2, 4, 1);
        assertNotEquals(builder.objectOf(3), builder.objectOf(4));
        assertNull(of(4).get(Attribute.DELETED));
        records.paths(FlowOp.UNLINK, 2, 1, "/a", null);
        assertEquals(1L, of(4).get(Attribute.DELETED));
    }

    @Test
    void anUnknownFileIsAskedForAndJoinedWhenTheKernelMeetsIt() {
        process();
        fileSystem.put("/b", new PathProbe.Found(DEV, 30, FILE));
        records.paths(FlowOp.RENAME, 2, 1, "/a", "/b");
        int object = last(NodeKind.FILE);
        assertTrue(object >= 0);
        records.inode(3, 30, FILE);
        assertEquals(object, builder.objectOf(3));
        assertEquals(7L, of(3).get(Attribute.GENERATION));
    }

    @Test
    void aDirectoryThatIsMadeIsNotTheOneThatHadItsInodeBefore() {
        process();
        records.inode(3, 30, DIRECTORY);
        fileSystem.put("/d", new PathProbe.Found(DEV, 30, DIRECTORY));
        records.paths(FlowOp.MKDIR, 2, 1, "/d", null);
        records.inode(4, 30, DIRECTORY);
        assertNotEquals(builder.objectOf(3), builder.objectOf(4));
        assertTrue(graph.drawn().stream().anyMatch(line -> line.startsWith("inode_create task0.0 directory")));
    }

    @Test
    void aSymbolicLinkIsMadeAtItsSecondPath() {
        process();
        records.paths(FlowOp.SYMLINK, 2, 1, "target", "/link");
        assertEquals("/link", graph.attributes.get(last(NodeKind.LINK)).get(Attribute.NAME));
    }

    @Test
    void whatIsUnknownAndGoneKeepsItsName() {
        process();
        records.paths(FlowOp.UNLINK, 2, 1, 0, "/d", "x", "", null);
        int object = last(NodeKind.INODE_UNKNOWN);
        assertEquals("/d/x", graph.attributes.get(object).get(Attribute.NAME));
        assertEquals(1L, graph.attributes.get(object).get(Attribute.DELETED));
        assertFalse(graph.drawn().isEmpty());
    }
}
