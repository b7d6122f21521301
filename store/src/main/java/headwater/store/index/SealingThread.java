// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.StoreDroppedException;
import headwater.store.log.LogPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Seals and merges behind the back of a store's writer, and gives way to it where the CPUs are few. Sealing goes first: merging is broken off
 * for it. Any thread may call; the thread is begun when there is something to do.
 */
final class SealingThread implements AutoCloseable {
    /** Merges of more than this many rows are left to a process that stays. */
    private static final long LAST_MERGE_ROWS = 2 << 20;

    private record Complete(LogPosition end, HotTables tables) {
    }

    private final SealedFiles sealed;
    private final List<Complete> complete = new ArrayList<>();
    private Thread thread;
    private long wanted;
    /** Blocks up to which all is sealed, and up to which segments were merged since. */
    private long done;
    private long merged;
    private long askedRows;
    private boolean loaded;
    private boolean closing;
    private boolean dropped;
    private Exception trouble;

    SealingThread(SealedFiles sealed) {
        this.sealed = sealed;
    }

    /** Seals what the log has before block {@code block}. */
    synchronized void cover(long block) {
        wanted = Math.max(wanted, block);
        trouble = null;
        if (thread == null && !closing) {
            thread = Thread.ofPlatform().daemon().name("headwater-index").unstarted(this::run);
            thread.start();
        }
        notifyAll();
    }

    /** Takes out of the index what was dropped from the log. */
    synchronized void dropped() {
        dropped = true;
        cover(0);
    }

    synchronized void cover(LogPosition end) {
        askedRows = end.nodes() + end.edges();
        cover(end.block());
    }

    /** Seals what is before {@code end}, and then lets go of the hot segment that ends there. */
    synchronized void cover(LogPosition end, HotTables tables) {
        complete.add(new Complete(end, tables));
        cover(end);
    }

    /** How many nodes and edges the store had up to where it was last asked to seal. */
    synchronized long askedRows() {
        return askedRows;
    }

    /** How many complete hot segments wait to be sealed. */
    synchronized int waiting() {
        return complete.size();
    }

    /** True if all that was asked for is sealed, though segments may still be merged. */
    synchronized boolean isSealed() {
        return done >= wanted && !dropped && trouble == null;
    }

    /**
     * Waits until all that was asked for is sealed.
     *
     * @throws UncheckedIOException if it could not be
     */
    synchronized void awaitSealed() {
        await(() -> done < wanted || dropped);
    }

    /** As {@link #awaitSealed}, and until segments are merged, too. */
    synchronized void awaitMerged() {
        await(() -> merged < wanted || dropped);
    }

    private void await(BooleanSupplier lacking) {
        try {
            while (lacking.getAsBoolean() && trouble == null && thread != null && thread.isAlive()) {
                wait(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (trouble != null) {
            throw new UncheckedIOException(new IOException("index cannot be written: cause=" + trouble + "; make room, or make the "
                    + "directory writable", trouble));
        }
    }

    private void run() {
        ThreadPriority.lower();
        while (true) {
            long block;
            boolean last;
            synchronized (this) {
                while (merged >= wanted && !closing && !dropped) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (merged >= wanted && !dropped) {
                    return;
                }
                dropped = false;
                block = wanted;
                last = closing;
            }
            if (!work(block, last) && last) {
                return;
            }
        }
    }

    private boolean work(long block, boolean last) {
        try {
            if (!loaded) {
                sealed.load();
                if (!sealed.notices().isEmpty()) {
                    sealed.save();
                }
                loaded = true;
            }
            sealed.cover(block);
            letGo(block);
            synchronized (this) {
                done = block;
                notifyAll();
            }
            // What has come meanwhile is missed by questions until it is sealed; how many segments they ask is a matter of speed.
            sealed.merge(last ? LAST_MERGE_ROWS : Long.MAX_VALUE, () -> !isSealed());
            synchronized (this) {
                merged = block;
                trouble = null;
                notifyAll();
            }
            return true;
        } catch (StoreDroppedException e) {
            // The log's beginning was dropped while it was read: once more, from where it begins now.
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            synchronized (this) {
                // Tried again when more is asked for; until then readers have the hot segments, or the log.
                wanted = done;
                merged = done;
                trouble = e instanceof Exception exception ? exception : new IOException(e);
                notifyAll();
            }
            return false;
        }
    }

    private synchronized void letGo(long block) {
        for (Iterator<Complete> each = complete.iterator(); each.hasNext();) {
            Complete one = each.next();
            if (one.end.block() <= block) {
                Indexer.drop(one.tables);
                each.remove();
            }
        }
    }

    /** Does what was asked for, and ends. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closing = true;
            running = thread;
            notifyAll();
        }
        try {
            if (running != null) {
                running.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        letGo(Long.MAX_VALUE);
    }
}
