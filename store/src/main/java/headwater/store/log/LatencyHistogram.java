// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

/**
 * Counts durations in buckets of a fixed relative width: eight to each doubling, from a microsecond to some hours, so
 * that a percentile is at most an eighth too high. Remembers the last one to two minutes. Allocates nothing after it was
 * made. Any thread may call.
 */
public final class LatencyHistogram {
    private static final long PERIOD_NS = 60_000_000_000L;
    private static final int STEPS = 8;
    private static final int STEP_BITS = 3;
    /** 2^34 microseconds are nearly five hours; what is longer counts as that. */
    private static final int BUCKETS = 32 * STEPS;

    private long[] current = new long[BUCKETS];
    private long[] before = new long[BUCKETS];
    private long currentMaxNs;
    private long beforeMaxNs;
    private long turnNs = System.nanoTime();

    /**
     * What was counted in the last one to two minutes.
     *
     * @param count durations
     * @param p50Us half of them were not longer, microseconds
     * @param p99Us 99 of 100 were not longer
     * @param maxUs the longest
     */
    public record Summary(long count, long p50Us, long p99Us, long maxUs) {
    }

    /** Counts {@code weight} durations of {@code durationNs}; one below 0 counts as 0. */
    public synchronized void add(long durationNs, long weight) {
        turn(System.nanoTime());
        current[bucket(Math.max(0, durationNs) / 1000)] += weight;
        currentMaxNs = Math.max(currentMaxNs, durationNs);
    }

    public synchronized Summary summary() {
        turn(System.nanoTime());
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            count += current[i] + before[i];
        }
        long maxUs = Math.max(currentMaxNs, beforeMaxNs) / 1000;
        return new Summary(count, percentile(count, 50, maxUs), percentile(count, 99, maxUs), maxUs);
    }

    private long percentile(long count, int percent, long maxUs) {
        long wanted = (count * percent + 99) / 100;
        long seen = 0;
        for (int i = 0; i < BUCKETS && wanted > 0; i++) {
            seen += current[i] + before[i];
            if (seen >= wanted) {
                return Math.min(maxUs, highest(i));
            }
        }
        return 0;
    }

    private void turn(long nowNs) {
        for (int i = 0; i < 2 && nowNs - turnNs >= PERIOD_NS; i++) {
            long[] oldest = before;
            before = current;
            beforeMaxNs = currentMaxNs;
            current = oldest;
            java.util.Arrays.fill(current, 0);
            currentMaxNs = 0;
            turnNs = i == 0 ? turnNs + PERIOD_NS : nowNs;
        }
    }

    private static int bucket(long us) {
        if (us < STEPS) {
            return (int) us;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(us);
        int step = (int) (us >>> exponent - STEP_BITS) & STEPS - 1;
        return Math.min(BUCKETS - 1, (exponent - STEP_BITS + 1) * STEPS + step);
    }

    /** The longest duration of a bucket, microseconds. */
    private static long highest(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (STEPS + bucket % STEPS) + 1 << shift) - 1;
    }
}
