// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.FrontEnd;
import java.util.List;

/** What was aimed at for system calls: {@code lsm} in instructions, {@code trace} in nanoseconds. Others have no targets. */
final class CallTargets {
    private static final List<Operation> NULL_IO = Operation.named("read_zero_1", "write_null_1");
    private static final List<Operation> READ = Operation.named("read_zero_1");
    private static final List<Operation> RECORDED_READ = Operation.named("new_pread_1");
    private static final List<Operation> STAT = Operation.named("stat");
    private static final List<Operation> OPEN_CLOSE = Operation.named("open_close");
    private static final List<Operation> FORK = Operation.named("fork_exit_wait");
    private static final List<Operation> EXEC = Operation.named("vfork_exec_wait");

    private final Report report;
    private final CallCosts costs;

    private CallTargets(Report report, CallCosts costs) {
        this.report = report;
        this.costs = costs;
    }

    /** Adds a row for each target. */
    static void judge(Report report, FrontEnd frontEnd, boolean instructions, CallCosts costs) {
        CallTargets targets = new CallTargets(report, costs);
        report.atMost("records lost", costs.lost(), "", 0);
        if (frontEnd == FrontEnd.LSM && instructions) {
            targets.ofInstructions();
        }
        if (frontEnd == FrontEnd.TRACE && !instructions) {
            targets.ofTime();
        }
    }

    private void ofInstructions() {
        whole("null I/O (mean of read and write)", NULL_IO, 50);
        whole("stat", STAT, 20);
        whole("open + close", OPEN_CLOSE, 25);
        whole("fork", FORK, 5);
        whole("exec", EXEC, 5);
        overFloor("null I/O (mean of read and write)", NULL_IO);
        overFloor("stat", STAT);
        overFloor("open + close", OPEN_CLOSE);
        overFloor("fork", FORK);
        overFloor("exec", EXEC);
    }

    private void whole(String name, List<Operation> operations, double target) {
        report.say(name + ", all programs empty, over no BPF", percent(Level.FLOOR, operations), "%");
        report.atMost(name + ", whole system, over no BPF", percent(Level.FOLLOWED, operations), "%", target);
    }

    private void overFloor(String name, List<Operation> operations) {
        report.atMost(name + ", selective and untracked, over all programs empty",
                percent(Level.UNTRACKED, operations) - percent(Level.FLOOR, operations), "points", 5);
    }

    private void ofTime() {
        report.say("null read, one empty program, over no BPF", mean(Level.FLOOR_ONE, READ) - mean(Level.OFF, READ), "ns");
        over("null read, not followed", Level.ATTACHED, READ, 10);
        over("null read, selective and untracked", Level.UNTRACKED, READ, 10);
        over("null read, followed and nothing new", Level.FOLLOWED, READ, 90);
        over("pread of a file, recorded each time", Level.FOLLOWED, RECORDED_READ, 180);
        over("stat, followed", Level.FOLLOWED, STAT, 200);
        over("open + close, followed", Level.FOLLOWED, OPEN_CLOSE, 200);
    }

    private void over(String name, Level level, List<Operation> operations, double target) {
        report.atMost(name + ", over one empty program", mean(level, operations) - mean(Level.FLOOR_ONE, operations), "ns", target);
    }

    private double percent(Level level, List<Operation> operations) {
        return (mean(level, operations) / mean(Level.OFF, operations) - 1) * 100;
    }

    private double mean(Level level, List<Operation> operations) {
        return operations.stream().mapToDouble(operation -> costs.median(level, operation)).average().orElseThrow();
    }
}
