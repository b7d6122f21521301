// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.store.RandomEvents;
import headwater.store.ReferenceGraph;
import headwater.store.Store;
import headwater.store.Tee;
import headwater.store.log.LogReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that leaves indexing for later: nothing is lost, readers are told, and are up to date again when it goes on. */
class BehindTest {
    private static final int MOST_REPLAYED = 1_000;
    private static final int BLOCK_EVENTS = 500;
    private static final long PATIENCE_NS = 30_000_000_000L;

    @TempDir
    private Path temp;
    private final ReferenceGraph reference = new ReferenceGraph();
    private Random random;
    private Store store;
    private long timeNs = RandomEvents.FIRST_NS;

    @BeforeEach
    void open() {
        long seed = System.nanoTime();
        System.out.println("BehindTest seed=" + seed);
        random = new Random(seed);
        store = Store.openForWriting(temp, "test", 1 << 20);
        feed(10);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Versions of one file that come from older ones, without sessions: the end of one would be sealed. */
    private void feed(int blocks) {
        Tee tee = new Tee(store.writer(), reference);
        for (int i = 0; i < blocks; i++) {
            for (int event = 0; event < BLOCK_EVENTS; event++) {
                timeNs += random.nextInt(1_000_000);
                long node = store.writer().nextNode();
                tee.node(node, 0, (int) node, NodeKind.FILE, timeNs);
                tee.edge(store.writer().nextEdge(), Relation.VERSION_ENTITY, random.nextLong(Math.max(1, node)), node, timeNs, -1, 0,
                        random.nextLong(1L << 40));
            }
            store.writer().flush();
        }
    }

    private void fallBehind() {
        store.indexLater(true);
        while (logBytes() < 2 * Index.SEAL_BYTES) {
            feed(20);
        }
    }

    private long logBytes() {
        LogReader log = new LogReader(temp.resolve("log"));
        return log.bytesFrom(log.start());
    }

    private StoreView look() {
        return index(Long.MAX_VALUE).open();
    }

    private Index index(long farBytes) {
        return new Index(new LogReader(temp.resolve("log")), temp.resolve("index"), MOST_REPLAYED, farBytes);
    }

    private static List<Gap> told(StoreView view) {
        return view.gaps().stream().filter(gap -> gap.cause() == Gap.Cause.NOT_INDEXED).toList();
    }

    @Test
    void shouldBeUpToDateBefore() {
        try (StoreView view = look()) {
            assertFalse(view.isBehind());
            reference.assertSame(view);
        }
    }

    @Test
    void shouldSayThatTheIndexIsBehind() {
        fallBehind();
        try (StoreView view = look()) {
            assertTrue(view.isBehind());
            assertTrue(view.nodes() > 0 && view.nodes() < reference.nodes(), () -> "nodes=" + view.nodes() + " of " + reference.nodes());
            assertEquals(view.position().timeNs(), told(view).getFirst().fromNs());
            assertEquals(1, told(view).size());
        }
    }

    /** Whether that is found by looking at segments alone, or by opening what there is. */
    @Test
    void shouldShowWhoNeedsAllBlocksNothingUntilTheyAreThere() {
        long indexed = blocks();
        fallBehind();
        long all = blocks();
        for (long farBytes : new long[] {1, Long.MAX_VALUE}) {
            assertNull(index(farBytes).openCovering(all));
            try (StoreView view = index(farBytes).openCovering(indexed)) {
                assertTrue(view.position().block() >= indexed);
            }
        }
        store.refreshIndex();
        for (long farBytes : new long[] {1, Long.MAX_VALUE}) {
            try (StoreView view = index(farBytes).openCovering(all)) {
                assertFalse(view.isBehind());
                reference.assertSame(view);
            }
        }
    }

    private long blocks() {
        LogReader log = new LogReader(temp.resolve("log"));
        return log.scan(log.start()).block();
    }

    @Test
    void shouldShowTheWriterAll() {
        fallBehind();
        try (StoreView view = store.view()) {
            assertFalse(view.isBehind());
            reference.assertSame(view);
        }
    }

    @Test
    void shouldBeUpToDateAgain() {
        fallBehind();
        store.indexLater(false);
        long began = System.nanoTime();
        StoreView view = look();
        while (view.isBehind()) {
            assertTrue(System.nanoTime() - began < PATIENCE_NS, "it stays behind");
            view.close();
            feed(1);
            view = look();
        }
        feed(3);
        view.close();
        try (StoreView now = look()) {
            assertFalse(now.isBehind());
            reference.assertSame(now);
        }
    }

    @Test
    void shouldLeaveAllSealedAtItsEnd() {
        fallBehind();
        store.close();
        store = Store.openForReading(temp);
        try (StoreView view = store.view()) {
            assertFalse(view.isBehind());
            reference.assertSame(view);
        }
    }
}
