// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.Filter;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.model.Attribute;
import headwater.model.Relation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random flows between real processes, files and pipes, some of the files tainted before: each file bears exactly the taint that a
 * model gives it which keeps every flow. A flow that is left out because its source's state was taken before must not have held taint back.
 */
class SpreadingTest extends SelectionRun {
    private static final int FILES = 12;
    private static final int PIPES = 6;
    private static final int WORKERS_MAX = 8;
    private static final int STEPS = 200;
    private static final int PIPE_BYTES_MAX = 64;
    private static final int TAINTED = 4;

    /** The tester opens all files at its start: that is no flow of the plan. */
    private static final Policy POLICY = Policy.EVERYTHING.withSpreading(new Filter(Set.of(), Set.of(Relation.OPEN)));

    @TempDir
    static Path tools;

    private final long[] files = new long[FILES];

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Process compiler = new ProcessBuilder("cc", "-O1", "-Wall", "-static", "-o", tools.resolve("random_flows").toString(),
                "src/test/c/random_flows.c").inheritIO().start();
        assertTrue(compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0, "the tester must compile");
    }

    @RepeatedTest(3)
    void taintIsThatOfAModelThatKeepsEveryFlow() throws IOException {
        long seed = System.nanoTime();
        System.out.println("SpreadingTest: seed=" + seed);
        Path plan = folder.resolve("plan");
        Files.writeString(plan, plan(new Random(seed)));
        for (int i = 0; i < TAINTED; i++) {
            Files.writeString(folder.resolve("file" + i), "");
        }
        List<String> command = List.of(tools.resolve("random_flows").toString(), plan.toString(), folder.toString(), Integer.toString(FILES),
                Integer.toString(PIPES));
        try (Recorded recorded = record(POLICY, command, recording -> {
            for (int i = 0; i < TAINTED; i++) {
                recording.mark(folder.resolve("file" + i), Marks.PROPAGATE.tainted(1L << i), Set.of());
            }
        }, recording -> { })) {
            for (int i = 0; i < FILES; i++) {
                long taint = 0;
                for (long object : recorded.named("file" + i)) {
                    taint |= recorded.view().attributes(object).number(Attribute.TAINT, 0);
                }
                assertEquals(Long.toBinaryString(files[i]), Long.toBinaryString(taint), "taint of file" + i + ", seed=" + seed);
            }
        }
    }

    /** Makes a plan and, beside it, the model's answer. */
    private String plan(Random random) {
        StringBuilder plan = new StringBuilder();
        long[] processes = new long[WORKERS_MAX];
        long[] pipes = new long[PIPES];
        int[] waiting = new int[PIPES];
        int workers = 1;
        for (int i = 0; i < FILES; i++) {
            files[i] = i < TAINTED ? 1L << i : 0;
        }
        for (int step = 0; step < STEPS; step++) {
            int worker = random.nextInt(workers);
            int kind = random.nextInt(100);
            int file = random.nextInt(FILES);
            int pipe = random.nextInt(PIPES);
            if (kind < 4 && workers < WORKERS_MAX) {
                plan.append("f ").append(worker).append(' ').append(workers).append('\n');
                processes[workers++] = processes[worker];
            } else if (kind < 20) {
                plan.append("r ").append(worker).append(' ').append(file).append('\n');
                processes[worker] |= files[file];
            } else if (kind < 50) {
                plan.append("w ").append(worker).append(' ').append(file).append('\n');
                files[file] |= processes[worker];
            } else if (kind < 75 && waiting[pipe] > 0) {
                plan.append("g ").append(worker).append(' ').append(pipe).append('\n');
                waiting[pipe]--;
                processes[worker] |= pipes[pipe];
            } else if (waiting[pipe] < PIPE_BYTES_MAX) {
                plan.append("p ").append(worker).append(' ').append(pipe).append('\n');
                waiting[pipe]++;
                pipes[pipe] |= processes[worker];
            }
        }
        return plan.toString();
    }
}
