// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.capture.kernel.Libc;
import headwater.capture.ring.Order;
import headwater.record.KernelObjects;
import headwater.record.RecordHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running capture: a front-end attached in the kernel, and its records in their one order. Used by one thread, which calls
 * {@link #poll} again and again.
 *
 * <p>From {@link #start} on nothing is missed: records wait in the rings until they are polled, and what does not fit is
 * counted and reported.
 */
public final class Capture implements AutoCloseable {
    /** How often loss is looked for, and how long a loss interval can be. */
    private static final long LOSS_INTERVAL_NS = 100_000_000;

    private final Arena arena;
    private final MemorySegment timespec;
    private final BpfObject object;
    private final Order order;
    private final LaneCounters counters;
    private final FrontEnd frontEnd;
    private final LossHandler lossHandler;
    private long lossReportedNs;
    private long causesMissing;
    private long hooksSkipped;
    private final List<BpfObject.Program> attached = new ArrayList<>();

    /**
     * What to capture.
     *
     * @param frontEnd where flows are seen
     * @param wholeSystem true to follow every task; false to follow the processes given to {@link #adopt}, and theirs
     * @param self the process that is never followed, nor its children, unless adopted
     * @param ringBytes size of each CPU's ring; a power of two, at least 4096
     * @param packets the control group whose sockets' packets are seen one by one, null for none
     */
    public record Scope(FrontEnd frontEnd, boolean wholeSystem, int self, int ringBytes, Path packets) {
        public Scope {
            if (Integer.bitCount(ringBytes) != 1 || ringBytes < 4096) {
                throw new IllegalArgumentException("ring size: bytes=" + ringBytes + ", want a power of two from 4096 on");
            }
        }
    }

    /** True if {@code program} is wanted for this scope, and the kernel has what it attaches to. */
    private static boolean wanted(Scope scope, BpfObject.Program program) {
        return scope.frontEnd.has(program) && KernelFeatures.exists(program)
                && (scope.packets != null || !FrontEnd.isOfPackets(program));
    }

    /**
     * Loads and attaches a front-end.
     *
     * @throws headwater.capture.kernel.KernelException if the kernel refuses it
     */
    public static Capture start(Scope scope, RecordHandler records, LossHandler losses) {
        return new Capture(scope, records, losses);
    }

    private Capture(Scope scope, RecordHandler records, LossHandler losses) {
        frontEnd = scope.frontEnd;
        lossHandler = losses;
        int cpus = Cpus.possible();
        object = new BpfObject(frontEnd.object(), KernelObjects.read(frontEnd.object()));
        arena = Arena.ofShared();
        try {
            timespec = arena.allocate(16, 8);
            object.select(program -> wanted(scope, program));
            MemorySegment config = arena.allocate(8, 4);
            config.set(ValueLayout.JAVA_INT, 0, scope.wholeSystem ? 1 : 0);
            config.set(ValueLayout.JAVA_INT, 4, scope.self);
            object.initialise(".rodata.config", config);
            object.resize("rings", cpus);
            object.load();
            int[] rings = new int[cpus];
            for (int cpu = 0; cpu < cpus; cpu++) {
                rings[cpu] = object.addRing("rings", cpu, scope.ringBytes);
            }
            order = new Order(arena, rings, scope.ringBytes, records);
            counters = new LaneCounters(arena, object, cpus);
            lossReportedNs = nowNs();
            attach(scope);
            if (scope.wholeSystem) {
                readInExisting(0);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void attach(Scope scope) {
        for (BpfObject.Program program : object.programs()) {
            if (!wanted(scope, program) || FrontEnd.isIterator(program) || FrontEnd.isCalled(program)) {
                continue;
            }
            if (FrontEnd.isOfPackets(program)) {
                object.attachTo(scope.packets, program);
            } else {
                object.attach(program);
                attached.add(program);
            }
        }
    }

    /** Follows a process from now on, and all that it starts; what it already has open is read in. */
    public void adopt(int tgid) {
        if (tgid <= 0) {
            throw new IllegalArgumentException("no process to adopt: tgid=" + tgid);
        }
        readInExisting(tgid);
    }

    private void readInExisting(int tgid) {
        object.put(object.mapDescriptor(".data.control"), 0, tgid);
        // Tasks first: files and mappings are of tasks that are followed already.
        for (String name : new String[] {"existing_tasks", "existing_files", "existing_mappings"}) {
            object.iterate(object.programs().stream().filter(program -> program.name().equals(name)).findFirst().orElseThrow());
        }
    }

    /**
     * Hands on what is certain.
     *
     * @return how much there was to do; 0 means that the caller may wait a little
     */
    public int poll() {
        int work = order.poll();
        long now = nowNs();
        if (now - lossReportedNs >= LOSS_INTERVAL_NS) {
            reportLoss(now);
        }
        return work;
    }

    private void reportLoss(long now) {
        counters.report(lossReportedNs, now, lossHandler);
        if (order.causesMissing() != causesMissing) {
            lossHandler.lost(LossHandler.CAUSE_MISSING, -1, lossReportedNs, now, order.causesMissing() - causesMissing);
            causesMissing = order.causesMissing();
        }
        long skipped = skippedHooks();
        if (skipped != hooksSkipped) {
            lossHandler.lost(LossHandler.HOOK_SKIPPED, -1, lossReportedNs, now, skipped - hooksSkipped);
            hooksSkipped = skipped;
        }
        lossReportedNs = now;
    }

    /** An LSM program is never skipped, and makes up for the tracing programs beside it that are (docs/flow-core.md). */
    private long skippedHooks() {
        if (frontEnd != FrontEnd.FEXIT) {
            return 0;
        }
        long skipped = 0;
        for (BpfObject.Program program : attached) {
            skipped += object.skipped(program);
        }
        return skipped;
    }

    /** Stops capturing: detaches, then hands on all that is still in the rings. */
    public void stop() {
        object.detach();
        order.finish();
        reportLoss(nowNs());
    }

    /** Nanoseconds since boot, on the clock of the records. */
    public long nowNs() {
        return Libc.clockNs(Libc.CLOCK_BOOTTIME, timespec);
    }

    /** What must be added to a record's time to make it nanoseconds since the Unix epoch. */
    public long bootToEpochNs() {
        long before = nowNs();
        long epoch = Libc.clockNs(Libc.CLOCK_REALTIME, timespec);
        return epoch - (before + (nowNs() - before) / 2);
    }

    /** Records handed on so far. */
    public long records() {
        return order.handedOn();
    }

    /** The fullest ring's backlog, bytes. */
    public long backlogBytes() {
        return order.backlogBytes();
    }

    @Override
    public void close() {
        object.close();
        arena.close();
    }
}
