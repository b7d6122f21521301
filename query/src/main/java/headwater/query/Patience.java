// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.function.LongSupplier;

/**
 * How long an answer may take, and whether it is still wanted. One question uses it; {@link #cancel} may come from any thread.
 */
public final class Patience {
    private static final int CALLS_A_LOOK = 256;

    private final LongSupplier nanoTime;
    private final long limitNs;
    private final long startNs;
    private volatile boolean cancelled;
    private boolean late;
    private int calls;

    private Patience(long limitNs, LongSupplier nanoTime) {
        this.limitNs = limitNs;
        this.nanoTime = nanoTime;
        this.startNs = nanoTime.getAsLong();
    }

    /** As long as it takes, until cancelled. */
    public static Patience endless() {
        return new Patience(Long.MAX_VALUE, () -> 0);
    }

    /**
     * From now on for {@code limitNs}.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public static Patience of(long limitNs, LongSupplier nanoTime) {
        return new Patience(limitNs, nanoTime);
    }

    /** Nobody waits any more: what is there is the answer. */
    public void cancel() {
        cancelled = true;
    }

    public boolean cancelled() {
        return cancelled;
    }

    /** True if the work has to end. Cheap enough to ask for each node; the clock is looked at every 256th time. */
    public boolean over() {
        if (cancelled || late) {
            return true;
        }
        if (limitNs != Long.MAX_VALUE && calls++ % CALLS_A_LOOK == 0) {
            late = nanoTime.getAsLong() - startNs >= limitNs;
        }
        return late;
    }

    /** Why it ended, one clause; null if it need not have. */
    public String reason() {
        if (cancelled) {
            return "interrupted (Ctrl-C)";
        }
        return late ? "stopped after " + limitNs / 1_000_000 + " ms (--time-limit)" : null;
    }
}
