// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import headwater.capture.FrontEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenarios in stock kernels, each booted once, by every front-end (lsm and trace). {@code HEADWATER_GUESTS} names the series
 * ({@code "6.1 6.18"}), or {@code none}; without it, all that {@code dev/guest} knows.
 */
class GuestScenariosTest {
    /** The front-ends that are proven; the coverage table has no verdict of others. */
    static final List<FrontEnd> FRONT_ENDS = List.of(FrontEnd.LSM, FrontEnd.TRACE);

    /** Seconds for boot and recordings; an emulated processor on a busy machine. */
    private static final int TIMEOUT_SECONDS = 600;

    /** Guests at a time; each has one processor. */
    private static final int AT_ONCE = 2;

    @TempDir
    static Path folder;

    private static final List<ScenarioRecording> RECORDINGS = new ArrayList<>();
    private static final ExecutorService GUESTS = Executors.newFixedThreadPool(AT_ONCE);

    @AfterAll
    static void close() {
        GUESTS.shutdownNow();
        RECORDINGS.forEach(ScenarioRecording::close);
    }

    private static List<String> series() {
        String named = System.getenv("HEADWATER_GUESTS");
        assumeFalse("none".equals(named), "no guest is wanted: HEADWATER_GUESTS=none");
        return named == null || named.isBlank() || named.equals("all") ? Stream.of(Kernel.values()).map(Kernel::series).toList()
                : List.of(named.strip().split("[ ,]+"));
    }

    @TestFactory
    Stream<DynamicNode> kernels() {
        Map<String, Future<CommandLine.Outcome>> booted = new LinkedHashMap<>();
        series().forEach(series -> booted.put(series, GUESTS.submit(() -> boot(series, folder.resolve(series)))));
        return booted.entrySet().stream().map(guest -> {
            String series = guest.getKey();
            return DynamicContainer.dynamicContainer("kernel " + series, Stream.concat(
                    Stream.of(DynamicTest.dynamicTest("the guest ran [" + series + "]", () -> {
                        CommandLine.Outcome outcome = guest.getValue().get();
                        assertEquals(0, outcome.status(), outcome::toString);
                    })),
                    FRONT_ENDS.stream().map(frontEnd -> of(series, frontEnd,
                            folder.resolve(series).resolve(frontEnd.text())))));
        });
    }

    private static CommandLine.Outcome boot(String series, Path out) throws IOException, InterruptedException {
        Path scripts = out.resolve("scripts");
        Scenarios.writeScripts(scripts);
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", series,
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--",
                "sh", checkout.resolve("system-tests/src/test/sh/in-guest.sh").toString(), "/out/scripts",
                Build.testers().toString(), String.join(" ", FRONT_ENDS.stream().map(FrontEnd::text).toList())));
        words.addAll(CommandLine.of());
        return CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
    }

    /** The tests of one recording; made when the guest has ended. */
    private static DynamicNode of(String series, FrontEnd frontEnd, Path result) {
        return DynamicContainer.dynamicContainer(frontEnd.text() + " on " + series, Stream.of(0).flatMap(once -> {
            try {
                String err = result.resolve("stderr").toFile().exists() ? Files.readString(result.resolve("stderr"))
                        : "no recording was begun";
                if (!Files.exists(result.resolve("status")) || !Files.readString(result.resolve("status")).strip().equals("0")) {
                    return Stream.of(DynamicTest.dynamicTest("recording [" + series + " " + frontEnd.text() + "]",
                            () -> assertTrue(false, "the scenarios were not recorded: " + err)));
                }
                ScenarioRecording recording = new ScenarioRecording(result.resolve("store"),
                        new FileListing(result.resolve("listing")), result, "/mnt/scenarios/" + frontEnd.text(), frontEnd,
                        Kernel.ofSeries(series));
                RECORDINGS.add(recording);
                return recording.tests();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
    }
}
