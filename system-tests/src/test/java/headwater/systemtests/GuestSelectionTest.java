// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a policy selects, in a stock kernel: the tests that {@code agent} runs natively by {@code trace}, here by {@code lsm} and by
 * {@code trace}, in one boot.
 */
class GuestSelectionTest {
    private static final int TIMEOUT_SECONDS = 3600;
    /** Of {@code agent}, each with how many tests it has: one that is not run is a failure. */
    private static final List<String> CLASSES = List.of("SelectionTest 10", "TargetsTest 10", "PolicyChangeTest 4", "SpreadingTest 3",
            "LastingMarksTest 6", "DisclosureSelectionTest 6");

    @TempDir
    Path out;

    @Test
    void selectsByBothFrontEnds() throws Exception {
        assumeFalse("none".equals(System.getenv("HEADWATER_GUESTS")), "no guest is wanted: HEADWATER_GUESTS=none");
        Path checkout = Build.checkout().toRealPath();
        Path tests = checkout.resolve("agent/target/test-classes");
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--", "sh",
                checkout.resolve("system-tests/src/test/sh/selection-in-guest.sh").toString(), checkout.toString(), CommandLine.java(),
                System.getProperty("java.class.path") + ":" + tests));
        String asked = System.getProperty("headwater.selection", "");
        List<String> classes = CLASSES.stream().filter(one -> asked.isEmpty() || List.of(asked.split(",")).contains(one.split(" ")[0])).toList();
        classes.forEach(one -> words.add("headwater.agent." + one.split(" ")[0]));
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        for (String frontEnd : List.of("lsm", "trace")) {
            List<String> lines = Files.readAllLines(out.resolve("results." + frontEnd));
            List<String> bad = lines.stream().filter(line -> !line.startsWith("passed ") && !line.equals("whole")).toList();
            assertEquals(List.of(), bad, () -> frontEnd + ": " + guest.err());
            assertEquals("whole", lines.getLast(), frontEnd);
            for (String one : classes) {
                String name = one.split(" ")[0];
                long passed = lines.stream().filter(line -> line.startsWith("passed " + name + ".")).count();
                assertEquals(Long.parseLong(one.split(" ")[1]), passed, () -> frontEnd + ", " + name + ": " + lines);
            }
        }
        assertTrue(!classes.isEmpty(), () -> "no such class: headwater.selection=" + asked);
    }
}
