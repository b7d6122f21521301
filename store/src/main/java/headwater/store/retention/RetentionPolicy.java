// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

/**
 * What is kept. Whole segments go, the oldest first, as soon as one of the bounds says so.
 *
 * @param ageNs how long after its newest event a segment is kept, nanoseconds; {@link #UNBOUNDED} for ever
 * @param sizeBytes how large the log may be, with its statements and what is carried; {@link #UNBOUNDED} for any size
 */
public record RetentionPolicy(long ageNs, long sizeBytes) {
    /** No bound. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** Everything is kept. */
    public static final RetentionPolicy ALL = new RetentionPolicy(UNBOUNDED, UNBOUNDED);

    public RetentionPolicy {
        if (ageNs < 0 || sizeBytes < 0) {
            throw new IllegalArgumentException("retention bound below zero: ageNs=" + ageNs + ", sizeBytes=" + sizeBytes);
        }
    }
}
