// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.bench.Report;
import headwater.model.GraphView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Nodes whose ancestors are asked for, and the right answers: some with 50 to 5,000 ancestors, some with about as many
 * as the worst case that Linux Provenance Modules were measured with (17,696).
 */
final class Questions {
    /** As many of each size, so that the mean is not that of the smallest, of which there are most. */
    private static final int[] STRATA = {50, 500, 1_500, 5_001};
    private static final int EACH = 333;
    /**
     * Each is asked so often, and its median counts: on a machine with others on it a single one says what they did.
     */
    private static final int TIMES = 5;
    private static final int LARGE = 20;
    private static final int LARGE_LEAST = 14_000;
    private static final int LARGE_MOST = 20_400;

    private record Question(long node, int ancestors, long sum) {
    }

    private final List<Question> typical;
    private final List<Question> large;

    private Questions(List<Question> typical, List<Question> large) {
        this.typical = typical;
        this.large = large;
    }

    static Questions choose(ReferenceCsr reference) {
        Random random = new Random(7);
        List<Question> typical = new ArrayList<>();
        List<Question> large = new ArrayList<>();
        int[] counts = new int[STRATA.length - 1];
        for (int tries = 0; tries < 20_000; tries++) {
            choose(reference, random.nextInt(reference.nodes()), counts, typical, large);
        }
        // Few nodes have many: those that were written by what read much.
        int stride = Math.max(1, reference.edges() / 60_000);
        for (int edge = reference.edges() - 1; edge >= 0; edge -= 1 + random.nextInt(stride)) {
            choose(reference, reference.effect(edge), counts, typical, large);
        }
        return new Questions(typical, large);
    }

    private static void choose(ReferenceCsr reference, int node, int[] counts,
            List<Question> typical, List<Question> large) {
        int count = reference.ancestors(node, LARGE_MOST);
        if (count >= LARGE_LEAST && count < LARGE_MOST && large.size() < LARGE) {
            large.add(new Question(node, count, reference.sum(count)));
        }
        for (int i = 0; i < counts.length; i++) {
            if (count >= STRATA[i] && count < STRATA[i + 1] && counts[i] < EACH) {
                counts[i]++;
                typical.add(new Question(node, count, reference.sum(count)));
            }
        }
    }

    void save(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        typical.forEach(one -> lines.add("typical " + one.node + " " + one.ancestors + " " + one.sum));
        large.forEach(one -> lines.add("large " + one.node + " " + one.ancestors + " " + one.sum));
        Files.write(file, lines);
    }

    static Questions load(Path file) throws IOException {
        Questions questions = new Questions(new ArrayList<>(), new ArrayList<>());
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            (words[0].equals("typical") ? questions.typical : questions.large)
                    .add(new Question(Long.parseLong(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3])));
        }
        return questions;
    }

    /** Asks all and reports what it took; with targets if {@code aims}. */
    void ask(GraphView view, String where, Report report, boolean aims) {
        Ancestry ancestry = new Ancestry(view);
        for (int i = 0; i < 3; i++) {
            ask(ancestry, typical, 1, null, null);
        }
        figures(ancestry, where, report, aims ? 0.1 : 0, aims ? 1 : 0, aims ? 1 : 0, TIMES);
    }

    /** Asks each once, without asking any before. */
    void askOnce(GraphView view, String where, Report report) {
        Ancestry ancestry = new Ancestry(view);
        figures(ancestry, where + ", first time", report, 0, 10, 10, 1);
        figures(ancestry, where + ", again", report, 0, 10, 10, 1);
    }

    private void figures(Ancestry ancestry, String where, Report report, double p50, double p99, double worst,
            int times) {
        long[] wall = new long[typical.size()];
        long[] cpu = new long[typical.size()];
        ask(ancestry, typical, times, wall, cpu);
        report.say(where + ": ancestors asked for, mean", typical.stream().mapToInt(Question::ancestors).average()
                .orElse(0), "");
        verdict(report, where + ": 50 to 5,000 ancestors, p50", at(wall, 0.5), p50);
        verdict(report, where + ": 50 to 5,000 ancestors, p50 of CPU time", at(cpu, 0.5), 0);
        verdict(report, where + ": 50 to 5,000 ancestors, p99", at(wall, 0.99), p99);
        verdict(report, where + ": 50 to 5,000 ancestors, p99 of CPU time", at(cpu, 0.99), 0);
        if (!large.isEmpty()) {
            long[] largeWall = new long[large.size()];
            long[] largeCpu = new long[large.size()];
            ask(ancestry, large, times, largeWall, largeCpu);
            verdict(report, where + ": 14,000 to 20,400 ancestors, p50", at(largeWall, 0.5), worst);
            verdict(report, where + ": 14,000 to 20,400 ancestors, p50 of CPU time", at(largeCpu, 0.5), 0);
        }
    }

    private static void verdict(Report report, String name, double ms, double target) {
        if (target > 0) {
            report.atMost(name, ms, "ms", target);
        } else {
            report.say(name, ms, "ms");
        }
    }

    private static double at(long[] sorted, double part) {
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e6;
    }

    /** Asks one that the view has already; returns nanoseconds, or -1 if there is none. */
    long askAny(Ancestry ancestry, Random random, long nodes) {
        Question one = typical.get(random.nextInt(typical.size()));
        if (one.node >= nodes) {
            return -1;
        }
        long start = System.nanoTime();
        int count = ancestry.count(one.node);
        long took = System.nanoTime() - start;
        check(one, count, ancestry.sum());
        return took;
    }

    private static void ask(Ancestry ancestry, List<Question> questions, int times, long[] wall, long[] cpu) {
        for (int i = 0; i < questions.size(); i++) {
            Question one = questions.get(i);
            long[] walls = new long[times];
            long[] cpus = new long[times];
            for (int t = 0; t < times; t++) {
                long cpuStart = StoreBench.threadCpu();
                long start = System.nanoTime();
                int count = ancestry.count(one.node);
                walls[t] = System.nanoTime() - start;
                cpus[t] = StoreBench.threadCpu() - cpuStart;
                check(one, count, ancestry.sum());
            }
            Arrays.sort(walls);
            Arrays.sort(cpus);
            if (wall != null) {
                wall[i] = walls[times / 2];
                cpu[i] = cpus[times / 2];
            }
        }
    }

    private static void check(Question one, int count, long sum) {
        if (count != one.ancestors || sum != one.sum) {
            throw new IllegalStateException("wrong answer: node=" + one.node + ", ancestors=" + count + ", want="
                    + one.ancestors);
        }
    }
}
