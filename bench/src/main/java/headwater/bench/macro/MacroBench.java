// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import headwater.bench.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whole programs, alternating between nothing and recorders: each round goes through all arms, and each round begins with another
 * one. Only the program is timed: a recorder is ready before, and catches up after.
 *
 * <p>Arguments: {@code SCRIPT FOLDER SIZE ROUNDS own|elapsed WORKLOAD[,…] ARM…}, with {@code own} to judge by the program's own
 * CPU time. FOLDER is where the working set lies, and prepared; arms as {@link #recorder} has them. Status 3: a target was missed.
 */
public final class MacroBench {
    private final String script;
    private final Path folder;
    private final String size;
    private final boolean byCpu;
    private final List<Recorder> recorders;
    private volatile Runnable ending = () -> { };

    private MacroBench(String script, Path folder, String size, boolean byCpu, List<Recorder> recorders) {
        this.script = script;
        this.folder = folder;
        this.size = size;
        this.byCpu = byCpu;
        this.recorders = recorders;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 8) {
            System.err.println("usage: MacroBench SCRIPT FOLDER SIZE ROUNDS own|elapsed WORKLOAD[,...] off ARM...");
            System.exit(2);
        }
        List<Workload> workloads = new ArrayList<>();
        for (String name : arguments[5].split(",")) {
            workloads.add(Workload.ofName(name));
        }
        List<Recorder> recorders = new ArrayList<>();
        for (String arm : List.of(arguments).subList(6, arguments.length)) {
            recorders.add(recorder(arm));
        }
        if (recorders.getFirst() != Recorder.Nothing.OFF) {
            throw new IllegalArgumentException("the first arm is what others are compared with: arm=" + arguments[6] + ", want=off");
        }
        MacroBench bench = new MacroBench(arguments[0], Path.of(arguments[1]), arguments[2], arguments[4].equals("own"), recorders);
        // Ctrl-C must not leave a machine recorded.
        Thread hook = new Thread(() -> bench.ending.run(), "macro-end");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean missed = bench.run(workloads, Integer.parseInt(arguments[3]));
        System.exit(missed ? 3 : 0);
    }

    /**
     * {@code off}; {@code whole:FRONT_END:LAUNCHER} and {@code selective:FRONT_END:LAUNCHER}, with {@code +arguments} behind the front-end
     * if the arguments of programs may be kept; {@code audit:RULES_FILE}; {@code bpftrace:SCRIPT,…};
     * {@code sysdig:MODULE}.
     */
    private static Recorder recorder(String arm) {
        String[] words = arm.split(":");
        return switch (words[0]) {
            case "off" -> Recorder.Nothing.OFF;
            case "whole", "selective" -> new HeadwaterRecorder(Path.of(words[2]), words[1].replace("+arguments", ""),
                    words[0].equals("whole") ? HeadwaterRecorder.Scope.WHOLE_SYSTEM : HeadwaterRecorder.Scope.SELECTIVE,
                    words[1].endsWith("+arguments"));
            case "audit" -> new AuditRecorder(Path.of(words[1]));
            case "bpftrace" -> new BpftraceRecorder(List.of(words[1].split(",")));
            case "sysdig" -> new SysdigRecorder(Path.of(words[1]));
            default -> throw new IllegalArgumentException("unknown arm: arm=" + arm);
        };
    }

    private boolean run(List<Workload> workloads, int rounds) throws IOException {
        System.out.println(Comparison.head(byCpu));
        boolean missed = false;
        for (Workload workload : workloads) {
            List<Comparison> comparisons = recorders.stream().map(recorder -> new Comparison(workload, recorder)).toList();
            for (int round = 0; round < rounds; round++) {
                round(workload, round, comparisons);
            }
            for (Comparison comparison : comparisons) {
                System.out.println(comparison.row(byCpu));
                missed |= comparison.missed(byCpu);
            }
        }
        return missed;
    }

    private record Measured(Run run, Usage usage, long lost) {
    }

    private void round(Workload workload, int round, List<Comparison> comparisons) throws IOException {
        Measured[] measured = new Measured[recorders.size()];
        for (int i = 0; i < measured.length; i++) {
            int arm = (i + round) % measured.length;
            measured[arm] = measure(workload, recorders.get(arm));
            System.err.printf(Locale.ROOT, "bench: %s, round %d, %s: %.2f s, %d events, %d lost%n", workload.scriptName(), round + 1,
                    recorders.get(arm).text(), measured[arm].run.elapsed(), measured[arm].usage.events(), measured[arm].lost);
        }
        comparisons.getFirst().add(measured[0].run);
        for (int arm = 1; arm < measured.length; arm++) {
            comparisons.get(arm).add(measured[0].run, measured[arm].run, measured[arm].usage, measured[arm].lost);
        }
    }

    private Measured measure(Workload workload, Recorder recorder) throws IOException {
        step(workload, "before");
        // What the run before has written is not to be written during this one.
        Programs.run(List.of("sync"));
        Path kept = TemporaryFolder.create();
        // Set before there is something to end: between the two a signal would find nothing.
        ending = () -> remove(kept);
        try (Recorder.Watch watch = recorder.start(kept)) {
            ending = () -> {
                close(watch);
                remove(kept);
            };
            Usage before = watch.settled();
            String times = step(workload, "run");
            Usage usage = watch.settled().since(before);
            long lost = watch.end();
            return new Measured(Run.of(workload, times, Files.readString(folder.resolve(workload.scriptName()).resolve("output"))), usage,
                    lost);
        } finally {
            ending = () -> { };
            TemporaryFolder.delete(kept);
        }
    }

    private String step(Workload workload, String step) throws IOException {
        return Programs.run(List.of(script, workload.scriptName(), step, folder.toString(), size));
    }

    private static void close(Recorder.Watch watch) {
        try {
            watch.close();
        } catch (IOException e) {
            System.err.println("bench: a recorder may still run: " + e.getMessage());
        }
    }

    private static void remove(Path kept) {
        try {
            TemporaryFolder.delete(kept);
        } catch (IOException e) {
            System.err.println("bench: left behind: folder=" + kept + ", error=" + e.getMessage());
        }
    }
}
