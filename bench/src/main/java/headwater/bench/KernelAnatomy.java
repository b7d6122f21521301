// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.bench.gate.Costs;
import headwater.bench.gate.GateFile;
import headwater.bench.gate.Item;
import headwater.bench.gate.Measure;
import headwater.capture.FrontEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a read of a file costs the process that makes it, step by step: in ns here, and in instructions as dev/gate.tsv has them of stock
 * kernels. One thread.
 */
final class KernelAnatomy {
    private static final String NEW = "new_pread_1";
    private static final String SAME = "pread_file_1";
    private static final List<Operation> OPERATIONS = Operation.named(NEW, SAME);

    private final FrontEnd frontEnd;
    private final CallCosts costs;
    private final List<Counted> counted = new ArrayList<>();

    /** A column: a front-end in a kernel where instructions were counted. */
    private record Counted(String frontEnd, String series, Costs costs) {
        Long figure(Step step) {
            return step.measure == null ? null : costs.figures().get(new Item(frontEnd, step.operation.name(), step.measure));
        }
    }

    private enum Step {
        ALONE("the call alone", NEW, Level.OFF, Measure.OFF),
        ONE_EMPTY("+ one empty program", NEW, Level.FLOOR_ONE, null),
        ALL_EMPTY("+ every program, empty", NEW, Level.FLOOR, null),
        NOT_FOLLOWED("the programs; task not followed", NEW, Level.ATTACHED, Measure.ATTACHED),
        BYSTANDER("task followed, but a bystander to the policy", NEW, Level.UNTRACKED, Measure.UNTRACKED),
        REPEATS("recorded task, repeats what it did", SAME, Level.FOLLOWED, Measure.FOLLOWED),
        RECORDED("**recorded task, new: a record**", NEW, Level.FOLLOWED, Measure.FOLLOWED);

        private final String text;
        private final Operation operation;
        private final Level level;
        /** What the gate's file calls it; null if it does not have it. */
        private final Measure measure;

        Step(String text, String operation, Level level, Measure measure) {
            this.text = text;
            this.operation = Operation.named(operation).getFirst();
            this.level = level;
            this.measure = measure;
        }
    }

    /**
     * @param program the compiled ub
     * @param folder takes its files
     * @param gate may be empty
     */
    KernelAnatomy(FrontEnd frontEnd, String program, String folder, GateFile gate) {
        this.frontEnd = frontEnd;
        costs = new CallCosts(frontEnd, new CallCosts.Plan(program, folder, 1, OPERATIONS,
                EnumSet.of(Level.OFF, Level.FLOOR_ONE, Level.FLOOR, Level.ATTACHED, Level.FOLLOWED, Level.UNTRACKED)));
        List<String> series = new ArrayList<>(gate.kernels().keySet());
        // By number: 6.1 before 6.12.
        series.sort(Comparator.comparingInt(one -> Integer.parseInt(one.substring(one.indexOf('.') + 1))));
        for (String name : List.of(FrontEnd.LSM.text(), FrontEnd.TRACE.text())) {
            series.stream().map(one -> new Counted(name, one, gate.kernels().get(one))).filter(column -> column.figure(Step.RECORDED) != null)
                    .forEach(counted::add);
        }
    }

    /**
     * All levels once.
     *
     * @throws IOException if a record was lost, which makes a call look cheaper than it is, or a call was not recorded that is always new
     */
    void round() throws IOException {
        costs.round();
        double records = costs.records(Step.RECORDED.operation).median();
        if (costs.lost() > 0 || Math.abs(records - 1) > 0.01) {
            throw new IOException("not one record for each new read: lost=" + costs.lost() + ", records=" + records);
        }
    }

    /** @param core what the flow core took on its own */
    void print(FlowCore core) {
        StringBuilder head = new StringBuilder("| in the kernel, per call | ns, " + frontEnd.text() + ", here | beyond the call");
        counted.forEach(column -> head.append(" | instructions beyond it, ").append(column.frontEnd).append(", ").append(column.series));
        System.out.println(head + " |\n|---|---|---|" + "---|".repeat(counted.size()));
        for (Step step : Step.values()) {
            // Each against its own call alone: the one reads the same file all the time, the other 64 in turn.
            double beyond = costs.median(step.level, step.operation) - costs.median(Level.OFF, step.operation);
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "| %s | %s | %s", step.text,
                    costs.samples(step.level, step.operation).text(0), step == Step.ALONE ? "" : String.format(Locale.ROOT, "**%+,.0f**", beyond)));
            counted.forEach(column -> row.append(" | ").append(text(step, column.figure(step))));
            System.out.println(row + " |");
        }
        double alone = core.recording().median() - core.loop().median();
        System.out.printf(Locale.ROOT, "| of it the flow core, by itself: is it new, reserve, stamp, publish, submit | | %+,.0f%s |%n", alone,
                " | –".repeat(counted.size()));
        if (!counted.isEmpty()) {
            System.out.println("\nInstructions are those of dev/gate.tsv, of Linux " + counted.stream().map(column -> column.costs.release()).distinct()
                    .collect(Collectors.joining(", ")) + "; – is what that file does not have.");
        }
    }

    private static String text(Step step, Long figure) {
        if (figure == null) {
            return "–";
        }
        return String.format(Locale.ROOT, step == Step.ALONE ? "(%,d in all)" : "%+,d", figure);
    }
}
