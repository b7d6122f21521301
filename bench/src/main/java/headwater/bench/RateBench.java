// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a recorder sustains: a program makes flows at an even pace ({@code dev/bench.d/flows.c}, paced), a process of it on each CPU, and
 * at each rate a {@link RateRun recorder of its own} records it, while this process asks the store.
 *
 * <p>Arguments: {@code FRONT_END FLOWS_PROGRAM SECONDS JAVA_OPTION...}; the options are those that the launcher gives to a recorder.
 * Status 3: a target was missed.
 */
public final class RateBench {
    private static final List<Integer> RATES = List.of(100_000, 200_000, 500_000, 1_000_000, 1_500_000, 2_000_000);
    /** What has to be sustained without loss. */
    private static final int TARGET_RATE = 1_000_000;
    /** CPU time of the thread that records, from the ring to the index, ns per record. */
    private static final double TARGET_NS = 150;
    /** By how much anonymous memory may have grown at the end, MiB: what a collector and compilers need to breathe. */
    private static final double TARGET_GROWTH_MIB = 32;
    /** A generator that is this close to what was asked of it has kept its pace. */
    private static final double KEPT_PACE = 0.98;

    private final String frontEnd;
    private final String program;
    private final long seconds;
    private final List<String> options;
    private boolean missed;

    private RateBench(String frontEnd, String program, long seconds, List<String> options) {
        this.frontEnd = frontEnd;
        this.program = program;
        this.seconds = seconds;
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 3) {
            System.err.println("usage: RateBench FRONT_END FLOWS_PROGRAM SECONDS JAVA_OPTION...");
            System.exit(2);
        }
        RateBench bench = new RateBench(arguments[0], arguments[1], Long.parseLong(arguments[2]),
                List.of(arguments).subList(3, arguments.length));
        bench.run();
        System.exit(bench.missed ? 3 : 0);
    }

    private void run() throws IOException, InterruptedException {
        System.out.printf(Locale.ROOT, "%d seconds each, %d generators, recorder with `%s`:%n%n", seconds, processes(),
                String.join(" ", options));
        System.out.println("| records/s asked | made | lost | in the log p50, ms | p99 | longest | asked from outside p50, ms | p99 | sealed after, s |"
                + " recording thread, ns per record | all threads | of it user | system | resident before, MiB | after | anonymous before"
                + " | most | after | log bytes per record | |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int rate : RATES) {
            measure(rate);
        }
    }

    private static int processes() {
        return Runtime.getRuntime().availableProcessors();
    }

    private void measure(int rate) throws IOException, InterruptedException {
        Path folder = TemporaryFolder.create();
        try {
            Samples ages;
            try (Freshness freshness = Freshness.watch(folder.resolve(RateRun.STORE))) {
                ages = freshness.agesMs();
                record(rate, folder);
            }
            print(rate, figures(folder.resolve(RateRun.FIGURES)), ages);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void record(int rate, Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                RateRun.class.getName(), frontEnd, program, Integer.toString(rate), Long.toString(seconds),
                Integer.toString(processes()), folder.toString()));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("recorder failed: rate=" + rate + ", status=" + status);
        }
    }

    private static Map<String, Double> figures(Path file) throws IOException {
        Map<String, Double> figures = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int space = line.indexOf(' ');
            figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        }
        return figures;
    }

    private void print(int rate, Map<String, Double> of, Samples ages) {
        double records = of.get("records");
        double made = (records + of.get("lost")) / of.get("seconds");
        double recording = of.get("thread.ns") / records;
        double growth = of.get("anonymous.after") - of.get("anonymous.before");
        boolean counts = rate == TARGET_RATE;
        List<String> wanting = new ArrayList<>();
        if (of.get("lost") > 0) {
            wanting.add("lost");
        }
        if (made < KEPT_PACE * rate) {
            wanting.add("pace");
        }
        if (recording > TARGET_NS) {
            wanting.add(String.format(Locale.ROOT, "%.0f ns", TARGET_NS));
        }
        if (growth > TARGET_GROWTH_MIB) {
            wanting.add("memory");
        }
        missed |= counts && !wanting.isEmpty();
        System.out.printf(Locale.ROOT, "| %,d | %,.0f | %,.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f"
                + " | %.0f | %.0f | %.0f | %.1f | %s |%n", rate, made, of.get("lost"), of.get("logged.p50"), of.get("logged.p99"),
                of.get("logged.max"), ages.median(), ages.percentile(99), of.get("sealed.after"), recording,
                (of.get("user.ns") + of.get("system.ns")) / records, of.get("user.ns") / records, of.get("system.ns") / records,
                of.get("resident.before"), of.get("resident.after"), of.get("anonymous.before"), of.get("anonymous.peak"),
                of.get("anonymous.after"), of.get("log.bytes") / records,
                !counts ? "" : wanting.isEmpty() ? "met" : "**missed**: " + String.join(", ", wanting));
    }
}
