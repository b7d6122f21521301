// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import headwater.model.Gap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 32-bit system calls are a blind spot of the trace front-end, and it says so of each record that has some. */
class ForeignAbiTest {
    @TempDir
    Path folder;

    @Test
    void shouldReportThirtyTwoBitCallsAsAGap() throws Exception {
        Path store = folder.resolve("store");
        Files.writeString(folder.resolve("source"), "secret\n");
        CommandLine.Outcome outcome = CommandLine.run(folder, "run", "--store", store.toString(), "--front-end", "trace", "--",
                Build.testers().resolve("foreign").toString(), "source", "sink");
        assumeFalse(outcome.status() == Scenario.NOT_HERE, outcome::toString);
        assertEquals(0, outcome.status(), outcome::toString);
        assertEquals("secret\n", Files.readString(folder.resolve("sink")));

        StoreFacts facts = StoreFacts.of(store);
        assertEquals(Set.of(Gap.Cause.FOREIGN_ABI), facts.gapCauses());
        long counted = facts.gaps().stream().mapToLong(Gap::count).sum();
        assertTrue(counted >= 4, () -> "two opens, a read and a write were made: " + facts.gaps());
        assertThrows(AssertionError.class, () -> StoreFacts.assertFrom(store, folder.toRealPath(), "sink", "source"));
    }
}
