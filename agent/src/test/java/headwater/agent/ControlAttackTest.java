// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The control socket under attack by another user, out of its group and in it, while a workload is recorded: nothing of the workload is
 * lost, no change is made that was not asked for, and the daemon keeps neither memory nor threads nor descriptors. Needs root.
 */
@Timeout(120)
class ControlAttackTest {
    private static final String NOBODY = "65534";
    /** What the heap may hold more than before; the store grows a little too. */
    private static final long HEAP_BYTES = 64L << 20;

    @TempDir
    Path folder;

    private static Map<String, String> attack(String gid, Path socket, Path folder, String who) throws Exception {
        Path said = folder.resolve(who);
        // In a place that everybody can read: this build may lie in somebody's home.
        Path script = Files.write(folder.resolve("control_attacks.py"), Files.readAllBytes(Path.of("src/test/python/control_attacks.py")));
        Process process = new ProcessBuilder("setpriv", "--reuid", NOBODY, "--regid", gid, "--clear-groups", "/usr/bin/python3",
                script.toString(), socket.toString(),
                folder.resolve("theirs").toString(), who).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, Files.readString(said));
        Map<String, String> outcomes = new HashMap<>();
        for (String line : Files.readAllLines(said)) {
            outcomes.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        return outcomes;
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long connectionThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("headwater-control-client")).count();
    }

    /** Who begins with {@code refused} was told why, and not that the daemon is at fault. */
    private static void assertNoFault(Map<String, String> outcomes) {
        assertTrue(outcomes.values().stream().noneMatch(said -> said.contains("a fault of Headwater")), outcomes::toString);
    }

    private void openToAll() throws IOException {
        // Not the store's owner's alone, so that only the socket itself decides.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void shouldBearEveryAttackAndLoseNothing() throws Exception {
        openToAll();
        Path socket = Files.createDirectory(folder.resolve("run")).resolve("control.sock");
        Path config = Files.writeString(folder.resolve("camflow.ini"), "[provenance]\nenabled=true\nall=true\n");
        Path outputs = Files.writeString(folder.resolve("camflowd.ini"), "[general]\noutput=null\nformat=w3c\n");
        long written;
        try (RecordedDaemon daemon = RecordedDaemon.start(folder, config, outputs, socket, "i=0; until [ -e stop ] || [ $i = 6000 ]; do "
                + "i=$((i+1)); echo $i >w$i; cat w$i /etc/passwd >>sum; sleep 0.01; done; echo $i >last")) {
            daemon.begin();
            long heap = heap();
            long descriptors = descriptors();
            refusesOutsiders(attack(NOBODY, socket, folder, "OUTSIDER"));
            Map<String, String> outcomes = attack(Integer.toString(RecordedDaemon.GROUP), socket, folder, "MEMBER");
            assertNoFault(outcomes);
            takesWhatIsARequest(outcomes);
            goesOnUnderAStorm(outcomes);
            Files.createFile(folder.resolve("stop"));
            daemon.awaitScript();
            written = Long.parseLong(Files.readString(folder.resolve("last")).strip());
            String status = daemon.ask(Control.STATUS);
            assertTrue(status.contains("\"lost\":0,") && status.contains("\"trouble\":\"\""), status);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
            while ((descriptors() > descriptors + 3 || connectionThreads() > 1) && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            assertTrue(descriptors() <= descriptors + 3, "descriptors: before=" + descriptors + ", after=" + descriptors());
            assertTrue(connectionThreads() <= 1, "threads: " + connectionThreads());
            assertTrue(heap() < heap + HEAP_BYTES, "heap: before=" + heap + ", after=" + heap());
            daemon.stop();
        }
        try (Store store = Store.openForReading(folder.resolve("store")); GraphView view = store.view()) {
            assertEquals(List.of(), view.gaps());
            List<String> missing = new ArrayList<>();
            for (long i = 1; i <= written; i++) {
                if (view.find(Attribute.NAME, (folder + "/w" + i).getBytes(StandardCharsets.UTF_8)).length == 0) {
                    missing.add("w" + i);
                }
            }
            assertEquals(List.of(), missing);
            assertTrue(written > 50, "the workload went on: " + written);
        }
    }

    private static void refusesOutsiders(Map<String, String> outcomes) {
        assertEquals("10000", outcomes.get("connects"), outcomes::toString);
        for (String act : List.of("delete", "replace", "link", "lock")) {
            assertEquals("denied", outcomes.get(act), outcomes::toString);
        }
    }

    private static void assertOutcome(Map<String, String> outcomes, String name, String begin) {
        assertTrue(outcomes.getOrDefault(name, "nothing").startsWith(begin), () -> name + ": " + outcomes.get(name));
    }

    private static void takesWhatIsARequest(Map<String, String> outcomes) {
        for (String line : List.of("deep refused edits are not objects", "utf8 refused not JSON", "nul refused not JSON",
                "nul-path refused not an absolute path", "surrogate refused not a path", "twice refused not JSON", "number refused not JSON",
                "pid refused not a process id", "pid-negative refused not a process id", "relative refused not an absolute path",
                "edit-newline refused a control character", "edit-return refused a control character",
                "edit-escape refused a control character", "edit-section refused cannot be changed", "edit-key refused unknown key",
                "edit-machine refused cannot be changed", "edit-store refused cannot be changed", "edit-group refused cannot be changed",
                "edit-half refused unknown node type", "edit-many refused the line is too long", "ini whole", "waited no",
                "descriptors ok", "descriptors-kept no", "name ok", "loop refused open", "long refused")) {
            assertOutcome(outcomes, line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
    }

    private static void goesOnUnderAStorm(Map<String, String> outcomes) {
        assertTrue(Long.parseLong(outcomes.get("changes")) > 20, outcomes::toString);
        assertTrue(Long.parseLong(outcomes.get("slowest-ms")) < 3_000, outcomes::toString);
        assertTrue(Long.parseLong(outcomes.get("storm-connects")) > 500, outcomes::toString);
        assertEquals("ok", outcomes.get("after"), outcomes::toString);
    }
}
