// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.util.concurrent.locks.LockSupport;

/** How long to wait when there was nothing to do: little at first, more and more, up to a limit, which is higher after a second of quiet. */
final class Idle {
    private static final long SHORTEST_NS = 50_000;
    /** With what else the way to the chain takes, an event is there within ten milliseconds. */
    private static final long LONGEST_NS = 3_000_000;
    /** Waking up is what a quiet machine pays. What has happened meanwhile is written at once, as it has waited long enough. */
    private static final long LONGEST_IN_QUIET_NS = 8_000_000;
    private static final long QUIET_NS = 1_000_000_000;

    /** The longest while something waits to be written, which is due after {@link headwater.store.log.LogWriter#FLUSH_AFTER_NS}. */
    private static final long PENDING_NS = 500_000;

    private long waitNs = SHORTEST_NS;
    private long quietNs;

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
            quietNs = 0;
            return;
        }
        LockSupport.parkNanos(pending ? Math.min(PENDING_NS, waitNs) : waitNs);
        quietNs += waitNs;
        waitNs = Math.min(quietNs < QUIET_NS ? LONGEST_NS : LONGEST_IN_QUIET_NS, waitNs * 2);
    }
}
