// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.CamflowdConfig;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.Store;
import headwater.store.index.StoreView;
import headwater.store.log.LogFormat;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon's thread drops what its configuration no longer keeps, while another writes. */
class RetainingTest {
    private static final long SEGMENT_BYTES = 2_000;
    private static final long INTERVAL_NS = 5_000_000;
    private static final long PATIENCE_NS = 30_000_000_000L;

    @TempDir
    private Path path;

    private long node;

    private static CamflowdConfig.Retention bounds(long ageSeconds, String important, long importantAgeSeconds) {
        return new CamflowdConfig.Retention(ageSeconds, 0, important.isEmpty() ? List.of() : List.of(important), importantAgeSeconds, SEGMENT_BYTES);
    }

    private static Store open(Path path) {
        Store store = Store.openForWriting(path, "test");
        store.writer().segmentBytes(SEGMENT_BYTES);
        return store;
    }

    private void write(Store store, long timeNs) {
        for (int i = 0; i < 30; i++) {
            store.writer().node(node, node, 0, NodeKind.FILE, timeNs);
            store.writer().edge(node, Relation.READ, Math.max(0, node - 1), node, timeNs, -1, 0, -1);
            node++;
        }
        store.writer().sync();
        store.sealer().work();
    }

    private static Administration administration() {
        return new Administration(ConfigFiles.standard(headwater.config.Machine.ANY), ConfigFiles.Content.NONE, null);
    }

    @Test
    void shouldDropWhileItIsWrittenToAndFollowChangesOfTheConfiguration() throws IOException {
        Administration administration = administration();
        AtomicReference<CamflowdConfig.Retention> wanted = new AtomicReference<>(bounds(0, "", 0));
        try (Store store = open(path);
                Retaining retaining = Retaining.start(store, administration, wanted::get, INTERVAL_NS)) {
            store.writer().sessionStart(new Session(1, "boot", 1, 1, "trace", "system", "", 1, 0));
            for (int i = 0; i < 30; i++) {
                write(store, 1_000);
                administration.work();
            }
            assertEquals(1, store.log().start().segment());
            wanted.set(bounds(3600, "", 0));
            long until = System.nanoTime() + PATIENCE_NS;
            long now = System.currentTimeMillis() * 1_000_000;
            while (store.log().start().segment() < 3 && System.nanoTime() < until) {
                write(store, now);
                administration.work();
            }
            assertTrue(store.log().start().segment() >= 3, () -> "nothing was dropped: trouble=" + retaining.trouble());
            assertEquals("", retaining.trouble());
            try (StoreView view = store.view()) {
                assertEquals(node, view.nodes());
                assertTrue(view.dropped().nodes() > 0);
                assertEquals(1, view.sessions().getFirst().number());
            }
            store.writer().sessionEnd(now);
        }
        Report report = Verifier.verify(path, null, List.of());
        assertTrue(report.allSigned() && report.dropped() != null, report::toString);
    }

    @Test
    void shouldFollowAChangeLongBeforeTheNextLook() throws IOException {
        assertEquals(LogFormat.SEGMENT_BYTES, CamflowdConfig.Retention.SEGMENT_BYTES);
        Administration administration = administration();
        AtomicReference<CamflowdConfig.Retention> wanted = new AtomicReference<>(bounds(0, "", 0));
        try (Store store = Store.openForWriting(path, "test");
                Retaining retaining = Retaining.start(store, administration, wanted::get, 100 * PATIENCE_NS)) {
            for (int i = 0; i < 30; i++) {
                write(store, 1_000);
            }
            assertTrue(store.log().newestSegment() > 4, () -> "segments=" + store.log().newestSegment());
            assertEquals("", retaining.status().policy());
            wanted.set(new CamflowdConfig.Retention(3600, 0));
            long until = System.nanoTime() + PATIENCE_NS;
            while (retaining.status().last() == null && System.nanoTime() < until) {
                administration.work();
                Thread.onSpinWait();
            }
            assertTrue(store.log().start().segment() > 1, () -> "nothing was dropped: trouble=" + retaining.trouble());
            int newest = store.log().newestSegment();
            for (int i = 0; i < 30; i++) {
                write(store, 1_000);
            }
            assertEquals(newest, store.log().newestSegment(), "segments are as large as always again");
        }
    }

    @Test
    void shouldSayWhatItKeepsAndWhatItDropped() throws IOException {
        Administration administration = administration();
        AtomicReference<CamflowdConfig.Retention> wanted = new AtomicReference<>(
                bounds(3600, "object == 0", 0));
        Retaining.Status last;
        try (Store store = open(path);
                Retaining retaining = Retaining.start(store, administration, wanted::get, INTERVAL_NS)) {
            long until = System.nanoTime() + PATIENCE_NS;
            while (retaining.status().pin() == null && System.nanoTime() < until) {
                write(store, 1_000);
                administration.work();
            }
            assertEquals("age=3600s, important=object == 0, segment=2000", retaining.status().policy());
            assertEquals(1, retaining.status().pin().segment());
            assertEquals(0, retaining.status().pin().object());
            assertEquals(null, retaining.status().last());
            assertEquals(1, store.log().start().segment());
            wanted.set(bounds(3600, "object == 0", 7200));
            while (retaining.status().last() == null && System.nanoTime() < until) {
                write(store, System.currentTimeMillis() * 1_000_000);
                administration.work();
            }
            last = retaining.status();
            assertEquals(null, last.pin());
            assertEquals(store.log().start(), last.last().range().end());
            assertEquals("", last.trouble());
            wanted.set(bounds(0, "", 0));
            assertEquals("", retaining.status().policy());
        }
        // The next daemon knows of it too.
        try (Store store = open(path);
                Retaining retaining = Retaining.start(store, administration, wanted::get, INTERVAL_NS)) {
            long until = System.nanoTime() + PATIENCE_NS;
            while (retaining.status().last() == null && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertEquals(last.last().text(), retaining.status().last().text());
        }
    }

    @Test
    void shouldEndThoughNobodyAnswersWhatIsInUse() throws IOException {
        try (Store store = open(path)) {
            for (int i = 0; i < 30; i++) {
                write(store, 1_000);
            }
            long began = System.nanoTime();
            Retaining retaining = Retaining.start(store, administration(), () -> bounds(1, "", 0), INTERVAL_NS);
            while (retaining.lettingGo() == 0 && System.nanoTime() - began < PATIENCE_NS) {
                Thread.onSpinWait();
            }
            assertTrue(retaining.lettingGo() > 0);
            retaining.close();
            assertTrue(System.nanoTime() - began < PATIENCE_NS / 2, "it waited for whoever records");
            assertEquals(1, store.log().start().segment());
        }
    }
}
