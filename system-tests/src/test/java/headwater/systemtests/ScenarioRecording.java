// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.query.FileNow;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** One recording of all scenarios, and the tests of it. */
final class ScenarioRecording implements AutoCloseable {
    private final Store store;
    private final GraphView view;
    private final FileNow.Lookup files;
    private final Path result;
    private final String work;
    private final FrontEnd frontEnd;
    private final String where;
    private final Map<String, Integer> ports;

    /**
     * @param store where the recording is
     * @param files the file system that was recorded
     * @param result what {@code record.sh} left
     * @param work the folder of the scenarios, as they saw it
     * @param where for the names of the tests: the kernel and a blank, or nothing
     */
    ScenarioRecording(Path store, FileNow.Lookup files, Path result, String work, FrontEnd frontEnd, String where)
            throws IOException {
        String[] numbers = Files.readString(result.resolve("ports")).strip().split(" ");
        ports = Map.of("TCP_PORT", Integer.valueOf(numbers[0]), "UDP_PORT", Integer.valueOf(numbers[1]));
        this.store = Store.openForReading(store);
        this.view = this.store.view();
        this.files = files;
        this.result = result;
        this.work = work;
        this.frontEnd = frontEnd;
        this.where = where;
    }

    /** The words that run {@code record.sh}, with the recorder at the end. */
    static List<String> command(Path checkout, Path scripts, Path testers, String work, String result, List<String> recorder) {
        List<String> words = new ArrayList<>(List.of("sh", checkout.resolve("system-tests/src/test/sh/record.sh").toString(),
                scripts.toString(), testers.toString(), work, result));
        words.addAll(recorder);
        return words;
    }

    /** The tests of the whole record. */
    Stream<DynamicTest> ofTheWhole() {
        return Stream.of(
                test("nothing is lost but what the front-end may miss", () -> assertEquals(List.of(),
                        view.gaps().stream().filter(gap -> !mayMiss(gap)).toList())),
                test("the session is closed", () -> {
                    assertEquals(1, view.sessions().size());
                    assertTrue(view.sessions().getFirst().endNs() > 0);
                    assertEquals(frontEnd.text(), view.sessions().getFirst().frontEnd());
                }),
                test("no effect comes before its cause", () -> RecordOrder.verify(view)));
    }

    /** The kernel may skip any program of fexit, and refuse it room for a forked task; both are counted (docs/flow-core.md). */
    private boolean mayMiss(Gap gap) {
        return frontEnd == FrontEnd.FEXIT
                && (gap.cause() == Gap.Cause.HOOK_SKIPPED || gap.cause() == Gap.Cause.MAP_FULL);
    }

    /** The test that the scenario's expectations are met. */
    DynamicTest of(Scenario scenario) {
        return test(scenario.name(), () -> {
            List<Scenario.Failure> failures = failures(scenario);
            assertAll(scenario.name(), failures.stream().map(failure -> () -> {
                throw failure.error();
            }));
        });
    }

    /** A name with the kernel and the front-end. */
    DynamicTest test(String name, Executable body) {
        return DynamicTest.dynamicTest(name + " [" + where + frontEnd.text() + "]", body);
    }

    /** What the record does not have of the scenario, whose script must have run to its end. */
    List<Scenario.Failure> failures(Scenario scenario) throws IOException {
        assertEquals("0", Files.readString(left(scenario, "status")).strip(),
                () -> "status of the scenario's script, which said:\n" + said(scenario));
        return scenario.failures(new RecordedGraph(view, files, work + "/" + scenario.name(), ports), frontEnd);
    }

    /** What the scenario's script said. */
    String said(Scenario scenario) {
        return read(left(scenario, "log"));
    }

    private Path left(Scenario scenario, String name) {
        return result.resolve("scenarios").resolve(scenario.name()).resolve(name);
    }

    private static String read(Path path) {
        try {
            return Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        view.close();
        store.close();
    }
}
