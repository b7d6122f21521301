// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.record.FlowOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second session goes on with what the first left in the store. */
class LaterSessionTest {
    private static final int FILE = 0100644;
    private static final Session FIRST = new Session(1, "boot-a", 1, 1, "trace", "tree", "", 1000, 2000);

    private final DrawnGraph graph = new DrawnGraph();
    private GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, FIRST, 1000, PathProbe.NONE);
    private Records records = new Records(builder);

    private void nextSession(String boot) {
        Session next = new Session(2, boot, 2, 1, "trace", "tree", "", 5000, 0);
        StoredGraph stored = new StoredGraph(graph, List.of(FIRST), 1500);
        Continuation numbers = Continuation.of(stored);
        assertEquals(numbers, builder.numbers());
        builder = new GraphBuilder(graph, stored, numbers, next, 5000, PathProbe.NONE);
        records = new Records(builder);
    }

    @Test
    void aFileIsTheSameObjectAndItsLastVersionCountsAsSeen() {
        records.fileSystem(7, 1, "ext4");
        records.task(1, 2, 0, 0, 100, 0);
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        records.flow(FlowOp.WRITE, 2, 3, 1);
        long object = builder.objectOf(3);
        long path = graph.kinds.indexOf(NodeKind.PATH);
        nextSession("boot-b");
        records.fileSystem(7, 2, "ext4");
        records.task(1, 2, 0, 0, 200, 0);
        int set = graph.attributesSet;
        records.inode(3, 30, FILE);
        assertEquals(set + 4, graph.attributesSet, "mode, uid, gid and links are told again");
        records.name(3, "/a");
        assertEquals(object, builder.objectOf(3));
        assertEquals(path, graph.kinds.lastIndexOf(NodeKind.PATH));
        records.flow(FlowOp.WRITE, 2, 3, 1);
        assertEquals(1, graph.versions.get((int) object));
        graph.assertAcyclic();
    }

    @Test
    void aPipeLastsAsLongAsItsBoot() {
        records.fileSystem(7, 1, "ext4");
        records.inode(3, 30, 0010600);
        long object = builder.objectOf(3);
        nextSession("boot-a");
        records.fileSystem(7, 1, "ext4");
        records.inode(3, 30, 0010600);
        assertEquals(object, builder.objectOf(3));
        nextSession("boot-b");
        records.fileSystem(7, 1, "ext4");
        records.inode(3, 30, 0010600);
        assertNotEquals(object, builder.objectOf(3));
    }

    @Test
    void aFileSystemWithoutAnIdentityLastsAsLongAsItIsMounted() {
        records.fileSystem(0, 1, "proc");
        records.inode(3, 30, FILE);
        long object = builder.objectOf(3);
        nextSession("boot-a");
        records.fileSystem(0, 1, "proc");
        records.inode(3, 30, FILE);
        assertEquals(object, builder.objectOf(3), "the same mount");
        nextSession("boot-a");
        records.fileSystem(0, 2, "proc");
        records.inode(3, 30, FILE);
        assertNotEquals(object, builder.objectOf(3), "another that got the number");
        nextSession("boot-b");
        records.fileSystem(0, 1, "proc");
        records.inode(3, 30, FILE);
        assertNotEquals(object, builder.objectOf(3), "another boot");
    }

    @Test
    void whatMakesItsInodeNumbersUpLastsForABootWhateverItsUuid() {
        records.fileSystem(7, 1, "overlay");
        records.inode(3, 30, FILE);
        long object = builder.objectOf(3);
        nextSession("boot-a");
        records.fileSystem(7, 1, "overlay");
        records.inode(3, 30, FILE);
        assertEquals(object, builder.objectOf(3));
        nextSession("boot-b");
        records.fileSystem(7, 1, "overlay");
        records.inode(3, 30, FILE);
        assertNotEquals(object, builder.objectOf(3));
    }

    @Test
    void aDeviceThatBecomesAnotherFileSystemHasOtherFiles() {
        records.fileSystem(7, 1, "ext4");
        records.inode(3, 2, 0, 0040755, 1, 0);
        records.fileSystem(8, 1, "ext4");
        records.inode(4, 2, 0, 0040755, 1, 0);
        assertNotEquals(builder.objectOf(3), builder.objectOf(4));
        records.fileSystem(8, 1, "ext4");
        records.inode(5, 2, 0, 0040755, 1, 0);
        assertEquals(builder.objectOf(4), builder.objectOf(5), "told twice, by two processors");
        assertEquals("ext4", graph.attributes.get((int) builder.objectOf(3)).get(Attribute.FS_TYPE));
        assertEquals("07000000-0000-0000-0000-000000000000",
                graph.attributes.get((int) builder.objectOf(3)).get(Attribute.FS_UUID));
    }

    @Test
    void withoutAGenerationWhatWasRemovedIsNotWhatIsThereNow() {
        records.fileSystem(7, 1, "ext4");
        records.task(1, 2, 0, 0, 100, 0);
        records.inode(3, 30, 0, FILE, 1, 0);
        long object = builder.objectOf(3);
        records.flow(FlowOp.UNLINK, 2, 3, 1);
        nextSession("boot-b");
        records.fileSystem(7, 1, "ext4");
        records.inode(3, 30, 0, FILE, 1, 0);
        assertNotEquals(object, builder.objectOf(3));
    }

    @Test
    void anotherGenerationIsAnotherFile() {
        records.inode(3, 30, 1, FILE, 1, 0);
        long object = builder.objectOf(3);
        nextSession("boot-a");
        records.inode(3, 30, 2, FILE, 1, 0);
        assertNotEquals(object, builder.objectOf(3));
    }

    @Test
    void aFileIsFoundByTheNameThatItHad() {
        records.inode(3, 30, FILE);
        records.name(3, "/a");
        long object = builder.objectOf(3);
        nextSession("boot-a");
        records.task(1, 2, 0, 0, 200, 0);
        records.paths(FlowOp.RENAME, 2, 1, "/a", "/b");
        assertEquals("/b", graph.attributes.get((int) object).get(Attribute.NAME));
        records.inode(3, 30, FILE);
        assertEquals(object, builder.objectOf(3));
        assertTrue(graph.gaps.isEmpty());
    }
}
