// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rings cannot take is counted, and said. */
class LossTest {
    private static final Pattern LOST = Pattern.compile(", (\\d+) lost, ");

    @TempDir
    Path folder;

    @Test
    void shouldCountWhatIsLostWhenTheReaderStandsStill() throws Exception {
        Path store = folder.resolve("store");
        Process headwater = CommandLine.start(folder, CommandLine.of("run", "--store", store.toString(), "--front-end", "trace",
                "--ring", "1", "--", "sh", "-c", "touch ready; while [ ! -e go ]; do sleep 0.05; done; '"
                        + Build.testers().resolve("storm") + "' 60000 busy; touch done; while [ ! -e end ]; do sleep 0.05; done"));
        Waiting.untilExists(folder.resolve("ready"));
        Waiting.signal("STOP", headwater.pid());
        try {
            Files.createFile(folder.resolve("go"));
            Waiting.untilExists(folder.resolve("done"));
        } finally {
            Waiting.signal("CONT", headwater.pid());
        }
        Files.createFile(folder.resolve("end"));
        CommandLine.Outcome outcome = CommandLine.finish(headwater, folder);
        assertEquals(0, outcome.status(), outcome::toString);

        Matcher lost = LOST.matcher(outcome.err());
        assertTrue(lost.find(), outcome::toString);
        long counted = 0;
        for (Gap gap : StoreFacts.of(store).gaps()) {
            assertEquals(Gap.Cause.RING_FULL, gap.cause());
            assertTrue(gap.cpu() >= 0 && gap.count() > 0 && gap.fromNs() <= gap.toNs(), gap::toString);
            counted += gap.count();
        }
        assertEquals(Long.parseLong(lost.group(1)), counted, outcome::toString);
        // Two processes, a write and a read in each of 60,000 rounds, and room for 16,384 records on each CPU.
        assertTrue(counted > 1000, outcome::toString);

        CommandLine.Outcome answer = CommandLine.run(folder, "ancestors", "--store", store.toString(), "--format", "json", "busy");
        assertEquals(0, answer.status(), answer::toString);
        assertTrue(answer.out().contains("\"complete\":false"), answer::toString);
        assertTrue(answer.out().contains("the ring was full") || answer.out().contains("\"ring_full\""), () -> answer.out()
                .substring(0, Math.min(answer.out().length(), 2000)));
    }
}
