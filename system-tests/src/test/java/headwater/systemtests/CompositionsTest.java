// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random chains of channels, by {@code trace} on this machine's own kernel: what went in at one end is an ancestor of what came out at
 * the other, and of nothing else. {@code -Dheadwater.compositions=300} runs as many, {@code -Dheadwater.compositions.seed=N} those
 * of that seed, {@code -Dheadwater.compositions.chains='pipe file, tcp4 memfd'} these. Each channel alone goes first.
 */
class CompositionsTest {
    private static final int COUNT = Integer.getInteger("headwater.compositions", 12);
    private static final long SEED = Long.getLong("headwater.compositions.seed", System.nanoTime());

    /** {@link headwater.capture.BlindSpot#PRIVATE_MAPPINGS}; {@link CompositionChannels} shows that it is one. */
    private static final Set<String> UNSEEN = Set.of("mmap-private-before");

    @TempDir
    static Path folder;

    private static final List<Composition> ALONE = new ArrayList<>();
    private static final List<Composition> CHAINS = new ArrayList<>();
    private static CompositionRecording recording;

    @BeforeAll
    static void record() throws Exception {
        System.err.println("compositions: -Dheadwater.compositions.seed=" + SEED + " -Dheadwater.compositions=" + COUNT);
        CommandLine.Outcome listed = CommandLine.execute(folder, List.of(Build.testers().resolve("compose").toString(), "--stages"));
        assertEquals(0, listed.status(), listed::toString);
        List<String> stages = new ArrayList<>(listed.out().lines().toList());
        stages.removeIf(UNSEEN::contains);
        stages.forEach(stage -> ALONE.add(new Composition(List.of(stage))));
        String named = System.getProperty("headwater.compositions.chains", "");
        Random random = new Random(SEED);
        while (named.isEmpty() && CHAINS.size() < COUNT) {
            CHAINS.add(Composition.random(random, stages));
        }
        Stream.of(named.split(",")).filter(chain -> !chain.isBlank())
                .forEach(chain -> CHAINS.add(new Composition(List.of(chain.strip().split(" +")))));
        recording = new CompositionRecording(Files.createDirectory(folder.resolve("chains")),
                Stream.concat(ALONE.stream(), CHAINS.stream()).toList());
    }

    @AfterAll
    static void close() {
        if (recording != null) {
            recording.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> alone() {
        assertFalse(ALONE.isEmpty());
        return ALONE.stream().map(stage -> DynamicTest.dynamicTest(stage.toString(), () -> verify(stage)));
    }

    @TestFactory
    Stream<DynamicTest> chains() {
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest("nothing is lost", () -> assertEquals(List.of(), recording.gaps()))),
                CHAINS.stream().map(chain -> DynamicTest.dynamicTest(chain.toString(), () -> verify(chain))));
    }

    private static void verify(Composition chain) throws Exception {
        if (recording.status(chain) == Scenario.NOT_HERE) {
            abort("not applicable here: " + recording.said(chain));
        }
        try {
            recording.verify(chain);
        } catch (AssertionError e) {
            throw new AssertionError("seed=" + SEED + ", stages=" + chain + ", shortest part that fails too="
                    + shortest(chain) + "\n" + e.getMessage(), e);
        }
    }

    /** The shortest part of the chain that fails by itself, recorded once more; the chain if none does. */
    private static Composition shortest(Composition chain) throws IOException, InterruptedException {
        if (chain.parts().isEmpty()) {
            return chain;
        }
        Path again = Files.createTempDirectory(folder, "again");
        try (CompositionRecording parts = new CompositionRecording(again, chain.parts())) {
            for (Composition part : chain.parts()) {
                if (parts.status(part) != Scenario.NOT_HERE && !passes(parts, part)) {
                    return part;
                }
            }
        }
        return chain;
    }

    private static boolean passes(CompositionRecording recording, Composition part) throws IOException {
        try {
            recording.verify(part);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }
}
