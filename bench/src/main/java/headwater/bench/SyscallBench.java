// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.Capture;
import headwater.capture.FrontEnd;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.kernel.BpfObject;
import headwater.record.KernelObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a system call costs with a capture attached. Base and treated alternate: each round goes through all levels, each
 * level through all operations. This process sleeps while a call is measured; what is recorded waits in the rings.
 *
 * <p>Arguments: {@code FRONT_END UB_PROGRAM FOLDER ROUNDS SCALE}; SCALE multiplies the counts.
 */
public final class SyscallBench {
    private static final int RING_BYTES = 64 << 20;

    private enum Level {
        /** Nothing is attached. */
        OFF,
        /** A program that does nothing is attached at one of the front-end's hooks: what any program has to pay there. */
        FLOOR,
        /** The capture is attached and follows nobody. */
        ATTACHED,
        /** The measured process is followed. */
        FOLLOWED,
        /** It is, but the policy has it left out: only what is tracked is recorded, and nothing is. */
        UNSELECTED,
        /** The same, and some file is tracked: whatever the process touches has to be looked at. */
        UNSELECTED_LOOKS
    }

    /** What ub.c calls {@code name}. */
    private record Operation(String name, String text, long count) {
    }

    private static final List<Operation> OPERATIONS = List.of(
            new Operation("getppid", "getppid", 100_000),
            new Operation("read_zero_1", "read 1 byte of /dev/zero", 50_000),
            new Operation("write_null_1", "write 1 byte to /dev/null", 50_000),
            new Operation("pread_file_1", "pread 1 byte of a file", 50_000),
            new Operation("stat", "stat", 20_000),
            new Operation("open_close", "open + close", 20_000),
            new Operation("fork_exit_wait", "fork + exit + wait", 500),
            new Operation("vfork_exec_wait", "vfork + exec + exit + wait", 500),
            new Operation("new_pread_1", "pread, each new", 50_000),
            new Operation("new_pwrite_1", "pwrite, each new", 50_000),
            new Operation("new_open_close", "open + close, each new", 20_000),
            new Operation("pipe_write_read_1", "write + read of a pipe (always new)", 20_000),
            new Operation("new_file", "create + write + close + unlink", 5_000));

    private final FrontEnd frontEnd;
    private final long scale;
    private final Map<Level, Samples[]> samples = new EnumMap<>(Level.class);
    private final Samples[] records = samples();
    private final String program;
    private final String folder;
    private long lost;

    private SyscallBench(FrontEnd frontEnd, String program, String folder, long scale) {
        this.frontEnd = frontEnd;
        this.program = program;
        this.folder = folder;
        this.scale = scale;
        for (Level level : Level.values()) {
            samples.put(level, samples());
        }
    }

    private static Samples[] samples() {
        Samples[] samples = new Samples[OPERATIONS.size()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = new Samples();
        }
        return samples;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            System.err.println("usage: SyscallBench FRONT_END UB_PROGRAM FOLDER ROUNDS SCALE");
            System.exit(2);
        }
        SyscallBench bench = new SyscallBench(FrontEnd.ofText(arguments[0]), arguments[1], arguments[2],
                Long.parseLong(arguments[4]));
        int rounds = Integer.parseInt(arguments[3]);
        for (int round = 0; round < rounds; round++) {
            bench.round();
        }
        bench.print();
    }

    private void round() throws IOException {
        // Both are started while nothing is attached: a capture marks the children of its own process, which costs them.
        try (MicroBenchmark stranger = new MicroBenchmark(program, folder);
                MicroBenchmark followed = new MicroBenchmark(program, folder)) {
            run(Level.OFF, stranger);
            BpfObject floor = floor();
            try {
                run(Level.FLOOR, stranger);
            } finally {
                floor.close();
            }
            try (Capture capture = Capture.start(
                    new Capture.Scope(frontEnd, false, (int) ProcessHandle.current().pid(), RING_BYTES),
                    (record, at, length) -> { }, (cause, recordClass, cpu, from, to, count) -> lost += count)) {
                run(Level.ATTACHED, stranger);
                capture.adopt(followed.pid());
                drain(capture);
                runFollowed(capture, followed);
                capture.policy(Policy.TRACKED);
                drain(capture);
                run(Level.UNSELECTED, followed);
                Path tracked = Files.createTempFile(Path.of(folder), "tracked", "");
                capture.mark(tracked, Marks.TRACK, Set.of());
                run(Level.UNSELECTED_LOOKS, followed);
                Files.delete(tracked);
                drain(capture);
            }
        }
    }

    private BpfObject floor() {
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
        for (int i = 0; i < OPERATIONS.size(); i++) {
            samples.get(level)[i].add(process.run(OPERATIONS.get(i).name, OPERATIONS.get(i).count * scale));
        }
    }

    private void runFollowed(Capture capture, MicroBenchmark process) throws IOException {
        for (int i = 0; i < OPERATIONS.size(); i++) {
            Operation operation = OPERATIONS.get(i);
            long before = capture.records();
            samples.get(Level.FOLLOWED)[i].add(process.run(operation.name, operation.count * scale));
            drain(capture);
            // The operation runs a tenth more often than it is timed: to warm up.
            records[i].add((capture.records() - before) / (operation.count * scale * 1.1));
        }
    }

    private static void drain(Capture capture) {
        // The last poll that finds nothing has seen all: the measured process waits for the next line.
        while (capture.poll() != 0) {
            Thread.onSpinWait();
        }
    }

    private void print() {
        System.out.println("| operation | off | floor | attached, not followed | not selected | not selected, a file is tracked | followed | records |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < OPERATIONS.size(); i++) {
            double off = samples.get(Level.OFF)[i].median();
            StringBuilder row = new StringBuilder("| " + OPERATIONS.get(i).text + " | " + samples.get(Level.OFF)[i].text(0));
            for (Level level : List.of(Level.FLOOR, Level.ATTACHED, Level.UNSELECTED, Level.UNSELECTED_LOOKS, Level.FOLLOWED)) {
                Samples treated = samples.get(level)[i];
                row.append(String.format(Locale.ROOT, " | %s **%+,.0f** ×%.2f", treated.text(0), treated.median() - off,
                        treated.median() / off));
            }
            System.out.println(row + String.format(Locale.ROOT, " | %.2f |", records[i].median()));
        }
        if (lost > 0) {
            System.out.println("\nLost: " + lost + " records; the figures of followed calls are too low.");
        }
    }
}
