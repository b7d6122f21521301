// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

/**
 * Whether more comes than the recorder keeps up with: high from when a ring is a quarter full until all have been nearly empty for a
 * second. For one thread.
 */
final class Pressure {
    private static final int MUCH = 4;
    private static final int LITTLE = 32;
    private static final long CALM_NS = 1_000_000_000;

    private final long ringBytes;
    private boolean high;
    private long calmSinceNs;

    /** @param ringBytes size of each ring */
    Pressure(long ringBytes) {
        this.ringBytes = ringBytes;
    }

    boolean isHigh() {
        return high;
    }

    /**
     * Takes note of how much waits in the fullest ring.
     *
     * @param nowNs by any clock that does not go back
     * @return true if {@link #isHigh} has changed by it
     */
    boolean hasChanged(long backlogBytes, long nowNs) {
        boolean before = high;
        if (backlogBytes >= ringBytes / MUCH) {
            high = true;
        }
        if (backlogBytes > ringBytes / LITTLE) {
            calmSinceNs = nowNs;
        } else if (high && nowNs - calmSinceNs >= CALM_NS) {
            high = false;
        }
        return high != before;
    }
}
