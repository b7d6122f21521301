// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.KernelFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one machine sends and another receives is one graph: each is recorded by itself, with its packets, and their exports are
 * laid on top of each other. By TCP on IPv4 and by UDP on IPv6.
 */
class WireTest {
    private static final int TIMEOUT_SECONDS = 1800;

    @TempDir
    Path folder;

    @Test
    void joinsTwoRecordersOfOneMachineByTheirPackets() throws IOException, InterruptedException {
        Path groups = KernelFeatures.controlGroups();
        assertNotNull(groups, "the unified hierarchy of control groups is not mounted: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        Path work = Files.createDirectory(folder.resolve("work")).toRealPath();
        List<String> words = new ArrayList<>(List.of("sh", script("wire-of-namespaces.sh"), Build.testers().toString(),
                work.toString(), folder.resolve("result").toString(), groups.toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome outcome = CommandLine.execute(folder, words);
        assertEquals(0, outcome.status(), outcome::toString);
        assertJoined(folder.resolve("result"), work + "/receive", work + "/send", true, outcome.toString());
    }

    @Test
    @GuestTest
    void joinsTwoMachines() throws Exception {
        try (ExecutorService guests = Executors.newFixedThreadPool(2)) {
            Future<CommandLine.Outcome> receiver = guests.submit(() -> boot("receive", 1));
            Future<CommandLine.Outcome> sender = guests.submit(() -> boot("send", 2));
            assertEquals(0, receiver.get().status(), () -> receiver.resultNow().toString());
            assertEquals(0, sender.get().status(), () -> sender.resultNow().toString());
            assertJoined(folder, "/dev/shm/wire", "/dev/shm/wire", false, sender.resultNow().toString());
        }
    }

    private CommandLine.Outcome boot(String side, int end) throws IOException, InterruptedException {
        Path out = Files.createDirectories(folder.resolve(side));
        List<String> words = new ArrayList<>(List.of(Build.checkout().resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(),
                "--wire", folder.resolve("wire") + ":" + end, "--", "sh", script("wire-in-guest.sh"), side,
                Build.testers().toString()));
        words.addAll(CommandLine.of());
        return CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
    }

    private static String script(String name) {
        return Build.checkout().resolve("system-tests/src/test/sh").resolve(name).toString();
    }

    /**
     * @param here true if both are the same machine: then nodes of one store have the identifiers of nodes of the other, and only
     * the packets may join them
     */
    private static void assertJoined(Path result, String receiver, String sender, boolean here, String said) throws IOException {
        UnitedExports united = new UnitedExports(here);
        for (String side : new String[] {"receive", "send"}) {
            assertEquals("0", Files.readString(result.resolve(side).resolve("status")).strip(), () -> side + ": " + said);
            united.add(side, result.resolve(side).resolve("export.json"));
        }
        assertTrue(united.packetsInCommon("receive", "send") >= 2, united::toString);
        assertTrue(united.comesFrom("receive:" + receiver + "/sink", "send:" + sender + "/source"), united::toString);
        assertTrue(united.comesFrom("receive:" + receiver + "/sink6", "send:" + sender + "/source6"), united::toString);
        assertFalse(united.comesFrom("receive:" + receiver + "/sink", "send:" + sender + "/source6"), "sent later");
    }
}
