// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rings cannot take is counted, and said; and when it can be taken again, it is. */
class LossTest {
    private static final Pattern LOST = Pattern.compile(", (\\d+) lost, ");
    private static final int PROGRAMS = 20;

    @TempDir
    Path folder;

    private Path store() {
        return folder.resolve("store");
    }

    /** A command whose parts wait for a file each: {@code after go; …; touch done; after end; …}. */
    private static String script(String overload, String later) {
        return "after() { while [ ! -e $1 ]; do sleep 0.05; done; }; touch ready; after go; " + overload + "; touch done; "
                + "after end; " + later;
    }

    private static String storm() {
        return "'" + Build.testers().resolve("storm") + "' 60000 busy";
    }

    /** Records {@code script}, with the reader stopped while its first part runs. */
    private CommandLine.Outcome recordWithStoppedReader(String onLoss, String script, long restMs) throws Exception {
        Process headwater = CommandLine.start(folder, CommandLine.of("run", "--store", store().toString(), "--front-end", "trace",
                "--ring", "1", "--on-loss", onLoss, "--", "sh", "-c", script));
        Waiting.untilExists(folder.resolve("ready"));
        Waiting.signal("STOP", headwater.pid());
        try {
            Files.createFile(folder.resolve("go"));
            Waiting.untilExists(folder.resolve("done"));
        } finally {
            Waiting.signal("CONT", headwater.pid());
        }
        Thread.sleep(restMs);
        Files.createFile(folder.resolve("end"));
        CommandLine.Outcome outcome = CommandLine.finish(headwater, folder);
        assertEquals(0, outcome.status(), outcome::toString);
        return outcome;
    }

    private static Set<Gap.Kind> kinds(StoreFacts facts) {
        Set<Gap.Kind> kinds = EnumSet.noneOf(Gap.Kind.class);
        facts.gaps().forEach(gap -> kinds.add(gap.kind()));
        return kinds;
    }

    private CommandLine.Outcome answer(String... words) throws Exception {
        CommandLine.Outcome answer = CommandLine.run(folder, words);
        assertEquals(0, answer.status(), answer::toString);
        return answer;
    }

    private CommandLine.Outcome ask(String verb, String format, String what) throws Exception {
        return answer(verb, "--store", store().toString(), "--format", format, what);
    }

    @Test
    void shouldCountWhatIsLostWhenTheReaderStandsStill() throws Exception {
        CommandLine.Outcome outcome = recordWithStoppedReader("record", script(storm(), ":"), 0);
        Matcher lost = LOST.matcher(outcome.err());
        assertTrue(lost.find(), outcome::toString);
        long counted = 0;
        for (Gap gap : StoreFacts.of(store()).gaps()) {
            assertEquals(Gap.Cause.RING_FULL, gap.cause());
            assertTrue(gap.cpu() >= 0 && gap.count() > 0 && gap.fromNs() <= gap.toNs(), gap::toString);
            counted += gap.count();
        }
        assertEquals(Long.parseLong(lost.group(1)), counted, outcome::toString);
        // Two processes, a write and a read in each of 60,000 rounds, and room for 16,384 records on each CPU.
        assertTrue(counted > 1000, outcome::toString);

        String json = ask("ancestors", "json", "busy").out();
        assertTrue(json.contains("\"complete\":false"), () -> beginning(json));
        assertTrue(json.contains("\"cause\":\"ring_full\",\"text\":\"the ring was full\",\"kind\":\"transfer\","),
                () -> beginning(json));
        String text = ask("ancestors", "text", "busy").out();
        assertTrue(Pattern.compile("gap: the ring was full: \\d+ records \\(.*reads and writes.*\\) on CPU \\d+, ").matcher(text)
                .find(), () -> beginning(text));
        assertTrue(text.contains("\nincomplete: "), () -> beginning(text));
    }

    @Test
    void shouldShedReadsAndWritesAndKeepEveryProgram() throws Exception {
        String programs = "i=0; while [ $i -lt " + PROGRAMS + " ]; do /bin/true; i=$((i+1)); done";
        recordWithStoppedReader("shed", script(storm() + "; " + programs, ":"), 0);
        StoreFacts facts = StoreFacts.of(store());
        assertEquals(Set.of(Gap.Cause.SHED), facts.gapCauses());
        assertEquals(Set.of(Gap.Kind.TRANSFER), kinds(facts));
        assertTrue(facts.gaps().stream().mapToLong(Gap::count).sum() > 1000);
        assertEquals("shed", facts.sessions().getFirst().onLoss());
        assertEquals(PROGRAMS, executions(Path.of("/bin/true").toRealPath()));

        CommandLine.Outcome answer = ask("ancestors", "text", "busy");
        assertTrue(answer.out().contains("note: recorded with --on-loss shed"), answer::toString);
        assertTrue(answer.out().contains("(reads and writes) on CPU "), answer::toString);
    }

    @Test
    void shouldLoseNothingMoreOneSecondAfterTheOverload() throws Exception {
        String work = "date +%s%N >clean; sort /etc/passwd >sorted; cat sorted | gzip >packed";
        recordWithStoppedReader("shed", script(storm(), work), 1000);
        long cleanNs = Long.parseLong(Files.readString(folder.resolve("clean")).strip());
        StoreFacts facts = StoreFacts.of(store());
        assertFalse(facts.gaps().isEmpty(), "there was an overload");
        for (Gap gap : facts.gaps()) {
            assertTrue(gap.toNs() < cleanNs, gap::toString);
        }
        StoreFacts.assertFrom(store(), folder, "packed", "sorted");
        // What was lost were reads and writes before: nothing that came of the new file can be among them.
        String after = ask("descendants", "json", "sorted").out();
        assertTrue(after.contains("\"complete\":true"), () -> beginning(after));
        String before = ask("ancestors", "json", "sorted").out();
        assertTrue(before.contains("\"complete\":false"), () -> beginning(before));
    }

    @Test
    void shouldRefuseAPolicyThatTheFrontEndCannotKeep() throws Exception {
        CommandLine.Outcome outcome = CommandLine.run(folder, "run", "--store", store().toString(), "--front-end", "trace",
                "--on-loss", "block", "--", "touch", "made");
        assertEquals(4, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("front-end=trace, on-loss=block; use --front-end lsm"), outcome::toString);
        assertFalse(Files.exists(folder.resolve("made")), "the command has not run");
    }

    private long executions(Path program) {
        try (Store open = Store.openForReading(store()); GraphView view = open.view()) {
            long[] count = {0};
            for (long object : view.find(Attribute.NAME, program.toString().getBytes(StandardCharsets.UTF_8))) {
                for (long node : view.versions(object)) {
                    view.effects(node, (edge, relation, other, timeNs) -> {
                        count[0] += relation == Relation.EXEC ? 1 : 0;
                        return true;
                    });
                }
            }
            return count[0];
        }
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(text.length(), 2000));
    }
}
