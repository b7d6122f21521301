// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.FrontEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * What a system call costs with a capture attached: a table of all operations at all levels, then the targets.
 *
 * <p>Arguments: {@code FRONT_END UB_PROGRAM FOLDER ROUNDS PART ns|instructions [RESULTS]}; each operation is run a PART of its count;
 * RESULTS is a file that takes the medians, for {@link Beside}. Status 3: a target was missed.
 */
public final class SyscallBench {
    /** What is within this of the median is not worth a bracket: the spread of a clock that counts instructions. */
    private static final double EXACT = 0.005;

    private final CallCosts costs;

    private SyscallBench(CallCosts costs) {
        this.costs = costs;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 6) {
            System.err.println("usage: SyscallBench FRONT_END UB_PROGRAM FOLDER ROUNDS PART ns|instructions [RESULTS]");
            System.exit(2);
        }
        FrontEnd frontEnd = FrontEnd.ofText(arguments[0]);
        CallCosts costs = new CallCosts(frontEnd, new CallCosts.Plan(arguments[1], arguments[2], Long.parseLong(arguments[4]), Operation.ALL,
                EnumSet.allOf(Level.class)));
        int rounds = Integer.parseInt(arguments[3]);
        for (int round = 0; round < rounds; round++) {
            costs.round();
        }
        new SyscallBench(costs).print();
        if (arguments.length > 6) {
            Medians.of(costs).write(Path.of(arguments[6]));
        }
        Report report = new Report();
        CallTargets.judge(report, frontEnd, arguments[5].equals("instructions"), costs);
        System.out.println();
        report.print();
        System.exit(report.missed() ? 3 : 0);
    }

    private void print() {
        List<Level> treated = List.of(Level.FLOOR_ONE, Level.FLOOR, Level.ATTACHED, Level.UNTRACKED, Level.UNTRACKED_LOOKS, Level.TRACKED,
                Level.FOLLOWED);
        StringBuilder head = new StringBuilder("| operation | off");
        treated.forEach(level -> head.append(" | ").append(level.text()));
        System.out.println(head + " | records |\n|---|---|" + "---|".repeat(treated.size()) + "---|");
        for (Operation operation : Operation.ALL) {
            double off = costs.median(Level.OFF, operation);
            StringBuilder row = new StringBuilder("| " + operation.text() + " | " + text(costs.samples(Level.OFF, operation)));
            for (Level level : treated) {
                double median = costs.median(level, operation);
                row.append(String.format(Locale.ROOT, " | %s **%+,.0f** ×%.2f", text(costs.samples(level, operation)), median - off,
                        median / off));
            }
            System.out.println(row.append(operation.counted()
                    ? String.format(Locale.ROOT, " | %.2f |", costs.records(operation).median()) : " | – |"));
        }
        if (costs.lost() > 0) {
            System.out.println("\nLost: " + costs.lost() + " records; the figures of followed calls are too low.");
        }
    }

    private static String text(Samples samples) {
        return samples.spread() <= EXACT ? String.format(Locale.ROOT, "%,.0f", samples.median()) : samples.text(0);
    }
}
