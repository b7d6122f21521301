// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disclosure socket under attack by a process of no rights, on this machine's own kernel, while another program of the same
 * recording works: what it must not say it cannot, nothing of the work is lost, and the recorder stays small. Needs root.
 */
class DisclosureAttackTest {
    private static final long RESIDENT_KIB = 400 << 10;
    /** Half of what a thread for each connection would be; a recording that ends has one for each program that it detaches. */
    private static final long THREADS = 110;

    @TempDir
    static Path folder;

    private static final Map<String, String> OUTCOMES = new HashMap<>();
    private static Process holder;
    private static long resident;
    private static long threads;
    private static long unmet;
    private static long written;
    private static Store store;
    private static GraphView view;

    @BeforeAll
    static void attack() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path work = Files.createDirectory(folder.toRealPath().resolve("work"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        // Made outside of the recording: it has no name there.
        Path theirs = Files.writeString(work.resolve("unmet"), "x");
        Files.setAttribute(theirs, "unix:uid", 65534);
        unmet = (long) Files.getAttribute(theirs, "unix:ino");
        holder = new ProcessBuilder("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "unshare", "-Urm", "sh", "-c",
                "mount --bind unmet /etc/hostname && touch held && exec sleep 200").directory(work.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Waiting.until("the mounts are made", () -> Files.exists(work.resolve("held")) || !holder.isAlive());
        Path checkout = Build.checkout().toRealPath();
        String script = """
                export PYTHONDONTWRITEBYTECODE=1 HOLDER=%s
                cd %s
                (i=0; until [ -e done ] || [ $i = 6000 ]; do i=$((i+1)); echo $i >w$i; sleep 0.01; done; echo $i >last) &
                python3 %s/system-tests/src/test/python/disclosure_attacks.py %s/examples/disclosure %s
                touch done
                wait
                """.formatted(holder.pid(), work, checkout, checkout, work);
        Process run = CommandLine.start(folder, CommandLine.of("run", "--store", folder.resolve("store").toString(), "--front-end", "trace",
                "--", "sh", "-ec", script));
        while (run.isAlive() && !Files.exists(work.resolve("done"))) {
            measure(run.pid());
            Thread.sleep(50);
        }
        CommandLine.Outcome outcome = CommandLine.finish(run, folder);
        assertEquals(0, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains(" 0 lost"), outcome::toString);
        outcome.out().lines().forEach(line -> OUTCOMES.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        written = Long.parseLong(Files.readString(work.resolve("last")).strip());
        store = Store.openForReading(folder.resolve("store"));
        view = store.view();
    }

    private static void measure(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            lines.forEach(line -> {
                if (line.startsWith("VmRSS:")) {
                    resident = Math.max(resident, Long.parseLong(line.replaceAll("[^0-9]", "")));
                } else if (line.startsWith("Threads:")) {
                    threads = Math.max(threads, Long.parseLong(line.replaceAll("[^0-9]", "")));
                }
            });
        } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException e) {
            // It has ended meanwhile.
            return;
        }
    }

    @AfterAll
    static void close() {
        if (holder != null) {
            holder.destroyForcibly();
        }
        if (view != null) {
            view.close();
            store.close();
        }
    }

    private static void assertOutcomes(String... wanted) {
        List<String> happened = new ArrayList<>();
        for (String line : wanted) {
            String name = line.split(" ")[0];
            happened.add(name + " " + OUTCOMES.get(name));
        }
        assertEquals(List.of(wanted), happened);
    }

    @Test
    void whatIsNoLineIsRefused() {
        assertOutcomes("huge malformed", "deep malformed", "utf8 malformed", "nul malformed", "nul-path malformed", "number malformed",
                "newline ok", "relations-too-many malformed");
        assertTrue(List.of("ok", "malformed").contains(OUTCOMES.get("surrogate")), OUTCOMES::toString);
        assertTrue(List.of("file", "malformed").contains(OUTCOMES.get("surrogate-path")), OUTCOMES::toString);
    }

    @Test
    void nobodySpeaksForAnother() {
        assertOutcomes("forged denied", "after-the-parent other-process");
    }

    @Test
    void onlyFilesThatItMayWriteAreItsOwn() {
        assertOutcomes("fifo ok", "fifo-path ok", "deleted ok", "memfd ok", "socket file", "not-mine file", "link-to-passwd file",
                "link-to-root file", "link-loop file", "magic-_proc_1_root_etc_shadow file", "magic-_proc_self_cwd_mine file",
                "magic-_dev_fd_1 file", "magic-_dev_stdin file", "magic-_proc_self_mem file", "magic-_sys_kernel_x file",
                "relative malformed");
    }

    /** In mounts of its own a program can put its file anywhere: the path that it has there is no name. */
    @Test
    void aFileIsNotNamedByAProgramsOwnMounts() {
        assertOutcomes("other-mounts ok", "other-mounts-write file");
        List<Long> named = new ArrayList<>();
        for (long object : view.find(Attribute.NAME, "/etc/hostname".getBytes(StandardCharsets.UTF_8))) {
            if (view.attributes(object).number(Attribute.INO, -1) == unmet) {
                named.add(object);
            }
        }
        assertEquals(List.of(), named);
    }

    @Test
    void whoAsksForMuchGetsLittleAndHarmsNobody() {
        assertOutcomes("names too-many", "relations ok", "deaf-bounded yes", "after ok");
        assertTrue(Integer.parseInt(OUTCOMES.get("silent")) <= 16 && Integer.parseInt(OUTCOMES.get("refused")) >= 184, OUTCOMES::toString);
        assertTrue(threads < THREADS, "threads: " + threads);
        assertTrue(resident < RESIDENT_KIB, "resident KiB: " + resident);
    }

    @Test
    void nothingOfTheWorkIsLost() {
        assertEquals(List.of(), view.gaps());
        List<String> missing = new ArrayList<>();
        for (long i = 1; i <= written; i++) {
            if (view.find(Attribute.NAME, folder.resolve("work/w" + i).toString().getBytes(StandardCharsets.UTF_8)).length == 0) {
                missing.add("w" + i);
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(written > 50, "the work went on: " + written);
    }
}
