// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon records a whole system: in a guest, whose processes are all ours to look at. */
class GuestDaemonTest {
    private static final int TIMEOUT_SECONDS = 600;

    @TempDir
    Path out;

    @Test
    void recordsTheWholeSystemButItself() throws IOException, InterruptedException {
        assumeFalse("none".equals(System.getenv("HEADWATER_GUESTS")), "no guest is wanted: HEADWATER_GUESTS=none");
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--",
                "sh", checkout.resolve("system-tests/src/test/sh/daemon-in-guest.sh").toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);

        assertEquals(1, status("status-before"), "nothing is recorded yet");
        assertEquals(0, status("start"), () -> said("start"));
        assertEquals(0, status("status"));
        assertTrue(said("status").contains("\"running\":true"), () -> said("status"));
        assertEquals(4, status("start-again"), () -> said("start-again"));
        assertTrue(said("start-again").contains("already recording"), () -> said("start-again"));
        assertEquals(4, status("run-beside"), () -> said("run-beside"));
        assertTrue(said("run-beside").contains("headwater start"), "the holder is named: " + said("run-beside"));
        assertEquals(0, status("ancestors"), () -> said("ancestors"));
        assertTrue(said("ancestors").contains("/dev/shm/work/source"), "asked while the daemon runs");
        assertEquals(0, status("stop"), () -> said("stop"));
        assertEquals(1, status("status-after"));

        try (GraphView view = Store.openForReading(out.resolve("store")).view()) {
            Session session = view.sessions().getFirst();
            assertEquals("system", session.scope());
            assertEquals("lsm", session.frontEnd());
            assertTrue(session.endNs() > session.startNs(), "the session was closed");
            assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
            assertTrue(tasks(view, Long.parseLong(read("before.pid"))) > 0, "what ran before the start is known");
            assertEquals(0, tasks(view, daemonPid()), "the daemon does not record itself");
            assertEquals(0, view.find(Attribute.NAME, "/dev/shm/work/unseen".getBytes(StandardCharsets.UTF_8)).length,
                    "what came after the stop is not recorded");
        }
    }

    private static long tasks(GraphView view, long pid) {
        long tasks = 0;
        for (long object : view.find(Attribute.TGID, pid)) {
            if (view.kind(object) == NodeKind.TASK) {
                tasks++;
            }
        }
        return tasks;
    }

    private long daemonPid() {
        Matcher matcher = Pattern.compile("\"pid\":(\\d+)").matcher(said("status"));
        assertTrue(matcher.find(), () -> said("status"));
        long pid = Long.parseLong(matcher.group(1));
        assertFalse(pid <= 1, "a daemon's pid");
        return pid;
    }

    private int status(String name) {
        return Integer.parseInt(read(name + ".status"));
    }

    private String said(String name) {
        return read(name + ".out") + read(name + ".err");
    }

    private String read(String name) {
        try {
            return Files.readString(out.resolve(name)).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the guest left no such file: " + name, e);
        }
    }
}
