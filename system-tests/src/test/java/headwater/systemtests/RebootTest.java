// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One disk, two boots, three daemons: the files are the same all the time. And who acted, by both front-ends. */
@GuestTest
class RebootTest {
    private static final int TIMEOUT_SECONDS = 1800;
    private static final String DISK = "/mnt/disk";
    private static final String CONTAINER = "0".repeat(61) + "abc";

    @TempDir
    static Path out;

    @BeforeAll
    static void record() throws IOException, InterruptedException {
        Path disk = out.resolve("disk");
        Path other = out.resolve("other");
        for (Path image : List.of(disk, other)) {
            execute(List.of("truncate", "-s", "64M", image.toString()));
            execute(List.of("mkfs.ext4", "-q", "-F", image.toString()));
        }
        boot("1", "/dev/vda", List.of(disk));
        // The disk is another device this time.
        boot("2", "/dev/vdb", List.of(other, disk));
    }

    private static void boot(String number, String device, List<Path> disks) throws IOException, InterruptedException {
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString()));
        for (Path disk : disks) {
            words.addAll(List.of("--qemu", "-drive", "--qemu", "file=" + disk + ",if=virtio,format=raw"));
        }
        words.addAll(List.of("--", "sh", checkout.resolve("system-tests/src/test/sh/reboot-in-guest.sh").toString(), number,
                device));
        words.addAll(CommandLine.of());
        execute(words);
    }

    private static void execute(List<String> words) throws IOException, InterruptedException {
        CommandLine.Outcome outcome = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, outcome.status(), outcome::toString);
    }

    private static void look(java.util.function.Consumer<RecordedIdentity> check) {
        try (Store store = Store.openForReading(out.resolve("store")); GraphView view = store.view()) {
            check.accept(new RecordedIdentity(view));
        }
    }

    @Test
    void nothingWasLostInThreeSessions() {
        try (Store store = Store.openForReading(out.resolve("store")); GraphView view = store.view()) {
            assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
            assertEquals(List.of(1, 1, 2), view.sessions().stream().map(Session::bootNumber).toList());
            assertEquals(List.of("lsm", "trace", "lsm"), view.sessions().stream().map(Session::frontEnd).toList());
        }
    }

    @Test
    void aFileIsTheSameAfterItsInodeLeftTheCache() {
        look(graph -> graph.assertFrom(DISK + "/second", DISK + "/source"));
    }

    @Test
    void aFileIsTheSameForTheNextDaemon() {
        look(graph -> graph.assertFrom(DISK + "/third", DISK + "/source"));
    }

    @Test
    void aFileIsTheSameAfterAReboot() {
        look(graph -> {
            graph.assertFrom(DISK + "/fourth", DISK + "/source");
            assertEquals(2, graph.machines(DISK + "/fourth").stream().map(m -> graph.text(m, Attribute.BOOT_ID)).distinct()
                    .count(), "it was made in two boots");
        });
    }

    @Test
    void whatWasInAPipeDoesNotOutliveTheBoot() {
        look(graph -> {
            graph.assertFrom(DISK + "/from-fifo", DISK + "/source");
            graph.assertNotFrom(DISK + "/from-fifo-later", DISK + "/source");
            assertEquals(2, graph.files(DISK + "/fifo").size());
        });
    }

    @Test
    void lsmSaysWhoActed() {
        look(graph -> {
            CredentialsTest.verifyUsers(graph, DISK + "/lsm");
            CredentialsTest.verifyNamespaces(graph, DISK + "/lsm");
        });
    }

    @Test
    void traceSaysWhoActed() {
        look(graph -> {
            CredentialsTest.verifyUsers(graph, DISK + "/trace");
            CredentialsTest.verifyNamespaces(graph, DISK + "/trace");
        });
    }

    @Test
    void aMoveToAContainersCgroupIsSeen() {
        look(graph -> {
            long writer = graph.writer(DISK + "/in-container");
            assertEquals("/docker-" + CONTAINER + ".scope", graph.text(writer, Attribute.CGROUP));
            assertEquals(CONTAINER, graph.text(writer, Attribute.CONTAINER));
            assertTrue(graph.memoryCauses(DISK + "/in-container", Relation.CLONE_MEM) >= 1);
        });
    }

    @Test
    void aProcessThatLivesLongEnoughHasItsSecurityContext() throws IOException {
        String context = Files.readString(out.resolve("context")).strip();
        look(graph -> assertEquals(context, graph.text(graph.writer(DISK + "/labelled"), Attribute.SECCTX)));
    }

    /** Looked up at the second boot, and then: only what is tracked is recorded, and it was marked at the first boot. */
    @Test
    void marksOfAFileOutliveTheBootAndSelect() throws IOException {
        String marked = Files.readString(out.resolve("marked"));
        assertTrue(marked.contains("Type: file\n") && marked.contains("\nTaint: 20\n") && marked.contains("\nFile is tracked.\n")
                && marked.endsWith("\nFile propagates tracking.\n"), marked);
        String made = Files.readString(out.resolve("from-marked"));
        assertTrue(made.contains("\nTaint: 20\n") && made.contains("\nFile is tracked.\n"), made);
        look(graph -> {
            graph.assertFrom(DISK + "/from-marked", DISK + "/marked");
            assertEquals(List.of(), graph.files(DISK + "/from-unmarked"), "what touches nothing that is tracked is not recorded");
        });
    }
}
