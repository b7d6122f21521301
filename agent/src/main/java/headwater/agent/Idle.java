// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/**
 * How long the recording thread waits when there was nothing to do: little at first, as what comes in a stream is best looked for now and
 * then, and records that wake nobody cost less. Then it sleeps until a record wakes it.
 */
final class Idle {
    private static final long SHORTEST_NS = 50_000;
    /** With what else the way to the chain takes, an event is there within ten milliseconds. */
    private static final long LONGEST_NS = 3_000_000;

    /** The longest while something waits to be written, which is due after {@link headwater.store.log.LogWriter#FLUSH_AFTER_NS}. */
    private static final long PENDING_NS = 500_000;

    /** How long what nobody wakes it for may wait: loss that is looked for, marks that are made durable, a daemon that is to end. */
    private static final int SLEEP_MS = 100;

    private final IntPredicate sleep;
    private long waitNs = SHORTEST_NS;

    /** @param sleep sleeps for at most so many milliseconds, or until there is something to do; false if there is already */
    Idle(IntPredicate sleep) {
        this.sleep = sleep;
    }

    /**
     * Waits, unless there was work.
     *
     * @param pending true if something that was taken waits to be written
     */
    void idle(int work, boolean pending) {
        if (work > 0) {
            waitNs = SHORTEST_NS;
        } else if (pending) {
            LockSupport.parkNanos(Math.min(PENDING_NS, waitNs));
            waitNs = Math.min(LONGEST_NS, waitNs * 2);
        } else if (waitNs < LONGEST_NS) {
            LockSupport.parkNanos(waitNs);
            waitNs *= 2;
        } else if (!sleep.test(SLEEP_MS)) {
            // It may be a record that is not filled yet.
            waitNs = SHORTEST_NS;
        }
    }
}
