// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.agent.CommandRun;
import headwater.agent.Recording;
import headwater.capture.FrontEnd;
import headwater.store.Store;
import headwater.store.log.LatencyHistogram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One rate of {@link RateBench}, in a process of its own, which is started with the recorder's own Java options: so its memory, its
 * compilers and its collector are those of a daemon. It records a slow generator first, for the compilers, and then the one that is
 * measured, into a store that {@link RateBench} asks meanwhile.
 *
 * <p>Arguments: {@code FRONT_END FLOWS_PROGRAM RECORDS_A_SECOND SECONDS PROCESSES FOLDER}. Leaves its figures in the file
 * {@code FOLDER/figures}, a line of name and value each.
 */
final class RateRun {
    /** The store that is measured, in the folder. */
    static final String STORE = "store";
    static final String FIGURES = "figures";

    /** A generator's operation is a write and a read of a pipe, both recorded. */
    static final int RECORDS_AN_OPERATION = 2;

    private static final int RING_BYTES = 16 << 20;
    private static final int WARM_UP_RATE = 100_000;
    private static final int WARM_UP_SECONDS = 5;
    private static final long SAMPLE_MS = 500;

    private final FrontEnd frontEnd;
    private final String program;
    private final int processes;
    private final Path folder;
    private final Map<String, Double> figures = new TreeMap<>();

    private RateRun(FrontEnd frontEnd, String program, int processes, Path folder) {
        this.frontEnd = frontEnd;
        this.program = program;
        this.processes = processes;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 6) {
            System.err.println("usage: RateRun FRONT_END FLOWS_PROGRAM RECORDS_A_SECOND SECONDS PROCESSES FOLDER");
            System.exit(2);
        }
        RateRun run = new RateRun(FrontEnd.ofText(arguments[0]), arguments[1], Integer.parseInt(arguments[4]), Path.of(arguments[5]));
        run.run(Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
    }

    private void run(int rate, long seconds) throws IOException, InterruptedException {
        Path warmUp = folder.resolve("warm-up");
        try (Store store = Store.openForWriting(warmUp, "dev/bench rate")) {
            record(store, paced(WARM_UP_RATE, WARM_UP_SECONDS));
        }
        TemporaryFolder.delete(warmUp);
        Path path = folder.resolve(STORE);
        try (Store store = Store.openForWriting(path, "dev/bench rate")) {
            Meter.Process before = Meter.Process.now();
            long threadBefore = Meter.cpuNs();
            record(store, List.of("/bin/true"));
            // Loading, attaching and detaching is paid once, whatever the rate.
            Meter.Process once = Meter.Process.now().since(before);
            long threadOnce = Meter.cpuNs() - threadBefore;
            long bytesBefore = TemporaryFolder.bytes(path.resolve("log"));
            memory("before");
            try (MemoryPeak peak = MemoryPeak.watch(SAMPLE_MS)) {
                measure(store, rate, seconds, once, threadOnce);
                figures.put("anonymous.peak", peak.anonymousMib());
            }
            memory("after");
            figures.put("log.bytes", (double) TemporaryFolder.bytes(path.resolve("log")) - bytesBefore);
        }
        List<String> lines = figures.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList();
        Files.write(folder.resolve(FIGURES), lines);
    }

    private void measure(Store store, int rate, long seconds, Meter.Process once, long threadOnce) throws IOException {
        Meter.Process before = Meter.Process.now();
        long threadBefore = Meter.cpuNs();
        CommandRun.Outcome outcome = record(store, paced(rate, seconds));
        figures.put("thread.ns", (double) Meter.cpuNs() - threadBefore - threadOnce);
        long ended = System.nanoTime();
        store.refreshIndex();
        figures.put("sealed.after", (System.nanoTime() - ended) / 1e9);
        Meter.Process used = Meter.Process.now().since(before).since(once);
        figures.put("user.ns", (double) used.userNs());
        figures.put("system.ns", (double) used.systemNs());
        figures.put("records", (double) outcome.figures().records());
        figures.put("lost", (double) outcome.figures().lost());
        String[] words = Files.readString(folder.resolve("result")).strip().split(" ");
        figures.put("seconds", Double.parseDouble(words[1]) / 1e9);
        LatencyHistogram.Summary logged = store.writer().windows().chained();
        figures.put("logged.p50", logged.p50Us() / 1e3);
        figures.put("logged.p99", logged.p99Us() / 1e3);
        figures.put("logged.max", logged.maxUs() / 1e3);
    }

    private List<String> paced(int rate, long seconds) {
        long operations = rate / RECORDS_AN_OPERATION;
        return List.of(program, "paced", Long.toString(operations * seconds), folder.resolve("result").toString(),
                Long.toString(operations), Integer.toString(processes));
    }

    private CommandRun.Outcome record(Store store, List<String> command) throws IOException {
        CommandRun.Outcome outcome = CommandRun.run(store, new Recording.Plan(frontEnd, false, "dev/bench rate", RING_BYTES),
                CommandRun.words(command));
        if (outcome.status() != 0 || !outcome.refusal().isEmpty()) {
            throw new IOException("recording failed: command=" + String.join(" ", command) + ", status=" + outcome.status() + ", refusal="
                    + outcome.refusal());
        }
        return outcome;
    }

    private void memory(String when) throws IOException {
        figures.put("resident." + when, Meter.statusMib("VmRSS"));
        figures.put("anonymous." + when, Meter.statusMib("RssAnon"));
    }
}
