// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import headwater.capture.FrontEnd;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.query.FileNow;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final Kernel kernel;
    private final int attempt;
    private final Map<String, Integer> ports;

    /**
     * @param store where the recording is
     * @param files the file system that was recorded
     * @param result what {@code record.sh} left
     * @param work the folder of the scenarios, as they saw it
     * @param kernel null if it is the machine's own
     * @param attempt the number of the recording, where more than one was made; from 1
     */
    ScenarioRecording(Path store, FileNow.Lookup files, Path result, String work, FrontEnd frontEnd, Kernel kernel, int attempt)
            throws IOException {
        String[] numbers = Files.readString(result.resolve("ports")).strip().split(" ");
        ports = Map.of("TCP_PORT", Integer.valueOf(numbers[0]), "UDP_PORT", Integer.valueOf(numbers[1]));
        this.store = Store.openForReading(store);
        this.view = this.store.view();
        this.files = files;
        this.result = result;
        this.work = work;
        this.frontEnd = frontEnd;
        this.kernel = kernel;
        this.attempt = attempt;
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

    /** What each call of ProvMark's adds; none if only some scenarios were chosen. */
    Stream<DynamicTest> provMark() {
        if (Scenarios.chosen() != Scenarios.ALL) {
            return Stream.of();
        }
        return ProvMark.CALLS.stream().filter(call -> call.adds(frontEnd) != null)
                .map(call -> test("ProvMark: " + call.name(), () -> {
                    assertEquals("", added("nothing"), "a program that makes no call adds something, so no difference can be trusted");
                    assertEquals(call.adds(frontEnd), added(call.name()), () -> "what " + call.name() + " adds by " + frontEnd.text()
                            + "; if that is right, put it into ProvMark and run dev/coverage");
                }));
    }

    private String added(String call) throws IOException {
        Path left = result.resolve("scenarios").resolve(ProvMark.NAME);
        assertEquals("0", Files.readString(left.resolve("status")).strip(), () -> read(left.resolve("log")));
        Map<String, Long> pids = new HashMap<>();
        for (String line : Files.readAllLines(left.resolve("log"))) {
            String[] words = line.split(" ");
            pids.put(words[0] + " " + words[1], Long.valueOf(words[2]));
        }
        RunGraph with = RunGraph.of(view, pids.get(call + " foreground"));
        RunGraph without = RunGraph.of(view, pids.get(call + " background"));
        assertEquals("", without.added(with), () -> "the program without " + call + " drew what the one with it did not");
        return with.added(without);
    }

    /** The kernel may skip any program of fexit, and refuse it room for a forked task; both are counted (docs/flow-core.md). */
    private boolean mayMiss(Gap gap) {
        return frontEnd == FrontEnd.FEXIT
                && (gap.cause() == Gap.Cause.HOOK_SKIPPED || gap.cause() == Gap.Cause.MAP_FULL);
    }

    /** The test that the scenario's expectations are met. */
    DynamicTest of(Scenario scenario) {
        return test(scenario.name(), () -> verify(scenario));
    }

    /** A name with the kernel, the front-end and, but for the first, the number of the recording. */
    DynamicTest test(String name, Executable body) {
        return DynamicTest.dynamicTest(name + " [" + (kernel == null ? "" : kernel.series() + " ") + frontEnd.text()
                + (attempt == 1 ? "" : " " + attempt) + "]", body);
    }

    private void verify(Scenario scenario) throws IOException {
        assertRan(scenario);
        scenario.verify(graph(scenario), frontEnd, kernel);
    }

    /** What the record does not have of the scenario, whose script must have run to its end. */
    List<Scenario.Failure> failures(Scenario scenario) throws IOException {
        assertRan(scenario);
        return scenario.failures(graph(scenario), frontEnd, kernel);
    }

    private RecordedGraph graph(Scenario scenario) {
        return new RecordedGraph(view, files, work + "/" + scenario.name(), ports);
    }

    /** The scenario's script ran to its end; the test is aborted if the kernel lacks what it needs, as announced. */
    private void assertRan(Scenario scenario) throws IOException {
        int status = Integer.parseInt(Files.readString(left(scenario, "status")).strip());
        if (kernel != null && scenario.lacking().containsKey(kernel)) {
            assertEquals(Scenario.NOT_HERE, status, () -> "said to be lacking on " + kernel.series() + " ("
                    + scenario.lacking().get(kernel) + "), but the script said:\n" + said(scenario));
        }
        if (status == Scenario.NOT_HERE) {
            String said = said(scenario).strip();
            String reason = said.substring(said.lastIndexOf('\n') + 1);
            System.err.println("not applicable: scenario=" + scenario.name() + ", kernel="
                    + (kernel == null ? System.getProperty("os.version") : kernel.series()) + ": " + reason);
            notHere(scenario, kernel, reason);
        }
        assertEquals(0, status, () -> "status of the scenario's script, which said:\n" + said(scenario));
    }

    /** What the scenario's script said. */
    String said(Scenario scenario) {
        return read(left(scenario, "log"));
    }

    private Path left(Scenario scenario, String name) {
        return result.resolve("scenarios").resolve(scenario.name()).resolve(name);
    }

    /**
     * Ends the test: aborted, which is no pass, where it is announced or the kernel is the machine's own; else failed.
     *
     * @param kernel null if it is the machine's own
     */
    static void notHere(Scenario scenario, Kernel kernel, String reason) {
        assertTrue(kernel == null ? scenario.somewhere() : scenario.lacking().containsKey(kernel),
                () -> "the kernel lacks what the scenario needs, and " + (kernel == null ? "so does every stock kernel: "
                        : "no declaration says so: ") + reason + "; declare it with Scenario.notOn, or mend the scenario");
        abort("not applicable here: " + reason);
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
