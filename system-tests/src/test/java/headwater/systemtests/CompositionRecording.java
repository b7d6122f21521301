// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.query.FileNow;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One recording of many compositions by {@code trace}. Each is run in a folder of its own, in which two chains of the same stages go
 * from {@code source} to {@code sink} and from {@code other} to {@code second}.
 */
final class CompositionRecording implements AutoCloseable {
    private final Store store;
    private final GraphView view;
    private final Map<Composition, Path> folders = new HashMap<>();

    /**
     * Runs them all.
     *
     * @param folder empty
     */
    CompositionRecording(Path folder, List<Composition> compositions) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (Composition composition : compositions) {
            Path work = Files.createDirectories(folder.toRealPath().resolve("chain-" + folders.size()));
            if (folders.putIfAbsent(composition, work) != null) {
                continue;
            }
            Files.writeString(work.resolve("source"), "source of " + composition.hashCode() + "\n");
            Files.writeString(work.resolve("other"), "other of " + composition.hashCode() + "\n");
            script.append("(cd ").append(work).append(" && timeout 60 ").append(Build.testers().resolve("compose"))
                    .append(" source sink other second ").append(composition).append(" </dev/null >log 2>&1; echo $? >status)\n");
        }
        Path run = Files.writeString(folder.resolve("chains.sh"), script);
        Path to = folder.resolve("store");
        CommandLine.Outcome outcome = CommandLine.run(folder, "run", "--store", to.toString(), "--front-end", "trace", "--",
                "/bin/sh", run.toString());
        assertEquals(0, outcome.status(), outcome::toString);
        store = Store.openForReading(to);
        view = store.view();
    }

    List<Gap> gaps() {
        return view.gaps();
    }

    /** {@link Scenario#NOT_HERE} if the kernel lacks what a stage needs. */
    int status(Composition composition) throws IOException {
        return Integer.parseInt(Files.readString(folders.get(composition).resolve("status")).strip());
    }

    String said(Composition composition) throws IOException {
        return Files.readString(folders.get(composition).resolve("log")).strip();
    }

    /** The bytes have come through, and the record says from where, of both chains. */
    void verify(Composition composition) throws IOException {
        assertEquals(0, status(composition), said(composition));
        Path work = folders.get(composition);
        assertCame(work, "sink", "source");
        assertCame(work, "second", "other");
        RecordedGraph graph = new RecordedGraph(view, FileNow::onThisMachine, work.toString(), Map.of());
        graph.assertFrom("sink", "source");
        graph.assertFrom("second", "other");
        graph.assertNotFrom("sink", "other");
        graph.assertNotFrom("second", "source");
    }

    /** Some stages pass on the first letters only. */
    private static void assertCame(Path work, String sink, String source) throws IOException {
        String came = Files.readString(work.resolve(sink));
        assertTrue(!came.isEmpty() && Files.readString(work.resolve(source)).startsWith(came), () -> sink + " has: " + came);
    }

    @Override
    public void close() {
        view.close();
        store.close();
    }
}
