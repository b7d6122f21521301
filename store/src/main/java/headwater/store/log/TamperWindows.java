// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * How long what happened can still be changed unseen: the time from an event until its block stands in the chain, in the
 * file (<em>chained</em>); until the disk has it (<em>durable</em>); and until a signed statement of it is on the disk
 * (<em>signed</em>). Each event counts as if it were the first of its block, so all figures are a little too high, never
 * too low.
 *
 * <p>Blocks are written by one thread; any other may say what is durable and signed. Keeps a few thousand blocks that
 * wait; if there are more, the newest are taken together.
 */
public final class TamperWindows {
    private static final int WAITING = 1 << 12;
    private static final LongSupplier WALL_CLOCK = TamperWindows::wallClockNs;

    private final LatencyHistogram chained = new LatencyHistogram();
    private final LatencyHistogram durable = new LatencyHistogram();
    private final LatencyHistogram signed = new LatencyHistogram();
    private final Waiting forDisk = new Waiting();
    private final Waiting forSignature = new Waiting();
    private volatile LongSupplier clock = WALL_CLOCK;

    TamperWindows() {
    }

    /** By which clock events have their times, nanoseconds since the Unix epoch; null: the wall clock. Called by any thread. */
    public void clock(LongSupplier nowNs) {
        clock = nowNs == null ? WALL_CLOCK : nowNs;
    }

    /** How long ago something happened, by the clock that events have their times by; 0 if nobody has said which that is. */
    long ageNs(long timeNs) {
        LongSupplier own = clock;
        return own == WALL_CLOCK ? 0 : Math.max(0, own.getAsLong() - timeNs);
    }

    /** {@code blocks} blocks are written now; the newest of them has {@code events} events, the first of {@code firstNs}. */
    void written(long blocks, long firstNs, int events) {
        chained.add(clock.getAsLong() - firstNs, events);
        forDisk.add(blocks, firstNs, events);
        forSignature.add(blocks, firstNs, events);
    }

    /** The first {@code blocks} blocks are on the disk. */
    void durable(long blocks) {
        forDisk.drain(blocks, clock.getAsLong(), durable);
    }

    /** A statement that covers the first {@code blocks} blocks is on the disk. */
    public void signed(long blocks) {
        forSignature.drain(blocks, clock.getAsLong(), signed);
    }

    public LatencyHistogram.Summary chained() {
        return chained.summary();
    }

    public LatencyHistogram.Summary durable() {
        return durable.summary();
    }

    public LatencyHistogram.Summary signed() {
        return signed.summary();
    }

    private static long wallClockNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Blocks that wait for something, oldest first. */
    private static final class Waiting {
        private final long[] blocks = new long[WAITING];
        private final long[] firstNs = new long[WAITING];
        private final long[] events = new long[WAITING];
        private int first;
        private int count;

        synchronized void add(long block, long timeNs, long howMany) {
            int slot = (first + count) % WAITING;
            if (count == WAITING) {
                slot = (first + count - 1) % WAITING;
                howMany += events[slot];
                timeNs = Math.min(timeNs, firstNs[slot]);
            } else {
                count++;
            }
            blocks[slot] = block;
            firstNs[slot] = timeNs;
            events[slot] = howMany;
        }

        synchronized void drain(long upTo, long nowNs, LatencyHistogram to) {
            while (count > 0 && blocks[first] <= upTo) {
                to.add(nowNs - firstNs[first], events[first]);
                first = (first + 1) % WAITING;
                count--;
            }
        }
    }
}
