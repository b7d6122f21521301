// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes blocks durable behind the writer's back, in a thread of its own: as soon as a block is written, and one sync for
 * all that were written while the sync before went on. A disk that is slow thus gets fewer, larger syncs, and never
 * keeps the writer waiting. A sync that fails is told by the writer at its next call.
 */
public final class Committer implements AutoCloseable {
    /** Between the starts of two syncs: blocks that follow one another this fast share one. */
    private static final long SPACING_NS = 5_000_000;

    private final LogWriter writer;
    private final Thread thread;
    private volatile boolean closed;

    private Committer(LogWriter writer) {
        this.writer = writer;
        this.thread = new Thread(this::run, "headwater-sync");
        thread.setDaemon(true);
    }

    /** Begins. The writer stays the caller's, and is closed after this. */
    public static Committer start(LogWriter writer) {
        Committer committer = new Committer(writer);
        writer.whenWritten(() -> LockSupport.unpark(committer.thread));
        committer.thread.start();
        return committer;
    }

    private void run() {
        while (!closed) {
            if (!writer.uncommitted()) {
                LockSupport.park(this);
                continue;
            }
            long started = System.nanoTime();
            try {
                writer.commit();
            } catch (IOException e) {
                return;
            }
            long rest = SPACING_NS - (System.nanoTime() - started);
            if (rest > 0 && !closed) {
                LockSupport.parkNanos(this, rest);
            }
        }
    }

    /** Ends; what is not durable by then is left to the writer's own sync. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
