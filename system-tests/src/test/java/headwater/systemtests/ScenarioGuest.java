// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import headwater.capture.FrontEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * One boot of a stock kernel, in which scenarios are recorded by one front-end after another, and the tests of what it left. The
 * kernel may skip programs of fexit, so with it a scenario counts as seen if one of a few recordings has it; but a recording that has it
 * not must say, where it was asked, that it is incomplete.
 */
final class ScenarioGuest implements AutoCloseable {
    /** Seconds for boot and recordings; an emulated processor on a busy machine. */
    private static final int TIMEOUT_SECONDS = 2400;

    /** What a guest has for the scenarios: a memory device, which {@link LoadChannels} has taken for a card with firmware. */
    static final List<String> DEVICES = List.of("--qemu", "-object", "--qemu", "memory-backend-ram,id=card,size=1M",
            "--qemu", "-device", "--qemu", "ivshmem-plain,memdev=card");

    private final Kernel kernel;
    private final int cpus;
    private final List<FrontEnd> frontEnds;
    private final List<Scenario> scenarios;
    private final Path out;
    private final List<ScenarioRecording> recordings = new ArrayList<>();

    /**
     * @param cpus of the guest
     * @param out an empty folder for what the guest leaves
     */
    ScenarioGuest(Kernel kernel, int cpus, List<FrontEnd> frontEnds, List<Scenario> scenarios, Path out) {
        this.kernel = kernel;
        this.cpus = cpus;
        this.frontEnds = frontEnds;
        this.scenarios = scenarios;
        this.out = out;
    }

    Kernel kernel() {
        return kernel;
    }

    /** Boots and records; comes back when the guest has ended. */
    CommandLine.Outcome boot() throws IOException, InterruptedException {
        Path scripts = out.resolve("scripts");
        Scenarios.writeScripts(scripts, scenarios);
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", kernel.series(),
                "--smp", Integer.toString(cpus), "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString()));
        words.addAll(DEVICES);
        words.addAll(List.of("--", "sh", checkout.resolve("system-tests/src/test/sh/in-guest.sh").toString(), "/out/scripts",
                Build.testers().toString(), String.join(" ", frontEnds.stream().map(FrontEnd::text).toList())));
        words.addAll(CommandLine.of());
        return CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
    }

    /** The tests of each front-end's recordings, which are opened when the guest has ended. */
    Stream<DynamicNode> tests() {
        return frontEnds.stream().map(frontEnd -> DynamicContainer.dynamicContainer(frontEnd.text() + " on " + kernel.series(),
                Stream.of(frontEnd).flatMap(this::of)));
    }

    private Stream<DynamicNode> of(FrontEnd frontEnd) {
        List<DynamicNode> tests = new ArrayList<>();
        List<ScenarioRecording> attempts = new ArrayList<>();
        int attempt = 1;
        do {
            String name = frontEnd.text() + "-" + attempt;
            Path result = out.resolve(name);
            if (!read(result.resolve("status")).equals("0")) {
                return Stream.of(DynamicTest.dynamicTest("recording [" + kernel.series() + " " + name + "]",
                        () -> fail("the scenarios were not recorded: " + read(result.resolve("stderr")))));
            }
            try {
                ScenarioRecording recording = new ScenarioRecording(result.resolve("store"),
                        new FileListing(result.resolve("listing")), result, "/mnt/scenarios/" + name, frontEnd,
                        kernel, attempt);
                recordings.add(recording);
                attempts.add(recording);
                recording.ofTheWhole().forEach(tests::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            attempt++;
        } while (Files.exists(out.resolve(frontEnd.text() + "-" + attempt)));
        for (Scenario scenario : scenarios) {
            tests.add(frontEnd == FrontEnd.FEXIT ? ofAny(attempts, scenario) : attempts.getFirst().of(scenario));
            if (cpus > 1) {
                attempts.forEach(each -> tests.add(each.test(scenario.name() + " ran on two CPUs", () -> {
                    String said = each.said(scenario);
                    assertTrue(said.contains("player 0: CPU 0") && said.contains("player 1: CPU 1"), said);
                })));
            }
        }
        if (scenarios == Scenarios.ALL) {
            attempts.getFirst().provMark().forEach(tests::add);
        }
        return tests.stream();
    }

    /** The test that one recording has the scenario, and that those before say that they may have missed it. */
    private static DynamicTest ofAny(List<ScenarioRecording> attempts, Scenario scenario) {
        return attempts.getFirst().test(scenario.name(), () -> {
            List<Scenario.Failure> failures = List.of();
            for (ScenarioRecording recording : attempts) {
                failures = recording.failures(scenario);
                if (failures.isEmpty()) {
                    return;
                }
                for (Scenario.Failure failure : failures) {
                    assertFalse(failure.saidComplete(), () -> "not as declared, and said to be complete: " + scenario.name() + ": "
                            + failure.says() + ": " + failure.error().getMessage());
                }
            }
            assertEquals(List.of(), failures, "in none of the recordings: " + attempts.size());
        });
    }

    private static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path).strip() : "no such file: " + path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        recordings.forEach(ScenarioRecording::close);
    }
}
