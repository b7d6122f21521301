// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer that is killed with SIGKILL loses nothing that it acknowledged, and all of its log can be verified. {@link
 * PowerCutTest} is of power cuts. {@code -Dheadwater.kills=1000} for more than the usual.
 */
class KillTest {
    private static final int ROUNDS = Integer.getInteger("headwater.kills", 12);

    private static final int ROUNDS_OF_A_STORE = 12;

    @TempDir
    private Path temp;

    @Test
    void shouldKeepWhatWasAcknowledgedWheneverTheWriterIsKilled() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest seed=" + seed);
        Random random = new Random(seed);
        for (int done = 0; done < ROUNDS; done += ROUNDS_OF_A_STORE) {
            killOften(temp.resolve("store-" + done), Math.min(ROUNDS_OF_A_STORE, ROUNDS - done), random);
        }
    }

    /** One that drops the beginning of its log all the time, so that kills come into the middle of it. */
    @Test
    void shouldKeepWhatIsLeftWheneverOneThatDropsIsKilled() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest dropping, seed=" + seed);
        Random random = new Random(seed);
        Path path = temp.resolve("dropping");
        long dropped = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String[] acknowledged = writeAndKill(path, random, "drop").split(" ");
            for (boolean reopened : new boolean[] {false, true}) {
                try (Store store = Store.openForReading(path); GraphView view = store.view()) {
                    assertTrue(view.nodes() > Long.parseLong(acknowledged[1]), "nodes=" + view.nodes());
                    assertTrue(view.edges() > Long.parseLong(acknowledged[2]), "edges=" + view.edges());
                    assertTrue(view.dropped().edges() >= dropped, "what was dropped came back");
                    dropped = view.dropped().edges();
                    assertEquals(-1, KilledWriter.firstWrongEdge(view, Math.max(dropped, view.edges() - 20_000)));
                }
                Report report = Verifier.verify(path, null, List.of());
                assertNull(report.damage(), report::toString);
                assertEquals(dropped, report.dropped() == null ? 0 : report.dropped().edges());
                if (!reopened) {
                    Store.openForWriting(path, "test").close();
                } else {
                    assertTrue(report.allSigned(), report::toString);
                    assertTrue(report.notes().stream().noneMatch(note -> note.contains("next opening")), report::toString);
                }
            }
        }
        assertTrue(dropped > 0, "nothing was dropped");
    }

    private void killOften(Path path, int rounds, Random random) throws Exception {
        long checked = 0;
        for (int round = 1; round <= rounds; round++) {
            String[] acknowledged = writeAndKill(path, random, "keep").split(" ");
            assertEquals(round, Integer.parseInt(acknowledged[0]));
            try (Store store = Store.openForReading(path); GraphView view = store.view()) {
                assertTrue(view.nodes() > Long.parseLong(acknowledged[1]), "nodes=" + view.nodes());
                assertTrue(view.edges() > Long.parseLong(acknowledged[2]), "edges=" + view.edges());
                assertEquals(round, view.sessions().size());
                assertEquals(round - 1, view.gaps().size());
                assertEquals(-1, KilledWriter.firstWrongEdge(view, checked));
                checked = view.edges();
            }
        }
        try (Store store = Store.openForWriting(path, "test"); GraphView view = store.view()) {
            assertEquals(rounds, view.gaps().size());
            for (Gap gap : view.gaps()) {
                assertEquals(Gap.Cause.UNCLEAN_END, gap.cause());
                assertTrue(gap.toNs() > gap.fromNs());
            }
            assertEquals(-1, KilledWriter.firstWrongEdge(view, 0));
        }
        Report report = Verifier.verify(path, null, List.of());
        assertTrue(report.allSigned(), report::toString);
    }

    /** Runs a writer for a random time and returns the last line that it said. */
    private String writeAndKill(Path path, Random random, String what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), KilledWriter.class.getName(), path.toString(),
                Long.toString(random.nextLong())));
        if (what.equals("drop")) {
            command.add(what);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        Path said = temp.resolveSibling(temp.getFileName() + ".said");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(said.toFile());
        Process child = builder.start();
        try {
            while (lastLine(said) == null) {
                assertTrue(child.isAlive(), "the writer said nothing");
                Thread.sleep(5);
            }
            String busy = assertThrows(StoreBusyException.class, () -> Store.openForWriting(path, "test")).getMessage();
            assertTrue(busy.contains("holder=pid=" + child.pid() + ", command=killed writer"), busy);
            Thread.sleep(random.nextInt(what.equals("drop") ? 300 : 80));
            // What another process writes is read from its hot segment, while it lives.
            try (Store store = Store.openForReading(path); GraphView view = store.view()) {
                assertTrue(view.nodes() > 0);
                assertEquals(-1, KilledWriter.firstWrongEdge(view, Math.max(view.dropped().edges(), view.edges() - 20_000)));
            }
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
        String last = lastLine(said);
        Files.delete(said);
        return last;
    }

    /** The last whole line of a file, null if there is none: a line that was cut short was not said. */
    private static String lastLine(Path file) throws IOException {
        String text = Files.readString(file);
        int end = text.lastIndexOf('\n');
        return end < 0 ? null : text.substring(text.lastIndexOf('\n', end - 1) + 1, end);
    }
}
