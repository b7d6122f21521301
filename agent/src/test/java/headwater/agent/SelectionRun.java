// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.capture.OnLoss;
import headwater.capture.Policy;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Records scripts of the test's own under a policy, and looks at what was recorded. */
abstract class SelectionRun {
    static final int USER = 54321;
    static final long TAINT = 0x8000000000000401L;

    @TempDir
    Path folder;

    /** The control group whose packets are recorded. */
    Path packets;

    @BeforeEach
    void source() throws IOException {
        Files.writeString(folder.resolve("source"), "secret\n");
    }

    Recorded record(Policy policy, String script) throws IOException {
        return record(policy, script, recording -> { });
    }

    /** Records a script under {@code sh}, after {@code prepare}; when the script makes the file {@code now}, {@code then} is done. */
    Recorded record(Policy policy, String script, Consumer<Recording> prepare) throws IOException {
        return record(policy, script, prepare, recording -> { });
    }

    Recorded record(Policy policy, String script, Consumer<Recording> prepare, Consumer<Recording> then) throws IOException {
        return record(policy, List.of("sh", "-c", "cd " + folder + "\n" + script), prepare, then);
    }

    Recorded record(Policy policy, List<String> command, Consumer<Recording> prepare, Consumer<Recording> then) throws IOException {
        if (OneCapture.isWanted()) {
            return OneCapture.get().record(policy, folder, recording -> play(recording, command, prepare, then));
        }
        Path path = folder.resolve("store");
        Recording.Figures figures;
        try (Store store = Store.openForWriting(path, "test");
                Recording recording = Recording.start(store, plan(policy, packets))) {
            play(recording, command, prepare, then);
            recording.stop();
            figures = recording.figures();
        }
        assertEquals(0, figures.lost(), "lost");
        return new Recorded(folder, figures.records(), Store.openForReading(path).view(), 0, 0);
    }

    static Recording.Plan plan(Policy policy, Path packets) {
        return new Recording.Plan(TestedFrontEnd.get(), false, "sh", 1 << 22, OnLoss.RECORD, Recording.Environment.NONE, packets, policy);
    }

    private void play(Recording recording, List<String> command, Consumer<Recording> prepare, Consumer<Recording> then) throws IOException {
        try (GatedCommand gated = GatedCommand.start(CommandRun.words(command))) {
            prepare.accept(recording);
            recording.adopt(gated.pid());
            gated.release();
            Idle idle = new Idle(recording::sleep);
            boolean done = false;
            while (gated.isAlive()) {
                idle.idle(recording.doWork(), recording.pending());
                if (!done && Files.exists(folder.resolve("now"))) {
                    then.accept(recording);
                    done = true;
                    Files.writeString(folder.resolve("go"), "");
                }
            }
            assertEquals(0, gated.status());
        }
    }

    @BeforeEach
    void other() throws IOException {
        Files.writeString(folder.resolve("other"), "harmless\n");
    }

    /** Makes room for another recording. */
    void forget() throws IOException {
        if (OneCapture.isWanted()) {
            return;
        }
        try (var paths = Files.walk(folder.resolve("store"))) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Where the unified hierarchy is mounted. */
    static Path cgroups() throws IOException {
        return Files.readAllLines(Path.of("/proc/mounts")).stream().map(line -> line.split(" "))
                .filter(words -> words[2].equals("cgroup2")).map(words -> Path.of(words[1])).findFirst().orElseThrow();
    }

    String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
