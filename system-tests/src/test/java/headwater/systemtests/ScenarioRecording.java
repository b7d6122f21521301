// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import headwater.capture.FrontEnd;
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

/** One recording of all scenarios, and the tests of it. */
final class ScenarioRecording implements AutoCloseable {
    private final Store store;
    private final GraphView view;
    private final FileNow.Lookup files;
    private final Path result;
    private final String work;
    private final FrontEnd frontEnd;
    private final Kernel kernel;
    private final Map<String, Integer> ports;

    /**
     * @param store where the recording is
     * @param files the file system that was recorded
     * @param result what {@code record.sh} left
     * @param work the folder of the scenarios, as they saw it
     * @param kernel null if it is the machine's own
     */
    ScenarioRecording(Path store, FileNow.Lookup files, Path result, String work, FrontEnd frontEnd, Kernel kernel)
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
    }

    /** The words that run {@code record.sh}, with the recorder at the end. */
    static List<String> command(Path checkout, Path scripts, Path testers, String work, String result, List<String> recorder) {
        List<String> words = new ArrayList<>(List.of("sh", checkout.resolve("system-tests/src/test/sh/record.sh").toString(),
                scripts.toString(), testers.toString(), work, result));
        words.addAll(recorder);
        return words;
    }

    /** A test for each scenario, and those of the whole record. */
    Stream<DynamicTest> tests() {
        return Stream.concat(Stream.of(
                test("nothing is lost", () -> assertEquals(List.of(), view.gaps())),
                test("the session is closed", () -> {
                    assertEquals(1, view.sessions().size());
                    assertTrue(view.sessions().getFirst().endNs() > 0);
                    assertEquals(frontEnd.text(), view.sessions().getFirst().frontEnd());
                }),
                test("no effect comes before its cause", () -> RecordOrder.verify(view))),
                Scenarios.chosen().stream().map(scenario -> test(scenario.name(), () -> verify(scenario))));
    }

    private DynamicTest test(String name, org.junit.jupiter.api.function.Executable body) {
        return DynamicTest.dynamicTest(name + " [" + (kernel == null ? "" : kernel.series() + " ") + frontEnd.text() + "]", body);
    }

    private void verify(Scenario scenario) throws IOException {
        Path left = result.resolve("scenarios").resolve(scenario.name());
        int status = Integer.parseInt(Files.readString(left.resolve("status")).strip());
        if (kernel != null && scenario.lacking().containsKey(kernel)) {
            assertEquals(Scenario.NOT_HERE, status, () -> "said to be lacking on " + kernel.series() + " ("
                    + scenario.lacking().get(kernel) + "), but the script said:\n" + read(left.resolve("log")));
        }
        if (status == Scenario.NOT_HERE) {
            String said = read(left.resolve("log")).strip();
            notHere(scenario, kernel, said.substring(said.lastIndexOf('\n') + 1));
        }
        assertEquals(0, status, () -> "status of the scenario's script, which said:\n" + read(left.resolve("log")));
        scenario.verify(new RecordedGraph(view, files, work + "/" + scenario.name(), ports), frontEnd,
                kernel);
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
        System.err.println("not applicable: scenario=" + scenario.name() + ", kernel="
                + (kernel == null ? System.getProperty("os.version") : kernel.series()) + ": " + reason);
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
