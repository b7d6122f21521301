// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import headwater.bench.Samples;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One workload under one recorder, round after round, and what it cost over the run of the same round with nothing. Costs are
 * medians of pairs, not quotients of medians: both runs of a pair had the same neighbours. One thread.
 */
final class Comparison {
    private final Workload workload;
    private final Recorder recorder;
    private final Samples measured = new Samples();
    private final Samples cost = new Samples();
    private final Samples cpuCost = new Samples();
    private final Samples events = new Samples();
    private final Samples megabytes = new Samples();
    private final Samples bytesPerEvent = new Samples();
    private final Samples kept = new Samples();
    private final Samples readerCpu = new Samples();
    private long lost;
    private long mostLost;

    Comparison(Workload workload, Recorder recorder) {
        this.workload = workload;
        this.recorder = recorder;
    }

    /** A round with nothing. */
    void add(Run run) {
        measured.add(workload.hasRate() ? run.rate() : run.elapsed());
    }

    /** A round with the recorder, beside the one with nothing. */
    void add(Run base, Run run, Usage usage, long lostNow) {
        add(run);
        cost.add(run.costOver(base));
        cpuCost.add(run.cpuCostOver(base));
        events.add(usage.events());
        megabytes.add(usage.bytes() / 1e6);
        bytesPerEvent.add(usage.events() == 0 ? 0 : (double) usage.bytes() / usage.events());
        kept.add(usage.kept() / 1e6);
        readerCpu.add(usage.cpu());
        lost += lostNow;
        mostLost = Math.max(mostLost, lostNow);
    }

    /** What was lost in all rounds together. */
    long lost() {
        return lost;
    }

    /** Whether what was aimed at was missed. */
    boolean missed(boolean byCpu) {
        return recorder.hasTarget() && (lost > 0 || workload.target().isPresent()
                && !((byCpu ? cpuCost : cost).median() <= workload.target().getAsDouble()));
    }

    static String head(boolean byCpu) {
        return "| workload | recorder | elapsed, s; of servers operations/s | cost, % | cost in the program's own CPU, % | events | lost |"
                + " MB of log | bytes of it per event | MB on disk then | recorder's CPU, s | aimed at" + (byCpu ? " (own CPU)" : "")
                + " |\n|---|---|---|---|---|---|---|---|---|---|---|---|";
    }

    /** A line of the table; spreads in brackets, lowest and highest. */
    String row(boolean byCpu) {
        String name = "| " + workload.text() + " | " + recorder.text() + " | " + measured.text(workload.hasRate() ? 0 : 2) + " | ";
        if (recorder == Recorder.Nothing.OFF) {
            return name + "| | | | | | | | |";
        }
        return name + cost.text(1) + " | " + (workload.hasRate() ? "–" : cpuCost.text(1)) + " | " + events.text(0) + " | "
                + (lost == 0 ? "0" : String.format(Locale.ROOT, "%,d, at most %,d in a run", lost, mostLost)) + " | " + megabytes.text(1)
                + " | " + bytesPerEvent.text(1) + " | " + kept.text(1) + " | " + readerCpu.text(2) + " | " + verdict(byCpu) + " |";
    }

    private String verdict(boolean byCpu) {
        if (!recorder.hasTarget()) {
            return "";
        }
        OptionalDouble target = workload.target();
        return (target.isPresent() ? String.format(Locale.ROOT, "<= %.0f, ", target.getAsDouble()) : "") + "none lost: "
                + (missed(byCpu) ? "**missed**" : "met");
    }
}
