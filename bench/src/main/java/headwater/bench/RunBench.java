// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.agent.CommandRun;
import headwater.agent.Recording;
import headwater.capture.FrontEnd;
import headwater.store.Store;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A whole recording, as {@code headwater run} makes it, of a program that does nothing but make new flows
 * ({@code dev/bench.d/flows.c}). Runs without and with a recording alternate.
 *
 * <p>Arguments: {@code FRONT_END FLOWS_PROGRAM ROUNDS SCALE}; SCALE multiplies the counts.
 */
public final class RunBench {
    private static final int RING_BYTES = 16 << 20;

    private record Workload(String name, String text, long count) {
    }

    private static final List<Workload> WORKLOADS = List.of(
            new Workload("pipe", "write + read of an own pipe", 400_000),
            new Workload("pingpong", "ping-pong of two processes", 100_000),
            new Workload("files", "create + write + close + unlink", 50_000));

    private final String program;
    private final FrontEnd frontEnd;
    private final Path folder;
    private final Path result;

    private static final class Figures {
        private final Samples base = new Samples();
        private final Samples recorded = new Samples();
        private final Samples rate = new Samples();
        private final Samples lost = new Samples();
        private final Samples cpu = new Samples();
        private final Samples user = new Samples();
        private final Samples bytesPerEvent = new Samples();
        private final Samples bytesPerRecord = new Samples();
        private final Samples perOperation = new Samples();
    }

    private RunBench(FrontEnd frontEnd, String program, Path folder) {
        this.frontEnd = frontEnd;
        this.program = program;
        this.folder = folder;
        result = folder.resolve("result");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 4) {
            System.err.println("usage: RunBench FRONT_END FLOWS_PROGRAM ROUNDS SCALE");
            System.exit(2);
        }
        Path folder = TemporaryFolder.create();
        try {
            new RunBench(FrontEnd.ofText(arguments[0]), arguments[1], folder).run(Integer.parseInt(arguments[2]),
                    Long.parseLong(arguments[3]));
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void run(int rounds, long scale) throws IOException, InterruptedException {
        System.out.println("| workload | records/s | lost | recorder's CPU per record, ns | of it user | log bytes per record |"
                + " per event | ns per operation, alone | recorded | records per operation |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Workload workload : WORKLOADS) {
            Figures figures = new Figures();
            for (int round = -1; round < rounds; round++) {
                round(workload, workload.count * scale, round < 0 ? new Figures() : figures);
            }
            System.out.printf(Locale.ROOT, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %.2f |%n", workload.text,
                    figures.rate.text(0), figures.lost.text(0), figures.cpu.text(0), figures.user.text(0),
                    figures.bytesPerRecord.text(1), figures.bytesPerEvent.text(1), figures.base.text(0),
                    figures.recorded.text(0), figures.perOperation.median());
        }
        System.out.printf(Locale.ROOT, "%nMemory of the recorder after all of it: %.0f MiB resident, of it %.0f MiB private (heap in"
                + " use: %.0f MiB); the rest are files and the rings, %d MiB a CPU.%n",
                Meter.statusMib("VmRSS"), Meter.statusMib("RssAnon"),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0, RING_BYTES >> 20);
    }

    private void round(Workload workload, long count, Figures figures) throws IOException, InterruptedException {
        List<String> command = List.of(program, workload.name, Long.toString(count), result.toString());
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("flows failed: command=" + String.join(" ", command) + ", status=" + status);
        }
        figures.base.add(nsPerOperation());
        Path path = folder.resolve("store");
        Recording.Plan plan = new Recording.Plan(frontEnd, false, "dev/bench e2e", RING_BYTES);
        try (Store store = Store.openForWriting(path, "dev/bench e2e")) {
            record(store, plan, List.of("/bin/true"));
            long bytesBefore = TemporaryFolder.bytes(path);
            long idleBefore = Meter.cpuNs();
            long idleUserBefore = Meter.userNs();
            record(store, plan, List.of("/bin/true"));
            // Loading, attaching and detaching is paid once, whatever the command does.
            long once = Meter.cpuNs() - idleBefore;
            long onceUser = Meter.userNs() - idleUserBefore;
            long before = Meter.cpuNs();
            long userBefore = Meter.userNs();
            CommandRun.Outcome outcome = record(store, plan, command);
            long cpu = Meter.cpuNs() - before - once;
            long user = Meter.userNs() - userBefore - onceUser;
            double ns = nsPerOperation();
            long records = outcome.figures().records();
            long events = outcome.figures().nodes() + outcome.figures().edges();
            figures.recorded.add(ns);
            figures.rate.add(records / (ns * count) * 1e9);
            figures.lost.add(outcome.figures().lost());
            figures.cpu.add((double) cpu / records);
            figures.user.add((double) user / records);
            figures.perOperation.add((double) records / count);
            long bytes = TemporaryFolder.bytes(path) - bytesBefore;
            figures.bytesPerRecord.add((double) bytes / records);
            figures.bytesPerEvent.add((double) bytes / events);
        }
        TemporaryFolder.delete(path);
    }

    private static CommandRun.Outcome record(Store store, Recording.Plan plan, List<String> command) throws IOException {
        CommandRun.Outcome outcome = CommandRun.run(store, plan, CommandRun.words(command));
        if (outcome.status() != 0 || !outcome.refusal().isEmpty()) {
            throw new IOException("recording failed: command=" + String.join(" ", command) + ", status=" + outcome.status()
                    + ", refusal=" + outcome.refusal());
        }
        return outcome;
    }

    private double nsPerOperation() throws IOException {
        String[] words = Files.readString(result).strip().split(" ");
        return Double.parseDouble(words[1]) / Double.parseDouble(words[0]);
    }
}
