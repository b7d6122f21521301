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

    /**
     * Where times drift, what is compared runs close together: each workload has a recorder of its own. Instructions do not drift, and
     * an emulated processor takes longer to start a recorder than to run all workloads: there one recorder sees all.
     */
    private boolean run(List<Workload> workloads, int rounds) throws IOException {
        List<List<Workload>> groups = byCpu ? List.of(workloads) : workloads.stream().map(List::of).toList();
        System.out.println(Comparison.head(byCpu));
        boolean missed = false;
        for (List<Workload> group : groups) {
            // By recorder, then by workload.
            List<List<Comparison>> comparisons = recorders.stream()
                    .map(recorder -> group.stream().map(workload -> new Comparison(workload, recorder)).toList()).toList();
            for (int round = 0; round < rounds; round++) {
                round(group, round, comparisons);
            }
            for (int i = 0; i < group.size(); i++) {
                for (List<Comparison> ofRecorder : comparisons) {
                    System.out.println(ofRecorder.get(i).row(byCpu));
                    missed |= ofRecorder.get(i).missed(byCpu);
                }
            }
        }
        return missed;
    }

    private record Measured(Run run, Usage usage) {
    }

    /**
     * @param runs of each workload, in their order
     * @param lost over the recorder's whole life
     */
    private record Watched(List<Measured> runs, long lost) {
    }

    private void round(List<Workload> group, int round, List<List<Comparison>> comparisons) throws IOException {
        Watched[] watched = new Watched[recorders.size()];
        for (int i = 0; i < watched.length; i++) {
            int arm = (i + round) % watched.length;
            System.err.printf(Locale.ROOT, "bench: round %d, %s%n", round + 1, recorders.get(arm).text());
            watched[arm] = watch(group, recorders.get(arm));
        }
        for (int i = 0; i < group.size(); i++) {
            Run base = watched[0].runs.get(i).run;
            comparisons.getFirst().get(i).add(base);
            for (int arm = 1; arm < watched.length; arm++) {
                Measured measured = watched[arm].runs.get(i);
                comparisons.get(arm).get(i).add(base, measured.run, measured.usage, watched[arm].lost);
            }
        }
    }

    private Watched watch(List<Workload> group, Recorder recorder) throws IOException {
        for (Workload workload : group) {
            step(workload, "before");
        }
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
            if (!byCpu) {
                // With nothing too: what it leaves in memory is the same for all.
                step(group.getFirst(), "warm");
            }
            List<Measured> runs = new ArrayList<>();
            for (Workload workload : group) {
                Measured measured = measure(workload, watch);
                runs.add(measured);
                System.err.printf(Locale.ROOT, "bench: %s, %s: %.2f s, own CPU %.2f s, %d events%n", workload.scriptName(), recorder.text(),
                        measured.run.elapsed(), measured.run.cpu(), measured.usage.events());
            }
            long lost = watch.end();
            System.err.printf(Locale.ROOT, "bench: %s: %d lost%n", recorder.text(), lost);
            return new Watched(runs, lost);
        } finally {
            ending = () -> { };
            TemporaryFolder.delete(kept);
        }
    }

    private Measured measure(Workload workload, Recorder.Watch watch) throws IOException {
        Usage before = watch.settled();
        String times = step(workload, "run");
        Usage usage = watch.settled().since(before);
        return new Measured(Run.of(workload, times, Files.readString(folder.resolve(workload.scriptName()).resolve("output"))), usage);
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
