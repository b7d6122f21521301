// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The thread that records sleeps when nothing happens, and what happens wakes it. How long it would sleep otherwise is far above what a
 * busy machine makes of a wake-up. Needs root.
 */
class SleepTest {
    private static final int LONG_MS = 60_000;
    private static final Duration SHORT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** What is done with a recording of a shell that waits a second, writes a file, and waits again. */
    private interface Scene {
        void play(Recording recording) throws IOException, InterruptedException;
    }

    private void play(Scene scene) throws IOException, InterruptedException {
        List<byte[]> command = CommandRun.words(List.of("sh", "-c", "sleep 1; echo a > " + made() + "; exec sleep 120"));
        try (Store store = Store.openForWriting(folder.resolve("store"), "test");
                Recording recording = Recording.start(store, new Recording.Plan(TestedFrontEnd.get(), false, "sh", 1 << 20));
                GatedCommand gated = GatedCommand.start(command)) {
            recording.adopt(gated.pid());
            gated.release();
            try {
                scene.play(recording);
            } finally {
                ProcessHandle.of(gated.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
            recording.stop();
            assertEquals(0, recording.figures().lost());
        }
    }

    private Path made() {
        return folder.resolve("made");
    }

    private void awaitWritten() throws IOException, InterruptedException {
        for (long end = System.nanoTime() + SHORT.toNanos(); !Files.exists(made()) || Files.size(made()) == 0;) {
            assertTrue(System.nanoTime() < end, "the shell has written nothing");
            Thread.sleep(1);
        }
    }

    private static void settle(Recording recording) {
        while (recording.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    private static Duration slept(Recording recording) {
        long began = System.nanoTime();
        recording.sleep(LONG_MS);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void shouldBeWokenByWhatIsRecorded() throws IOException, InterruptedException {
        play(recording -> {
            boolean woken = false;
            // Until the shell has written and waits again; the program that waits is the last to be recorded.
            for (int records = 0; records < 1_000 && !Thread.interrupted() && !woken; records++) {
                settle(recording);
                Duration slept = slept(recording);
                assertTrue(slept.compareTo(SHORT) < 0, () -> "slept=" + slept);
                woken = slept.toMillis() >= 300 && recording.doWork() > 0;
            }
            assertTrue(woken, "it never slept until something happened");
        });
    }

    @Test
    void shouldNotSleepOverWhatHasCome() throws IOException, InterruptedException {
        play(recording -> {
            settle(recording);
            awaitWritten();
            assertFalse(recording.sleep(LONG_MS), "what came since the last look is there");
            assertTrue(recording.doWork() > 0);
        });
    }

    @Test
    void shouldBeWokenByAnotherThread() throws IOException, InterruptedException {
        play(recording -> {
            awaitWritten();
            Thread other = Thread.ofPlatform().start(() -> {
                while (!Thread.interrupted()) {
                    recording.wake();
                    LockSupport.parkNanos(20_000_000);
                }
            });
            try {
                // More often than what is still recorded, the shell becoming another program, could wake it.
                for (int sleeps = 0; sleeps < 50; sleeps++) {
                    settle(recording);
                    Duration slept = slept(recording);
                    assertTrue(slept.compareTo(SHORT) < 0, () -> "slept=" + slept);
                }
            } finally {
                other.interrupt();
                other.join();
            }
        });
    }
}
