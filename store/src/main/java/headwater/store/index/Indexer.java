// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.log.LogTap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the index up to date while a store is written to: puts each event into the hot segment, begins another when that is complete, and
 * seals and merges in the background. Nothing that goes wrong here reaches the log: the hot segment is given up, and what it had is sealed
 * from the log. So it is, too, while more comes than can be indexed ({@link #later}).
 *
 * <p>The log writer's thread calls; a thread of its own seals.
 */
public final class Indexer implements LogTap {
    /** Events after which a hot segment is sealed: at some 30 bytes each. */
    public static final int HOT_EVENTS = 8 << 20;
    private static final long HOT_STRING_BYTES = 256L << 20;
    /** Complete hot segments that may wait to be sealed: together they take about a gibibyte. */
    private static final int MOST_WAITING = 4;
    private static final long LOCK_PATIENCE_NS = 10_000_000_000L;

    private final LogReader log;
    private final Path directory;
    private final int hotEvents;
    private final WriterProcess self;
    private IndexLock lock;
    private SealingThread sealing;
    private HotTables tables;
    private HotWriter hot;
    private LogPosition writtenTo;
    private boolean later;
    /** How many nodes and edges the store has when a hot segment may be begun again after one was given up. */
    private long againFromRows;
    private boolean sessionEnded;
    private boolean closed;

    private Indexer(LogReader log, Path directory, LogPosition start, int hotEvents, WriterProcess self) {
        this.log = log;
        this.directory = directory;
        this.writtenTo = start;
        this.hotEvents = hotEvents;
        this.self = self;
    }

    /**
     * Begins to index a store that is open for writing.
     *
     * @param start where the log ends now
     * @param hotEvents events after which a hot segment is sealed
     */
    public static Indexer start(LogReader log, Path directory, LogPosition start, int hotEvents) {
        Indexer indexer = null;
        try {
            indexer = new Indexer(log, directory, start, hotEvents, WriterProcess.self());
            indexer.lock = waitForLock(directory);
            if (indexer.lock != null) {
                SealedFiles sealed = new SealedFiles(log, directory, SealedFiles.MOST_ROWS);
                sealed.deleteHot();
                indexer.sealing = new SealingThread(sealed);
                indexer.begin(start);
                indexer.sealing.cover(start.block());
            }
        } catch (IOException | RuntimeException e) {
            indexer = indexer == null ? new Indexer(log, directory, start, hotEvents, null) : indexer;
            indexer.giveUp();
        }
        return indexer;
    }

    /** A reader that seals what a killed writer left is soon done. */
    private static IndexLock waitForLock(Path directory) {
        long until = System.nanoTime() + LOCK_PATIENCE_NS;
        IndexLock lock = IndexLock.tryTake(directory);
        while (lock == null && System.nanoTime() < until && Files.isWritable(directory)) {
            LockSupport.parkNanos(20_000_000);
            lock = IndexLock.tryTake(directory);
        }
        return lock;
    }

    private void begin(LogPosition start) throws IOException {
        tables = HotFile.create(directory, log.store(), start, hotEvents, self);
        hot = new HotWriter(tables, start);
    }

    @Override
    public void sessionStart(Session session) {
        if (hot != null) {
            try {
                hot.sessionStart(session);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void sessionEnd(long timeNs) {
        sessionEnded = true;
        if (hot != null) {
            try {
                hot.sessionEnd(timeNs);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        if (hot != null) {
            try {
                hot.node(node, object, version, kind, timeNs);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        if (hot != null) {
            try {
                hot.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        if (hot != null) {
            try {
                hot.attribute(object, attribute, value, timeNs);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        if (hot != null) {
            try {
                hot.attribute(object, attribute, bytes, offset, length, timeNs);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void gap(Gap gap) {
        if (hot != null) {
            try {
                hot.gap(gap);
            } catch (RuntimeException e) {
                giveUp();
            }
        }
    }

    @Override
    public void written(LogPosition position) {
        writtenTo = position;
        boolean last = sessionEnded;
        sessionEnded = false;
        try {
            if (hot == null) {
                withoutHot(position, last);
                return;
            }
            hot.publish(position);
            if (hot.rows() >= hotEvents || hot.stringBytes() >= HOT_STRING_BYTES || last || later) {
                turnOver(position);
            }
        } catch (IOException | RuntimeException e) {
            giveUp();
        }
    }

    /** What is written is sealed from the log, a stretch at a time; the next hot segment begins when nothing waits any more. */
    private void withoutHot(LogPosition position, boolean last) throws IOException {
        if (sealing == null || closed) {
            return;
        }
        long rows = position.nodes() + position.edges();
        if (!later && rows >= againFromRows && sealing.isSealed()) {
            sealing.cover(position);
            begin(position);
        } else if (last || rows - sealing.askedRows() >= hotEvents) {
            sealing.cover(position);
        }
    }

    /**
     * Whether indexing is left for later, as the writer cannot keep up with what comes: until it is taken back, events go into the log
     * alone, which takes half the time, and the index falls behind. By the log writer's thread.
     */
    public void later(boolean leave) {
        later = leave;
    }

    /** Waits until all that was written is sealed, if there is no hot segment that has it; if it cannot be, readers have the log. */
    public void catchUp() {
        if (sealing == null) {
            return;
        }
        if (hot == null) {
            sealing.cover(writtenTo);
        }
        try {
            sealing.awaitSealed();
        } catch (UncheckedIOException e) {
            // Whoever closes the store or asks for all to be sealed hears of it.
        }
    }

    /** The hot segment is complete: seals it in the background, and begins the next, unless too many wait. */
    private void turnOver(LogPosition position) throws IOException {
        if (position.block() == hot.start().block()) {
            return;
        }
        HotTables complete = tables;
        HotFile.setState(complete, HotFormat.STATE_COMPLETE);
        tables = null;
        hot = null;
        sealing.cover(position, complete);
        if (!later && sealing.waiting() <= MOST_WAITING) {
            begin(position);
        }
    }

    /** Readers take what is missing from the log, until it is sealed. */
    private void giveUp() {
        againFromRows = writtenTo.nodes() + writtenTo.edges() + hotEvents;
        hot = null;
        if (tables != null) {
            HotFile.setState(tables, HotFormat.STATE_GIVEN_UP);
            drop(tables);
            tables = null;
        }
    }

    static void drop(HotTables tables) {
        try {
            Files.deleteIfExists(tables.path());
        } catch (IOException e) {
            // It is marked, or followed by nothing: nobody believes it, and the next writer deletes it.
        }
        tables.close();
    }

    /** The beginning of the log was dropped: it goes from the index too, in the background. Any thread may call. */
    public void dropped() {
        SealingThread thread = sealing;
        if (thread != null) {
            thread.dropped();
        }
    }

    /**
     * Seals all that has been written, and waits until that is done.
     *
     * @throws UncheckedIOException if it cannot be written; the store is none the worse
     */
    public void refresh() {
        if (sealing == null) {
            new Index(log, directory).refresh();
            return;
        }
        if (hot != null && !closed) {
            try {
                turnOver(writtenTo);
            } catch (IOException | RuntimeException e) {
                giveUp();
            }
        }
        if (hot == null) {
            sealing.cover(writtenTo);
        }
        sealing.awaitMerged();
    }

    /** Seals what there is and ends. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (sealing != null) {
                sealing.cover(Long.MAX_VALUE);
                sealing.close();
            }
            if (tables != null) {
                drop(tables);
            }
        } finally {
            closeLock();
        }
    }

    private void closeLock() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            // The end of the process lets go of it.
        }
    }
}
