// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.capture.FrontEnd;
import headwater.query.FileNow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenarios on this machine's own kernel, by the front-end that every kernel takes. Needs root; a machine that cannot
 * capture fails here.
 */
class NativeScenariosTest {
    @TempDir
    static Path folder;

    private static ScenarioRecording recording;

    @BeforeAll
    static void record() throws Exception {
        Path scripts = folder.resolve("scripts");
        Scenarios.writeScripts(scripts, Scenarios.chosen());
        Path work = folder.toRealPath().resolve("work");
        Path result = folder.resolve("result");
        Path store = folder.resolve("store");
        CommandLine.Outcome outcome = CommandLine.execute(folder, ScenarioRecording.command(Build.checkout(), scripts,
                Build.testers(), work.toString(), result.toString(),
                CommandLine.of("run", "--store", store.toString(), "--front-end", "trace", "--")));
        assertEquals(0, outcome.status(), outcome::toString);
        assertEquals("0", Files.readString(result.resolve("status")).strip(), outcome::toString);
        recording = new ScenarioRecording(store, FileNow::onThisMachine, result, work.toString(), FrontEnd.TRACE, null, 1);
    }

    @AfterAll
    static void close() {
        if (recording != null) {
            recording.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> scenarios() {
        return Stream.of(recording.ofTheWhole(), Scenarios.chosen().stream().map(recording::of), recording.provMark())
                .flatMap(tests -> tests);
    }
}
