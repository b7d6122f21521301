// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.agent.CommandRun;
import headwater.agent.Recording;
import headwater.capture.FrontEnd;
import headwater.store.Store;
import headwater.store.log.LatencyHistogram;
import headwater.store.log.TamperWindows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The tamper window (docs/verify.md) at several rates: from the event in the kernel until its block is in the chain, on the disk, and
 * under a signature. A program makes flows at an even pace ({@code dev/bench.d/flows.c}, paced).
 *
 * <p>Arguments: {@code FRONT_END FLOWS_PROGRAM SECONDS}. Status 3: a target was missed.
 */
public final class WindowBench {
    private static final int RING_BYTES = 16 << 20;
    private static final List<Integer> RATES = List.of(100, 1_000, 10_000, 50_000);
    private static final int WARM_UP_RATE = 100_000;
    private static final double CHAINED_MS = 10;
    private static final double SIGNED_MS = 1_000;

    private final FrontEnd frontEnd;
    private final String program;
    private final Path folder;
    private boolean missed;

    private WindowBench(FrontEnd frontEnd, String program, Path folder) {
        this.frontEnd = frontEnd;
        this.program = program;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: WindowBench FRONT_END FLOWS_PROGRAM SECONDS");
            System.exit(2);
        }
        Path folder = TemporaryFolder.create();
        WindowBench bench = new WindowBench(FrontEnd.ofText(arguments[0]), arguments[1], folder);
        try {
            bench.run(Long.parseLong(arguments[2]));
        } finally {
            TemporaryFolder.delete(folder);
        }
        System.exit(bench.missed ? 3 : 0);
    }

    private void run(long seconds) throws IOException {
        record(WARM_UP_RATE, seconds, false);
        System.out.println("| records/s | lost | chained p50, ms | p99 | longest | durable p50, ms | p99 | longest | signed p50, ms | p99 | longest"
                + " | chained p99 <= 10, signed p99 <= 1000 |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int rate : RATES) {
            record(rate, seconds, true);
        }
    }

    private void record(int rate, long seconds, boolean counts) throws IOException {
        Path path = folder.resolve("store");
        Recording.Plan plan = new Recording.Plan(frontEnd, false, "dev/bench window", RING_BYTES);
        TamperWindows windows;
        CommandRun.Outcome outcome;
        try (Store store = Store.openForWriting(path, "dev/bench window")) {
            windows = store.writer().windows();
            outcome = CommandRun.run(store, plan, CommandRun.words(List.of(program, "paced", Long.toString(rate * seconds),
                    folder.resolve("result").toString(), Integer.toString(rate))));
        }
        TemporaryFolder.delete(path);
        if (outcome.status() != 0 || !outcome.refusal().isEmpty()) {
            throw new IOException("recording failed: rate=" + rate + ", status=" + outcome.status() + ", refusal=" + outcome.refusal());
        }
        if (counts) {
            boolean met = windows.chained().p99Us() <= CHAINED_MS * 1e3 && windows.signed().p99Us() <= SIGNED_MS * 1e3;
            missed |= !met;
            System.out.printf(Locale.ROOT, "| %,.0f | %d | %s | %s | %s | %s |%n", outcome.figures().records() / (double) seconds,
                    outcome.figures().lost(), text(windows.chained()), text(windows.durable()), text(windows.signed()),
                    met ? "met" : "**missed**");
        }
    }

    private static String text(LatencyHistogram.Summary window) {
        return String.format(Locale.ROOT, "%.1f | %.1f | %.1f", window.p50Us() / 1e3, window.p99Us() / 1e3, window.maxUs() / 1e3);
    }
}
