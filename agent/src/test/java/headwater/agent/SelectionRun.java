// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.capture.OnLoss;
import headwater.capture.Policy;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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

    record Recorded(Recording.Figures figures, GraphView view) implements AutoCloseable {
        @Override
        public void close() {
            view.close();
        }
    }

    Recorded record(Policy policy, String script) throws IOException {
        return record(policy, script, recording -> { });
    }

    /** Records a script under {@code sh}, after {@code prepare}; when the script makes the file {@code now}, {@code then} is done. */
    Recorded record(Policy policy, String script, Consumer<Recording> prepare) throws IOException {
        return record(policy, script, prepare, recording -> { });
    }

    Recorded record(Policy policy, String script, Consumer<Recording> prepare, Consumer<Recording> then) throws IOException {
        Path path = folder.resolve("store");
        List<byte[]> command = CommandRun.words(List.of("sh", "-c", "cd " + folder + "\n" + script));
        Recording.Figures figures;
        try (Store store = Store.openForWriting(path, "test");
                Recording recording = Recording.start(store, new Recording.Plan(TestedFrontEnd.get(), false, "sh", 1 << 22, OnLoss.RECORD,
                        Recording.Environment.NONE, packets, policy));
                GatedCommand gated = GatedCommand.start(command)) {
            prepare.accept(recording);
            recording.adopt(gated.pid());
            gated.release();
            Idle idle = new Idle();
            boolean done = false;
            while (gated.isAlive()) {
                idle.idle(recording.doWork());
                if (!done && Files.exists(folder.resolve("now"))) {
                    then.accept(recording);
                    done = true;
                    Files.writeString(folder.resolve("go"), "");
                }
            }
            recording.stop();
            assertEquals(0, gated.status());
            figures = recording.figures();
        }
        assertEquals(0, figures.lost(), "lost");
        return new Recorded(figures, Store.openForReading(path).view());
    }

    long[] named(GraphView view, String name) {
        return view.find(Attribute.NAME, folder.resolve(name).toString().getBytes());
    }

    boolean isRecorded(GraphView view, String name) {
        return named(view, name).length > 0;
    }

    long number(GraphView view, String name, Attribute attribute) {
        long[] objects = named(view, name);
        assertEquals(1, objects.length, name);
        return view.attributes(objects[0]).number(attribute, 0);
    }

    static boolean has(GraphView view, Relation wanted) {
        boolean[] found = new boolean[1];
        for (long node = 0; node < view.nodes(); node++) {
            view.causes(node, (edge, relation, other, time) -> {
                found[0] |= relation == wanted;
                return true;
            });
        }
        return found[0];
    }

    boolean isCause(GraphView view, String name) {
        boolean[] found = new boolean[1];
        for (long object : named(view, name)) {
            for (long version : view.versions(object)) {
                view.effects(version, (edge, relation, other, time) -> {
                    found[0] |= relation == Relation.READ || relation == Relation.COPY || relation == Relation.EXEC;
                    return true;
                });
            }
        }
        return found[0];
    }

    static boolean has(GraphView view, NodeKind kind) {
        for (long node = 0; node < view.nodes(); node++) {
            if (view.kind(view.object(node)) == kind) {
                return true;
            }
        }
        return false;
    }

    static void delete(Path path) throws IOException {
        try (var paths = Files.walk(path)) {
            for (Path each : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @BeforeEach
    void other() throws IOException {
        Files.writeString(folder.resolve("other"), "harmless\n");
    }

    static Set<Relation> relations(GraphView view) {
        Set<Relation> found = java.util.EnumSet.noneOf(Relation.class);
        for (long node = 0; node < view.nodes(); node++) {
            view.causes(node, (edge, relation, other, time) -> found.add(relation));
        }
        return found;
    }

    static boolean isEffect(GraphView view, long object, Relation wanted) {
        boolean[] found = new boolean[1];
        for (long version : view.versions(object)) {
            view.causes(version, (edge, relation, other, time) -> {
                found[0] |= relation == wanted;
                return true;
            });
        }
        return found[0];
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
