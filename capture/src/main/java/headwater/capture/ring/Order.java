// SPDX-License-Identifier: Apache-2.0
package headwater.capture.ring;

import headwater.capture.kernel.Libc;
import headwater.record.KernelId;
import headwater.record.RecordHandler;
import headwater.record.RecordLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Makes one stream of the rings of all CPUs: by time, and never an effect before its cause.
 *
 * <p>A record is handed on once no older one can come any more: the kernel side stamps a record after it has reserved its
 * place, so when a lane has been read to its end, everything stamped before that reading began has been seen
 * ({@link Lane#poll}). Time alone would do if the kernel's fast clock were strictly monotonic across CPUs, which it is not
 * quite while the timekeeper is being updated (kernel/time/timekeeping.c, {@code ktime_get_mono_fast_ns}). So each record is
 * also checked: the state that flowed must have been brought about by a record already handed on; if it was not, that
 * record, which must be waiting in the lane that made the state, goes first. States count up on each CPU, so the check is
 * one comparison.
 *
 * <p>Used by one thread; allocates nothing per record.
 */
public final class Order {
    /** How deep causes may wait for causes; a chain this long within one clock glitch is not possible. */
    private static final int DEPTH_MAX = 64;
    /** A recorder whose code is not compiled yet takes a tenth of a second for so many. */
    private static final int MOST_AT_ONCE = 2048;

    private final Lane[] lanes;
    private final long[] statesSeen;
    private final RecordHandler handler;
    private final LongSupplier clock;

    /** What was put between the records, and the time of each, which never falls. */
    private final ArrayDeque<Between> between = new ArrayDeque<>();

    private record Between(long timeNs, LongConsumer what) {
    }

    private long handedOn;
    private long reordered;
    private long causesMissing;

    /**
     * @param ringDescriptors the rings, by CPU
     * @param ringBytes size of each, a power of two
     */
    public Order(Arena arena, int[] ringDescriptors, long ringBytes, RecordHandler handler) {
        this(map(arena, ringDescriptors, ringBytes), handler, bootClock(arena));
    }

    /**
     * @param clock that of the records, nanoseconds
     */
    Order(Lane[] lanes, RecordHandler handler, LongSupplier clock) {
        this.lanes = lanes;
        this.handler = handler;
        this.clock = clock;
        statesSeen = new long[lanes.length];
    }

    private static Lane[] map(Arena arena, int[] ringDescriptors, long ringBytes) {
        Lane[] lanes = new Lane[ringDescriptors.length];
        for (int cpu = 0; cpu < lanes.length; cpu++) {
            lanes[cpu] = Lane.map(arena, ringDescriptors[cpu], ringBytes);
        }
        return lanes;
    }

    private static LongSupplier bootClock(Arena arena) {
        MemorySegment timespec = arena.allocate(16, 8);
        return () -> Libc.clockNs(Libc.CLOCK_BOOTTIME, timespec);
    }

    /**
     * Takes in what has come and hands on what is certain, up to some thousand records: then their memory is the kernel's again, and whoever
     * polls has time for other things.
     *
     * @return how many records have come or were handed on; 0 means that there was nothing to do
     */
    public int poll() {
        long now = clock.getAsLong();
        int work = 0;
        long certain = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            work += lane.poll(now);
        }
        for (Lane lane : lanes) {
            certain = Math.min(certain, lane.completeNs());
        }
        return work + handOn(certain);
    }

    /** True if nothing has come since the last poll, and nothing waits to be handed on. By the thread that polls. */
    public boolean isQuiet() {
        for (Lane lane : lanes) {
            if (lane.hasCome() || !lane.isEmpty()) {
                return false;
            }
        }
        return between.isEmpty();
    }

    /** Hands on everything that is there. For the end of a capture, when no program runs any more. */
    public void finish() {
        while (poll() != 0) {
            Thread.onSpinWait();
        }
        while (handOn(Long.MAX_VALUE) != 0) {
            Thread.onSpinWait();
        }
    }

    /**
     * Puts something that no record tells into the order: it is run after all records of what has happened until now, before all of
     * what happens from now on, by the thread that polls.
     *
     * @param what is given its time, on the clock of the records
     */
    public void putNow(LongConsumer what) {
        between.add(new Between(clock.getAsLong(), what));
    }

    private int handOn(long beforeNs) {
        int count = 0;
        try {
            while (count < MOST_AT_ONCE) {
                int oldest = oldest();
                long headNs = oldest < 0 ? Long.MAX_VALUE : lanes[oldest].headTimeNs();
                if (!between.isEmpty() && between.peek().timeNs <= Math.min(headNs, beforeNs)) {
                    Between next = between.remove();
                    count++;
                    next.what.accept(next.timeNs);
                    continue;
                }
                if (headNs >= beforeNs) {
                    break;
                }
                // The other lanes' heads only move on: up to the earliest of them this lane goes first without asking again.
                long untilNs = Math.min(beforeNs, earliestBut(oldest));
                if (!between.isEmpty()) {
                    untilNs = Math.min(untilNs, between.peek().timeNs);
                }
                Lane lane = lanes[oldest];
                do {
                    count += handOnHead(oldest, 0);
                } while (lane.headTimeNs() < untilNs && count < MOST_AT_ONCE);
            }
        } finally {
            // Also when the handler throws: what it was given must not come again.
            for (Lane lane : lanes) {
                lane.release();
            }
        }
        return count;
    }

    private int oldest() {
        int oldest = -1;
        long time = Long.MAX_VALUE;
        for (int cpu = 0; cpu < lanes.length; cpu++) {
            long head = lanes[cpu].headTimeNs();
            if (head < time) {
                time = head;
                oldest = cpu;
            }
        }
        return oldest;
    }

    private long earliestBut(int except) {
        long time = Long.MAX_VALUE;
        for (int cpu = 0; cpu < lanes.length; cpu++) {
            if (cpu != except) {
                time = Math.min(time, lanes[cpu].headTimeNs());
            }
        }
        return time;
    }

    private int handOnHead(int cpu, int depth) {
        Lane lane = lanes[cpu];
        MemorySegment data = lane.data();
        long at = lane.headOffset();
        int length = lane.headLength();
        int count = 1;
        lane.next();
        if (RecordLayout.hasSource(data, at)) {
            count += causesFirst(RecordLayout.fromState(data, at), depth);
        }
        long state = RecordLayout.state(data, at);
        if (state != 0) {
            int maker = KernelId.cpu(state);
            if (maker < statesSeen.length && KernelId.number(state) > statesSeen[maker]) {
                statesSeen[maker] = KernelId.number(state);
            }
        }
        handedOn++;
        handler.record(data, at, length);
        return count;
    }

    private int causesFirst(long state, int depth) {
        int maker = KernelId.cpu(state);
        int count = 0;
        if (state == 0 || maker >= statesSeen.length || KernelId.number(state) <= statesSeen[maker]) {
            return 0;
        }
        while (KernelId.number(state) > statesSeen[maker]) {
            if (lanes[maker].isEmpty() || depth == DEPTH_MAX) {
                causesMissing++;
                statesSeen[maker] = KernelId.number(state);
                return count;
            }
            reordered++;
            count += handOnHead(maker, depth + 1);
        }
        return count;
    }

    /** Records handed on so far. */
    public long handedOn() {
        return handedOn;
    }

    /** Records that went before their time because another needed them. */
    public long reordered() {
        return reordered;
    }

    /** Records whose cause never came: more than zero means that something was lost. */
    public long causesMissing() {
        return causesMissing;
    }

    /** The fullest ring's backlog, bytes. */
    public long backlogBytes() {
        long most = 0;
        for (Lane lane : lanes) {
            most = Math.max(most, lane.backlogBytes());
        }
        return most;
    }
}
