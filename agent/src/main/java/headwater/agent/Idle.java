// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.util.concurrent.locks.LockSupport;

/** How long to wait when there was nothing to do: little at first, more and more, up to a limit. */
final class Idle {
    private static final long SHORTEST_NS = 50_000;
    private static final long LONGEST_NS = 5_000_000;

    /** The longest while something waits to be written, which is due after {@link headwater.store.log.LogWriter#FLUSH_AFTER_NS}. */
    private static final long PENDING_NS = 500_000;

    private long waitNs = SHORTEST_NS;

    /** Waits, unless there was work. */
    void idle(int work) {
        idle(work, false);
    }

    /**
     * Waits, unless there was work.
     *
     * @param pending true if something that was taken waits to be written
     */
    void idle(int work, boolean pending) {
        if (work > 0) {
            waitNs = SHORTEST_NS;
            return;
        }
        LockSupport.parkNanos(pending ? Math.min(PENDING_NS, waitNs) : waitNs);
        waitNs = Math.min(LONGEST_NS, waitNs * 2);
    }
}
