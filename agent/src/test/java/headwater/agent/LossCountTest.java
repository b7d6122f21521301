// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.capture.OnLoss;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings that nobody reads while a real process fills them: what is lost is counted to the event, by kind. */
class LossCountTest {
    private static final int ROUNDS = 20_000;
    private static final int RING_BYTES = 1 << 18;

    @TempDir
    static Path tools;

    @TempDir
    Path folder;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Process compiler = new ProcessBuilder("cc", "-O1", "-Wall", "-static", "-o", tools.resolve("rounds").toString(),
                "src/test/c/rounds.c").inheritIO().start();
        assertTrue(compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0, "the tester must compile");
    }

    /** Records the tester without taking a record out of the rings before it has ended; returns what the kernel counted. */
    private long recordUnread(OnLoss onLoss) throws IOException, InterruptedException {
        List<byte[]> words = Stream.of(tools.resolve("rounds").toString(), Integer.toString(ROUNDS),
                folder.resolve("busy").toString()).map(String::getBytes).toList();
        Recording.Plan plan = new Recording.Plan(FrontEnd.TRACE, false, "rounds", RING_BYTES, onLoss,
                Recording.Environment.NONE, null);
        try (Store store = Store.openForWriting(folder.resolve("store"), "test");
                Recording recording = Recording.start(store, plan); GatedCommand gated = GatedCommand.start(words)) {
            recording.adopt(gated.pid());
            gated.release();
            long start = System.nanoTime();
            while (gated.isAlive()) {
                assertTrue(System.nanoTime() - start < 60_000_000_000L, "the tester must end");
                Thread.sleep(10);
            }
            assertEquals(0, gated.status());
            recording.stop();
            assertEquals(recording.unwritten(), recording.figures().lost(), "what the session says");
            return recording.unwritten();
        }
    }

    private static long sum(Stream<Gap> gaps) {
        return gaps.mapToLong(Gap::count).sum();
    }

    /** Reads and writes of the one file that are in the record. */
    private long transfers(GraphView view) {
        long[] files = view.find(Attribute.NAME, folder.resolve("busy").toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(1, files.length);
        long[] count = {0};
        for (long node : view.versions(files[0])) {
            GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
                count[0] += relation == Relation.WRITE || relation == Relation.READ ? 1 : 0;
                return true;
            };
            view.causes(node, visitor);
            view.effects(node, visitor);
        }
        return count[0];
    }

    private static boolean ended(GraphView view) {
        for (long node = 0; node < view.nodes(); node++) {
            boolean[] ended = {false};
            if (view.kind(view.object(node)) == NodeKind.TASK) {
                view.causes(node, (edge, relation, other, timeNs) -> {
                    ended[0] |= relation == Relation.TERMINATE_TASK;
                    return true;
                });
            }
            if (ended[0]) {
                return true;
            }
        }
        return false;
    }

    private void assertCounted(long unwritten, Gap.Cause cause) throws IOException {
        try (GraphView view = Store.openForReading(folder.resolve("store")).view()) {
            List<Gap> gaps = view.gaps();
            assertTrue(unwritten > ROUNDS / 2, () -> "the ring must have been full: lost=" + unwritten);
            assertEquals(unwritten, sum(gaps.stream()), gaps::toString);
            for (Gap gap : gaps) {
                assertTrue(gap.cpu() >= 0 && gap.count() > 0 && gap.fromNs() < gap.toNs(), gap::toString);
            }
            long lostTransfers = sum(gaps.stream().filter(gap -> gap.kind() == Gap.Kind.TRANSFER && gap.cause() == cause
                    && gap.cpu() == 0));
            // The file's creation stands for the first write, which brought nothing more.
            assertEquals(ROUNDS - (transfers(view) + 1) / 2, lostTransfers, gaps::toString);
        }
    }

    @Test
    void shouldCountWhatTheRingCouldNotTakeToTheEvent() throws Exception {
        assertCounted(recordUnread(OnLoss.RECORD), Gap.Cause.RING_FULL);
        try (GraphView view = Store.openForReading(folder.resolve("store")).view()) {
            assertEquals(Set.of(Gap.Kind.TRANSFER, Gap.Kind.PROCESS), kinds(view), "the end of the process was lost too");
            assertTrue(!ended(view));
            assertEquals("record", view.sessions().getFirst().onLoss());
        }
    }

    @Test
    void shouldShedReadsAndWritesAndKeepTheEndOfTheProcess() throws Exception {
        assertCounted(recordUnread(OnLoss.SHED), Gap.Cause.SHED);
        try (GraphView view = Store.openForReading(folder.resolve("store")).view()) {
            assertEquals(Set.of(Gap.Kind.TRANSFER), kinds(view));
            assertTrue(ended(view));
            assertEquals("shed", view.sessions().getFirst().onLoss());
        }
    }

    private static Set<Gap.Kind> kinds(GraphView view) {
        Set<Gap.Kind> kinds = EnumSet.noneOf(Gap.Kind.class);
        view.gaps().forEach(gap -> kinds.add(gap.kind()));
        return kinds;
    }
}
