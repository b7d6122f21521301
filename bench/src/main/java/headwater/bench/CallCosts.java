// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.Capture;
import headwater.capture.FrontEnd;
import headwater.capture.Marks;
import headwater.capture.OnLoss;
import headwater.capture.Policy;
import headwater.capture.kernel.BpfObject;
import headwater.record.KernelObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures what system calls cost at several {@link Level}s. Base and treated alternate: each round goes through all levels, each level
 * through all operations. This process sleeps while a call is measured; what is recorded waits in the rings. One thread.
 */
public final class CallCosts {
    private static final int RING_BYTES = 64 << 20;

    private final FrontEnd frontEnd;
    private final Plan plan;
    private final Map<Level, Map<String, Samples>> samples = new EnumMap<>(Level.class);
    private final Map<String, Samples> records = new HashMap<>();
    private long lost;
    private SortedMap<String, BpfObject.Size> sizes = new TreeMap<>();

    /**
     * What to measure, and by what.
     *
     * @param program the compiled ub
     * @param folder takes its files; a tmpfs, so that no disk is measured
     * @param part each operation is run {@code count / part} times, ten at least
     * @param levels in whichever order they are named, they are gone through in their own
     */
    public record Plan(String program, String folder, long part, List<Operation> operations, Set<Level> levels) {
        long count(Operation operation) {
            return Math.max(10, operation.count() / part);
        }
    }

    public CallCosts(FrontEnd frontEnd, Plan plan) {
        this.frontEnd = frontEnd;
        this.plan = plan;
    }

    /** What a level took for an operation: ns; under a clock that counts instructions, instructions. */
    Samples samples(Level level, Operation operation) {
        return samples.computeIfAbsent(level, key -> new HashMap<>()).computeIfAbsent(operation.name(), key -> new Samples());
    }

    /** The median of {@link #samples}. */
    public double median(Level level, Operation operation) {
        return samples(level, operation).median();
    }

    /** Records for each operation at {@link Level#FOLLOWED}. */
    Samples records(Operation operation) {
        return records.computeIfAbsent(operation.name(), key -> new Samples());
    }

    /** Records that the kernel could not keep: if there are any, the figures are too low. */
    public long lost() {
        return lost;
    }

    /** How large the programs are that the last round's capture had loaded. */
    public SortedMap<String, BpfObject.Size> sizes() {
        return sizes;
    }

    public void round() throws IOException {
        // Both are started while nothing is attached: a capture marks the children of its own process, which costs them.
        try (MicroBenchmark stranger = new MicroBenchmark(plan.program, plan.folder);
                MicroBenchmark followed = new MicroBenchmark(plan.program, plan.folder)) {
            run(Level.OFF, stranger);
            // With the programs of lines, which are attached when lines are asked for: their sizes count.
            Capture.Scope scope = new Capture.Scope(frontEnd, false, (int) ProcessHandle.current().pid(), RING_BYTES, OnLoss.RECORD, false, null,
                    Policy.EVERYTHING, Map.of(), Map.of(), true);
            if (plan.levels.contains(Level.FLOOR_ONE)) {
                runWith(oneEmpty(), Level.FLOOR_ONE, stranger);
            }
            if (plan.levels.contains(Level.FLOOR)) {
                runWith(allEmpty(scope), Level.FLOOR, stranger);
            }
            try (Capture capture = Capture.start(scope, (record, at, length) -> { },
                    (cause, recordClass, cpu, from, to, count) -> lost += count)) {
                sizes = capture.sizes();
                captured(capture, stranger, followed);
            }
        }
    }

    private void captured(Capture capture, MicroBenchmark stranger, MicroBenchmark followed) throws IOException {
        run(Level.ATTACHED, stranger);
        capture.adopt(followed.pid());
        drain(capture);
        runRecorded(Level.FOLLOWED, capture, followed);
        capture.policy(Policy.TRACKED);
        drain(capture);
        run(Level.UNTRACKED, followed);
        if (plan.levels.contains(Level.UNTRACKED_LOOKS)) {
            Path tracked = Files.createTempFile(Path.of(plan.folder), "tracked", "");
            capture.mark(tracked, Marks.TRACK, Set.of());
            run(Level.UNTRACKED_LOOKS, followed);
            Files.delete(tracked);
            drain(capture);
        }
        if (plan.levels.contains(Level.TRACKED)) {
            if (!capture.mark(followed.pid(), Marks.TRACK, Set.of())) {
                throw new IOException("the measured process cannot be tracked: pid=" + followed.pid());
            }
            drain(capture);
            runRecorded(Level.TRACKED, capture, followed);
        }
    }

    /** Measures while {@code attached} is, and frees it. */
    private void runWith(BpfObject attached, Level level, MicroBenchmark process) throws IOException {
        try {
            run(level, process);
        } finally {
            attached.close();
        }
    }

    private BpfObject allEmpty(Capture.Scope scope) {
        BpfObject object = new BpfObject("floor", KernelObjects.read(frontEnd == FrontEnd.TRACE ? "floor-trace" : "floor-lsm"));
        Capture.attachInstead(object, scope);
        return object;
    }

    private BpfObject oneEmpty() {
        BpfObject object = new BpfObject("bench", KernelObjects.read("bench"));
        String hook = switch (frontEnd) {
            case TRACE -> "empty_sys_exit";
            case LSM -> "empty_file_permission";
            case FEXIT -> "empty_vfs_read";
        };
        List<BpfObject.Program> attached = new ArrayList<>();
        object.select(program -> program.name().equals(hook) && attached.add(program));
        object.load();
        attached.forEach(object::attach);
        return object;
    }

    private void run(Level level, MicroBenchmark process) throws IOException {
        if (plan.levels.contains(level)) {
            for (Operation operation : plan.operations) {
                samples(level, operation).add(process.run(operation.name(), plan.count(operation)));
            }
        }
    }

    private void runRecorded(Level level, Capture capture, MicroBenchmark process) throws IOException {
        for (Operation operation : plan.operations) {
            long before = capture.records();
            long count = plan.count(operation);
            samples(level, operation).add(process.run(operation.name(), count));
            drain(capture);
            if (level == Level.FOLLOWED) {
                // One series of eleven warms up, and is not timed.
                records(operation).add((capture.records() - before) / (count / 10 * 11.0));
            }
        }
    }

    private static void drain(Capture capture) {
        // The last poll that finds nothing has seen all: the measured process waits for the next line.
        while (capture.poll() != 0) {
            Thread.onSpinWait();
        }
    }
}
