// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a daemon costs that has nothing to do: {@code headwater start}, as a service manager starts it, with a configuration by which
 * nothing is recorded. From the start of the launcher to the first block in the log, by which the session and what it begins with can be
 * read, and then memory and CPU time.
 *
 * <p>Arguments: {@code LAUNCHER FRONT_END ROUNDS SECONDS}. Status 3: a target was missed.
 */
public final class IdleBench {
    private static final double TARGET_START_MS = 1_000;
    private static final double TARGET_RESIDENT_MIB = 160;
    private static final double TARGET_CPU_PERCENT = 1;
    /** An empty segment of the log is its header (docs/log-format.md). */
    private static final long SEGMENT_HEADER_BYTES = 128;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    /** Compilers are at it for a while after the start. */
    private static final long SETTLE_MS = 10_000;

    private final String launcher;
    private final String frontEnd;
    private final Samples startMs = new Samples();
    private final Samples startCpuMs = new Samples();
    private final Samples residentMib = new Samples();
    private final Samples anonymousMib = new Samples();
    private final Samples cpuPercent = new Samples();

    private IdleBench(String launcher, String frontEnd) {
        this.launcher = launcher;
        this.frontEnd = frontEnd;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 4) {
            System.err.println("usage: IdleBench LAUNCHER FRONT_END ROUNDS SECONDS");
            System.exit(2);
        }
        IdleBench bench = new IdleBench(arguments[0], arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        for (int round = 0; round < rounds; round++) {
            bench.round(Long.parseLong(arguments[3]));
        }
        System.exit(bench.report() ? 0 : 3);
    }

    private void round(long seconds) throws IOException, InterruptedException {
        Path folder = TemporaryFolder.create();
        Process daemon = null;
        try {
            Path config = Files.writeString(folder.resolve("nothing.ini"), "[provenance]\nenabled=false\nall=false\n");
            Path log = folder.resolve("store/log/00000001.hwlog");
            ProcessBuilder command = new ProcessBuilder(launcher, "start", "--foreground", "--store", folder.resolve("store").toString(),
                    "--config", config.toString(), "--control", folder.resolve("control").toString(), "--front-end", frontEnd);
            command.redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile());
            long started = System.nanoTime();
            daemon = command.start();
            while (!Files.exists(log) || Files.size(log) <= SEGMENT_HEADER_BYTES) {
                if (!daemon.isAlive() || System.nanoTime() - started > PATIENCE_NS) {
                    throw new IOException("daemon does not record: command=" + String.join(" ", command.command()) + ", said="
                            + Files.readString(folder.resolve("said")));
                }
                Thread.sleep(1);
            }
            startMs.add((System.nanoTime() - started) / 1e6);
            // The launcher has become the daemon by exec.
            String pid = Long.toString(daemon.pid());
            startCpuMs.add(Meter.Process.of(pid).ns() / 1e6);
            Thread.sleep(SETTLE_MS);
            Meter.Process before = Meter.Process.of(pid);
            long from = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            cpuPercent.add(100.0 * Meter.Process.of(pid).since(before).ns() / (System.nanoTime() - from));
            residentMib.add(Meter.statusMib(pid, "VmRSS"));
            anonymousMib.add(Meter.statusMib(pid, "RssAnon"));
        } finally {
            if (daemon != null) {
                daemon.destroy();
                daemon.waitFor();
            }
            TemporaryFolder.delete(folder);
        }
    }

    private boolean report() {
        System.out.println("| daemon that records nothing | median (lowest–highest) | target | |");
        System.out.println("|---|---|---|---|");
        boolean met = row("start of the launcher to the first block, ms", startMs, 0, TARGET_START_MS);
        met &= row("CPU time by then, ms", startCpuMs, 0, Double.NaN);
        met &= row("resident, MiB", residentMib, 0, TARGET_RESIDENT_MIB);
        met &= row("of it anonymous, MiB", anonymousMib, 0, Double.NaN);
        met &= row("CPU, % of a core", cpuPercent, 2, TARGET_CPU_PERCENT);
        return met;
    }

    private static boolean row(String what, Samples samples, int decimals, double most) {
        boolean met = Double.isNaN(most) || samples.median() <= most;
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %s |%n", what, samples.text(decimals),
                Double.isNaN(most) ? "" : String.format(Locale.ROOT, "<= %,.0f", most), Double.isNaN(most) ? "" : met ? "met" : "**missed**");
        return met;
    }
}
