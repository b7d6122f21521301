// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

/** How much came in a second, over the last ten or so. One thread adds; any asks. */
public final class Rate {
    private static final int SECONDS = 10;
    private static final long NS = 1_000_000_000L;

    private final long[] counts = new long[SECONDS + 1];
    private long second;

    public Rate(long nowNs) {
        second = Math.floorDiv(nowNs, NS);
    }

    /** Adds {@code count} at a {@link System#nanoTime}. */
    public synchronized void add(long count, long nowNs) {
        roll(nowNs);
        counts[slot(second)] += count;
    }

    /** The mean, at a {@link System#nanoTime}. */
    public synchronized long perSecond(long nowNs) {
        roll(nowNs);
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        // The second that is under way is not over.
        return (sum - counts[slot(second)]) / SECONDS;
    }

    private void roll(long nowNs) {
        long now = Math.floorDiv(nowNs, NS);
        for (long passed = Math.max(second + 1, now - SECONDS); passed <= now; passed++) {
            counts[slot(passed)] = 0;
        }
        second = Math.max(second, now);
    }

    private int slot(long at) {
        return (int) Math.floorMod(at, (long) counts.length);
    }
}
