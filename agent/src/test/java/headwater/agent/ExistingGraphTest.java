// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.Store;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session still finds of earlier ones when retention lets their objects go. */
class ExistingGraphTest {
    private static final Set<NodeKind> LASTING = EnumSet.of(NodeKind.FILE, NodeKind.DIRECTORY, NodeKind.LINK, NodeKind.CHAR, NodeKind.BLOCK);
    private static final byte[] NAME = "/x".getBytes();
    private static final long INODE = 77;

    @TempDir
    private Path path;

    /** Of each kind one object that was deleted, one that was said not to be, and one of which nothing was said. */
    private void write(Store store) {
        store.writer().sessionStart(new Session(1, "boot", 1, 1, "trace", "system", "", 1, 0));
        long object = 0;
        for (NodeKind kind : NodeKind.values()) {
            for (long deleted : new long[] {1, 0, -1}) {
                store.writer().node(object, object, 0, kind, 10);
                store.writer().attribute(object, Attribute.NAME, MemorySegment.ofArray(NAME), 0, NAME.length, 10);
                store.writer().attribute(object, Attribute.INO, INODE, 10);
                if (deleted >= 0) {
                    store.writer().attribute(object, Attribute.DELETED, deleted, 10);
                }
                object++;
            }
        }
        store.writer().sessionEnd(20);
        store.writer().sync();
    }

    private static long[] expected(long letGo) {
        List<Long> expected = new ArrayList<>();
        NodeKind[] kinds = NodeKind.values();
        for (int object = 0; object < 3 * kinds.length; object++) {
            if (object >= letGo || LASTING.contains(kinds[object / 3]) && object % 3 != 0) {
                expected.add((long) object);
            }
        }
        return expected.stream().mapToLong(Long::longValue).toArray();
    }

    private static void assertFinds(ExistingGraph graph, long letGo) {
        long[] wanted = expected(letGo);
        for (long[] found : new long[][] {graph.find(Attribute.NAME, NAME), graph.find(Attribute.INO, INODE)}) {
            long[] sorted = found.clone();
            Arrays.sort(sorted);
            assertArrayEquals(wanted, sorted, () -> "letGo=" + letGo + ", found=" + Arrays.toString(found));
        }
    }

    @Test
    void shouldFindOnlyWhatLastsOfWhatIsLetGo() {
        long all = 3L * NodeKind.values().length;
        try (Store store = Store.openForWriting(path, "test")) {
            write(store);
            ExistingGraph graph = new ExistingGraph(store.view());
            try {
                assertFinds(graph, 0);
                for (long letGo = 0; letGo <= all; letGo++) {
                    graph.letGo(letGo);
                    assertFinds(graph, letGo);
                }
                assertEquals(2 * LASTING.size(), graph.find(Attribute.INO, INODE).length);
                // What was let go once does not come back: it is not in the store any more.
                graph.letGo(1);
                assertFinds(graph, all);
                assertEquals(0, graph.find(Attribute.INO, INODE + 1).length);
                // Who has its number may still ask of it: what is in use is carried.
                assertEquals(NodeKind.values()[0], graph.kind(0));
                assertTrue(graph.attributes(0).number(Attribute.DELETED, 0) == 1 && graph.versions(0).length == 1);
            } finally {
                graph.close();
            }
        }
    }
}
