// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.capture.Mark;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.capture.kernel.KernelException;
import headwater.model.Attribute;
import headwater.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * One capture for all scripts of this Java virtual machine, each under a policy of its own, if the system property
 * {@code headwater.one-capture} is true: where loading the programs takes longer than all scripts together.
 */
final class OneCapture {
    /** Nobody follows such an address; that packets can be asked for at all has to be said at the start. */
    private static final String NOBODY = "192.0.2.1";
    private static OneCapture instance;

    private final Path path;
    private final Store store;
    private final Recording recording;

    /** What is recorded while a capture runs. */
    @FunctionalInterface
    interface Play {
        void play(Recording recording) throws IOException;
    }

    private OneCapture() throws IOException {
        path = Files.createTempDirectory("one-capture").resolve("store");
        store = Store.openForWriting(path, "test");
        recording = Recording.start(store, SelectionRun.plan(nothing().with(
                new Target.Address(InetAddress.getByName(NOBODY), 32, 1, true), Marks.RECORD), null));
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    static boolean isWanted() {
        return Boolean.getBoolean("headwater.one-capture");
    }

    static OneCapture get() throws IOException {
        if (instance == null) {
            instance = new OneCapture();
            instance.verifyNothingYet();
        }
        return instance;
    }

    /** As long as nothing was ever tracked, a process that is not selected adds no record at all. */
    private void verifyNothingYet() throws IOException {
        Path folder = Files.createDirectory(path.resolveSibling("first"));
        try (Recorded recorded = record(Policy.TRACKED, folder, first -> {
            try (GatedCommand gated = GatedCommand.start(CommandRun.words(List.of("sh", "-c", "cat /etc/passwd | cat >" + folder + "/copy")))) {
                first.adopt(gated.pid());
                gated.release();
                while (gated.isAlive()) {
                    first.doWork();
                }
            }
        })) {
            assertEquals(0, recorded.records(), "of a process that is not selected");
        }
    }

    private static Policy nothing() {
        return Policy.EVERYTHING.withEnabled(false);
    }

    Recorded record(Policy policy, Path folder, Play play) throws IOException {
        recording.policy(policy);
        Recording.Figures before = recording.figures();
        long firstNode = store.writer().nextNode();
        long firstEdge = store.writer().nextEdge();
        play.play(recording);
        settle();
        Recording.Figures after = recording.figures();
        assertEquals(0, after.lost() - before.lost(), "lost");
        Recorded recorded = new Recorded(folder, after.records() - before.records(), Store.openForReading(path).view(), firstNode, firstEdge);
        recording.policy(nothing());
        unmark(recorded);
        settle();
        return recorded;
    }

    private void settle() {
        while (recording.doWork() > 0) {
            Thread.onSpinWait();
        }
        recording.settle();
    }

    /** What somebody tracked holds open is tracked from then on: nothing is for the next script. */
    private void unmark(Recorded recorded) {
        for (int fd = 0; fd <= 2; fd++) {
            unmark(Path.of("/proc/self/fd/" + fd));
        }
        for (long object = 0; object < recorded.view().objects(); object++) {
            byte[] name = recorded.view().attributes(object).bytes(Attribute.NAME);
            Path file = Path.of(name == null ? "" : new String(name));
            if (file.isAbsolute()) {
                unmark(file);
            }
        }
    }

    private void unmark(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            recording.mark(file, Marks.NONE, EnumSet.allOf(Mark.class));
        } catch (KernelException e) {
            // A device that cannot be opened, such as the terminal of who has none.
            System.out.println("OneCapture: not unmarked: file=" + file + ", error=" + e.getMessage());
        }
    }

    private void end() {
        recording.stop();
        recording.close();
        store.close();
    }
}
