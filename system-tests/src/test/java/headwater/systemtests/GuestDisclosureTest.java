// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon takes what programs tell: by {@code lsm}, on a kernel that does not say by a pidfd who connected (before 6.5). */
@GuestTest
class GuestDisclosureTest {
    private static final int TIMEOUT_SECONDS = 1800;

    @TempDir
    Path out;

    @Test
    void theDaemonTakesTheWordOfWhoItIs() throws Exception {
        Path checkout = Build.checkout().toRealPath();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.1",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--", "sh",
                checkout.resolve("system-tests/src/test/sh/disclosure-in-guest.sh").toString(), "lsm", checkout.toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        assertTrue(Files.readString(out.resolve("status")).contains("\"disclosure\":\"/run/headwater/disclose.sock\""));
        Map<String, String> outcomes = new HashMap<>();
        Files.readAllLines(out.resolve("said")).forEach(line -> outcomes.put(line.split(" ")[0], line.split(" ")[1]));
        DisclosureTest.assertSpeaksForItselfOnly(outcomes);
        DisclosureTest.assertSpeaksOfItsOwnFilesOnly(outcomes);
        assertTrue(Files.readString(out.resolve("seen")).contains("/dev/shm/work/green.jpg"), "what was seen");
        String told = Files.readString(out.resolve("told"));
        assertTrue(told.contains("/dev/shm/work/blue.jpg"), told);
        assertFalse(told.contains("/dev/shm/work/green.jpg"), told);
    }
}
