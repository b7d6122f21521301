// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a policy selects, in a stock kernel by {@code lsm} and by {@code trace}: the tests that {@code agent} runs natively, each under a
 * policy of its own, all within one capture. {@code HEADWATER_GUESTS} names other series than 6.12, or {@code none}; the system property
 * {@code headwater.selection} fewer classes.
 */
@GuestTest
class GuestSelectionTest {
    private static final int TIMEOUT_SECONDS = 1800;
    /** Of {@code agent}, each with how many tests it has: one that is not run is a failure. */
    private static final List<String> CLASSES = List.of("SelectionTest 11", "TargetsTest 10", "PolicyChangeTest 4", "DisclosureSelectionTest 6",
            "SpreadingTest 3", "ContextsInGuest 5");
    /** It records all packets from the start, so it has a capture of its own: natively. */
    private static final String LEFT_OUT = "skipped TargetsTest.whatPacketsCarryIsKeptOfSocketsThatAreMarkedForIt";

    @TempDir
    Path out;

    private static List<String> chosen(String classes) {
        String asked = System.getProperty("headwater.selection", classes);
        return CLASSES.stream().filter(one -> asked.isEmpty() || List.of(asked.split(",")).contains(one.split(" ")[0])).toList();
    }

    /** @param arguments of the kernel; without any, AppArmor is the security module of Debian's */
    @ParameterizedTest
    @CsvSource({
        "apparmor, '', ''",
        "selinux, 'lsm=lockdown,capability,landlock,yama,selinux,bpf selinux=1 enforcing=0', ContextsInGuest",
    })
    void selectsByBothFrontEnds(String module, String arguments, String classes) throws Exception {
        Path checkout = Build.checkout().toRealPath();
        String classPath = System.getProperty("java.class.path") + ":" + checkout.resolve("agent/target/test-classes");
        List<String> chosen = chosen(classes);
        assertFalse(chosen.isEmpty(), () -> "no such class: headwater.selection=" + System.getProperty("headwater.selection"));
        for (Kernel kernel : Kernel.wanted(Kernel.V6_12)) {
            String series = kernel.series();
            Path left = Files.createDirectory(out.resolve(series));
            List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", series, "--append", arguments,
                    "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", left.toString(), "--", "sh",
                    checkout.resolve("system-tests/src/test/sh/selection-in-guest.sh").toString(), checkout.toString(), CommandLine.java(),
                    classPath));
            chosen.forEach(one -> words.add("headwater.agent." + one.split(" ")[0]));
            CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
            assertEquals(0, guest.status(), guest::toString);
            assertEquals(module, Files.readString(left.resolve("module")).strip());
            for (String frontEnd : List.of("lsm", "trace")) {
                verify(series + ", " + frontEnd, Files.readAllLines(left.resolve("results." + frontEnd)), chosen, guest);
            }
        }
    }

    private static void verify(String where, List<String> lines, List<String> chosen, CommandLine.Outcome guest) {
        assertEquals(List.of("whole"), lines.stream().filter(line -> !line.startsWith("passed ") && !line.startsWith(LEFT_OUT)).toList(),
                () -> where + ": " + guest);
        for (String one : chosen) {
            String name = one.split(" ")[0];
            long run = lines.stream().filter(line -> line.contains(" " + name + ".")).count();
            assertEquals(Long.parseLong(one.split(" ")[1]), run, () -> where + ", " + name + ": " + lines);
        }
    }
}
