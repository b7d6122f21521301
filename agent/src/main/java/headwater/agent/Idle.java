// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/**
 * How long the recording thread waits between two looks. While little comes it lets a millisecond's worth gather: waking up costs more
 * than ten records do, and nothing is due sooner. When nothing has come for a while it sleeps until a record wakes it.
 */
final class Idle {
    /** So many records at one look are no little: the next look comes at once, as more have come meanwhile. */
    private static final int MANY = 1024;
    /** A ring holds what a processor can record in a hundred of these. */
    private static final long GATHER_NS = 1_000_000;
    /** While something waits to be written, which is due after {@link headwater.store.log.LogWriter#FLUSH_AFTER_NS}. */
    private static final long PENDING_NS = 500_000;
    /** So often nothing, before it sleeps: who is recorded pays for waking it. */
    private static final int LOOKS = 3;
    /** How long what nobody wakes it for may wait: loss that is looked for, marks that are made durable, a daemon that is to end. */
    private static final int SLEEP_MS = 100;

    private final IntPredicate sleep;
    private int quiet;

    /** @param sleep sleeps for at most so many milliseconds, or until there is something to do; false if there is already */
    Idle(IntPredicate sleep) {
        this.sleep = sleep;
    }

    /**
     * Waits, unless there was much work.
     *
     * @param work how many records there were at the last look
     * @param pending true if something that was taken waits to be written
     */
    void idle(int work, boolean pending) {
        if (work > 0) {
            quiet = 0;
            if (work < MANY) {
                LockSupport.parkNanos(GATHER_NS);
            }
        } else if (pending) {
            LockSupport.parkNanos(PENDING_NS);
        } else if (quiet < LOOKS) {
            quiet++;
            LockSupport.parkNanos(GATHER_NS);
        } else if (!sleep.test(SLEEP_MS)) {
            // It may be a record that is not filled yet.
            quiet = 0;
        }
    }
}
