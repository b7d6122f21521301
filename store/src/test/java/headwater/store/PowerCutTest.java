// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.log.LogReader;
import headwater.store.log.LogRecovery;
import headwater.store.log.LogWriter;
import headwater.store.retention.InUse;
import headwater.store.retention.Retention;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import headwater.store.seal.Sealer;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The power goes at any operation on any file, in the middle of writing, of opening after the cut before, of signing, and
 * of a new key: the store opens, holds all that was acknowledged, says that something is missing, and is right to whoever
 * verifies it. {@code -Dheadwater.cuts=1000} for more than the usual.
 */
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("headwater.cuts", 400);
    private static final int CUTS_OF_A_STORE = 8;

    /** In memory, if it can be: real syncs would take most of the time. */
    @TempDir(factory = InMemory.class)
    private Path temp;

    /** See {@link #temp}. */
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory) ? Files.createTempDirectory(memory, "headwater") : Files.createTempDirectory("headwater");
        }
    }

    private long acknowledgedNode = -1;
    private long acknowledgedEdge = -1;
    private String anchor = "";
    private int unclean;

    @Test
    void shouldKeepWhatWasAcknowledgedWheneverThePowerGoes() throws IOException {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        System.out.println("PowerCutTest seed=" + seed);
        Random random = new Random(seed);
        Path store = null;
        int gaps = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            if (cut % CUTS_OF_A_STORE == 0) {
                store = temp.resolve("store-" + cut);
                acknowledgedNode = -1;
                acknowledgedEdge = -1;
                anchor = "";
                gaps += unclean;
                unclean = 0;
                StoreDirectory.create(store);
            }
            String where = "seed=" + seed + ", cut=" + cut;
            PowerCutDisk disk = new PowerCutDisk(random, random.nextInt(cut % CUTS_OF_A_STORE == 0 ? 40 : 120), store);
            try {
                use(store, disk, random);
                assertTrue(false, "the power did not go: " + where);
            } catch (PowerCutDisk.PowerCut e) {
                disk.restore(store);
            } catch (StoreException | UncheckedIOException e) {
                throw new AssertionError("the store did not open: " + where, e);
            }
            check(store, where, cut % 4 == 3);
        }
        assertTrue(gaps > CUTS / 4, "gaps=" + gaps);
    }

    /** The power goes while the beginning is dropped, again and again: never is anything gone that no statement says was dropped. */
    @Test
    void shouldDropAllThatAStatementSaysOrNothingWheneverThePowerGoes() throws IOException {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        System.out.println("PowerCutTest dropping, seed=" + seed);
        Random random = new Random(seed);
        Path store = null;
        RandomEvents events = null;
        int dropped = 0;
        for (int cut = 0; cut < CUTS / 5; cut++) {
            if (cut % CUTS_OF_A_STORE == 0) {
                store = temp.resolve("dropping-" + cut);
                events = new RandomEvents(seed + cut);
            }
            String where = "seed=" + seed + ", cut=" + cut;
            long end = 0;
            try (Store whole = SealedStores.open(store, 3_000)) {
                speakOfWhatIsKnown(whole, events);
                for (int i = 0; i < 6; i++) {
                    events.feed(60, whole.writer());
                    whole.writer().sync();
                }
                events.endSession(whole.writer());
                whole.writer().sync();
                end = whole.writer().durable().nodes();
            }
            long start = drop(store, new PowerCutDisk(random, random.nextInt(14), store), random, where);
            assertNull(Verifier.verify(store, null, List.of()).damage(), where);
            try (Store after = Store.openForWriting(store, "test"); GraphView view = after.view()) {
                assertEquals(end, view.nodes(), where);
                assertTrue(view.dropped().nodes() >= start, where);
                dropped += view.dropped().nodes() > start ? 1 : 0;
                for (long edge = view.dropped().edges(); edge < view.edges(); edge++) {
                    GraphView.Edge one = view.edge(edge);
                    assertTrue(view.versions(view.object(one.cause())).length > 0 && view.versions(view.object(one.effect())).length > 0, where);
                }
            } catch (StoreException | UncheckedIOException e) {
                throw new AssertionError("the store does not open: " + where, e);
            }
            Report report = Verifier.verify(store, null, List.of());
            assertTrue(report.allSigned(), () -> where + ": " + report);
            assertTrue(report.notes().stream().noneMatch(note -> note.contains("next opening")), () -> where + ": " + report);
        }
        assertTrue(dropped > CUTS / 40, "dropped=" + dropped);
    }

    /** Drops until the power goes, if it does; returns how many nodes had been dropped before. */
    private static long drop(Path path, PowerCutDisk disk, Random random, String where) throws IOException {
        Path log = path.resolve("log");
        long start = new LogReader(log).start().nodes();
        try {
            LogWriter writer = new LogWriter(LogRecovery.open(log, disk, 3_000, 1));
            Sealer sealer = Sealer.open(path, writer, disk, Clock.systemUTC());
            Retention retention = new Retention(log, disk);
            RetentionPlan plan = retention.plan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, 6_000 + random.nextInt(6_000)), 0,
                    () -> null, null, () -> false);
            retention.drop(plan, sealer, InUse.NONE, () -> false);
        } catch (PowerCutDisk.PowerCut e) {
            // As it should be, at most times.
        } catch (StoreException e) {
            throw new AssertionError("the store did not open: " + where, e);
        }
        disk.restore(path);
        return start;
    }

    private static void speakOfWhatIsKnown(Store store, RandomEvents events) {
        long firstNode;
        long firstObject;
        Set<Long> nodes = new HashSet<>();
        try (GraphView view = store.view()) {
            firstNode = view.dropped().nodes();
            firstObject = view.dropped().objects();
            for (long node = view.nextNode(0); node < firstNode; node = view.nextNode(node + 1)) {
                nodes.add(node);
            }
            Set<Long> objects = new HashSet<>();
            for (long object = view.nextObject(0); object < firstObject; object = view.nextObject(object + 1)) {
                objects.add(object);
            }
            events.speakOf(node -> node >= firstNode || nodes.contains(node), object -> object >= firstObject || objects.contains(object));
        }
    }

    /** Opens, writes and signs until the power goes; all by one thread, so that a seed says what happens. */
    private void use(Path path, PowerCutDisk disk, Random random) throws IOException {
        LogWriter writer = new LogWriter(LogRecovery.open(path.resolve("log"), disk, 9_000, random.nextInt(1 << 30)));
        Sealer sealer = Sealer.open(path, writer, disk, Clock.systemUTC());
        if (writer.sessionOpen()) {
            writer.gap(new Gap(Gap.Cause.UNCLEAN_END, -1, writer.lastTimeNs(), writer.lastTimeNs() + 1, 0));
            writer.abandonSession();
            sync(writer);
        }
        writer.sessionStart(new Session(1, "boot", 1, 7, "trace", "system", "", writer.lastTimeNs() + 2, 0));
        while (true) {
            int count = random.nextInt(60);
            for (int i = 0; i < count; i++) {
                long node = writer.nextNode();
                writer.node(node, writer.nextObject(), 0, NodeKind.FILE, 10 * node);
                writer.edge(writer.nextEdge(), Relation.READ, node / 2, node, 10 * node, -1, random.nextLong(), -1);
            }
            switch (random.nextInt(5)) {
                case 0 -> flush(writer);
                case 1 -> {
                    assertTrue(sealer.work() || disk.isOff(), () -> sealer.status().trouble());
                    anchor = path.resolve("log").toFile().exists() ? newest(path) : anchor;
                }
                case 2 -> {
                    if (random.nextInt(30) == 0) {
                        sealer.rotate();
                    }
                }
                default -> sync(writer);
            }
        }
    }

    private static String newest(Path path) throws IOException {
        return headwater.store.seal.StatementFiles.newest(path.resolve("log")).orElseThrow().text();
    }

    private static void flush(LogWriter writer) {
        writer.flush();
    }

    private void sync(LogWriter writer) {
        writer.sync();
        acknowledgedNode = Math.max(acknowledgedNode, writer.acknowledged().node());
        acknowledgedEdge = Math.max(acknowledgedEdge, writer.acknowledged().edge());
    }

    /** Opens as the next one would, and looks at all of it. */
    private void check(Path path, String where, boolean verify) throws IOException {
        try {
            // Opening says what is missing.
            Store.openForWriting(path, "test").close();
        } catch (StoreException | UncheckedIOException e) {
            throw new AssertionError("the store does not open: " + where + ", verified: " + Verifier.verify(path, null, List.of()), e);
        }
        ReferenceGraph graph = new ReferenceGraph();
        try (Store store = Store.openForReading(path)) {
            store.log().replay(graph);
        }
        assertTrue(graph.nodes() > acknowledgedNode && graph.edges() > acknowledgedEdge,
                () -> where + ": nodes=" + graph.nodes() + ", acknowledged=" + acknowledgedNode);
        acknowledgedNode = graph.nodes() - 1;
        acknowledgedEdge = graph.edges() - 1;
        List<Gap> uncleanEnds = new ArrayList<>();
        for (Gap gap : graph.gaps()) {
            if (gap.cause() == Gap.Cause.UNCLEAN_END) {
                uncleanEnds.add(gap);
            }
        }
        assertEquals(graph.sessions().size(), uncleanEnds.size(), () -> where + ": a session that was cut has no gap");
        unclean = uncleanEnds.size();
        if (!verify) {
            return;
        }
        Report report = Verifier.verify(path, null, List.of(anchor));
        assertNull(report.damage(), () -> where + ": " + report);
        assertTrue(report.allSigned(), () -> where + ": " + report);
    }
}
