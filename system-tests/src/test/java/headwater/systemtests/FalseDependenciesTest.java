// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.model.GraphView;
import headwater.query.FileNow;
import headwater.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the workloads' results are said to come from, on this machine's own kernel. Needs root. */
class FalseDependenciesTest {
    @TempDir
    static Path folder;

    private static Path work;
    private static Store store;
    private static GraphView view;

    @BeforeAll
    static void record() throws Exception {
        for (Workload workload : Workloads.KNOWN) {
            workload.write(folder.resolve("scripts"));
        }
        work = folder.toRealPath().resolve("work");
        CommandLine.Outcome outcome = CommandLine.execute(folder, ScenarioRecording.command(Build.checkout(),
                folder.resolve("scripts"), Build.testers(), work.toString(), folder.resolve("result").toString(),
                CommandLine.of("run", "--store", folder.resolve("store").toString(), "--front-end", "trace", "--")));
        assertEquals(0, outcome.status(), outcome::toString);
        store = Store.openForReading(folder.resolve("store"));
        view = store.view();
    }

    @AfterAll
    static void close() {
        if (view != null) {
            view.close();
            store.close();
        }
    }

    @Test
    void shouldHaveLostNothing() {
        assertEquals(List.of(), view.gaps());
    }

    @TestFactory
    Stream<DynamicTest> workloads() {
        return Workloads.KNOWN.stream().map(workload -> DynamicTest.dynamicTest(workload.name() + " [trace]", () -> {
            assertRan(workload, folder.resolve("result"));
            FalseDependencies.verify(workload, new RecordedGraph(view, FileNow::onThisMachine,
                    work.resolve(workload.name()).toString(), Map.of()));
        }));
    }

    /** The workload's script has come to its end. */
    static void assertRan(Workload workload, Path result) throws Exception {
        Path left = result.resolve("scenarios").resolve(workload.name());
        String said = Files.readString(left.resolve("log"));
        assertEquals("0", Files.readString(left.resolve("status")).strip(),
                () -> "status of " + workload.name() + ", which said:\n" + said);
    }
}
