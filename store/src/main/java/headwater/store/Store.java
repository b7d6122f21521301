// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.model.Gap;
import headwater.store.index.Index;
import headwater.store.index.Indexer;
import headwater.store.index.StoreView;
import headwater.store.log.Committer;
import headwater.store.log.LogFormat;
import headwater.store.log.LogReader;
import headwater.store.log.LogRecovery;
import headwater.store.log.LogWriter;
import headwater.store.log.SegmentAppender;
import headwater.store.log.SegmentFile;
import headwater.store.retention.InUse;
import headwater.store.retention.Retention;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import headwater.store.seal.DropStatement;
import headwater.store.seal.Sealer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * A store: a log, which is the truth, and an index derived from it. One process at a time has it open for writing; any
 * number read beside it, without a lock. For one thread, except that views may be read by several.
 */
public final class Store implements AutoCloseable {
    private final StoreDirectory directory;
    private final LogReader log;
    private final Index index;
    private final StoreLock lock;
    private final LogWriter writer;
    private final Committer committer;
    private final Sealer sealer;
    /** Null if the store is open for reading. */
    private final Indexer indexer;
    private final SegmentFile.Opener opener;
    private StoreView continuationView;

    private Store(StoreDirectory directory, StoreLock lock, LogWriter writer, Sealer sealer, Indexer indexer, SegmentFile.Opener opener) {
        this.indexer = indexer;
        this.opener = opener;
        this.directory = directory;
        this.log = new LogReader(directory.log());
        this.index = new Index(log, directory.index());
        this.lock = lock;
        this.writer = writer;
        this.sealer = sealer;
        this.committer = writer == null ? null : Committer.start(writer);
        if (sealer != null) {
            sealer.start();
        }
    }

    /**
     * Opens a store for writing, and makes one if there is none. A tail that a crash left is put aside; if the last
     * session has no end, a gap of cause UNCLEAN_END follows it.
     *
     * @param holder who will hold the store, for the error that others get: the command
     * @throws StoreBusyException if it is open for writing already
     * @throws StoreDamagedException if its newest segment is damaged before the tail, or lacks what was signed
     * @throws StoreVersionException if a newer Headwater wrote it
     * @throws UncheckedIOException if it cannot be written
     */
    public static Store openForWriting(Path path, String holder) {
        return openForWriting(path, holder, SegmentFile.Opener.FILES, LogFormat.SEGMENT_BYTES, Clock.systemUTC(), Indexer.HOT_EVENTS);
    }

    /**
     * As {@link #openForWriting(Path, String)}, for those who measure.
     *
     * @param hotEvents nodes, edges and values of attributes after which a hot segment is sealed
     */
    public static Store openForWriting(Path path, String holder, int hotEvents) {
        return openForWriting(path, holder, SegmentFile.Opener.FILES, LogFormat.SEGMENT_BYTES, Clock.systemUTC(), hotEvents);
    }

    /** As {@link #openForWriting(Path, String)}, with the seams open. */
    static Store openForWriting(Path path, String holder, SegmentFile.Opener opener, long segmentBytes, Clock clock) {
        return openForWriting(path, holder, opener, segmentBytes, clock, Indexer.HOT_EVENTS);
    }

    /** As the other, with one seam more. */
    static Store openForWriting(Path path, String holder, SegmentFile.Opener opener, long segmentBytes, Clock clock, int hotEvents) {
        StoreLock lock = null;
        LogWriter writer = null;
        try {
            StoreDirectory directory = StoreDirectory.create(path);
            lock = StoreLock.take(directory.path(), holder);
            new Retention(directory.log(), opener).finish(clock.millis());
            SegmentAppender appender = LogRecovery.open(directory.log(), opener, segmentBytes, clock.millis());
            Indexer indexer = Indexer.start(new LogReader(directory.log()), directory.index(), appender.position(), hotEvents);
            writer = new LogWriter(appender, indexer);
            Sealer sealer = Sealer.open(directory.path(), writer, opener, clock);
            closeUncleanSession(writer, clock.instant());
            return new Store(directory, lock, writer, sealer, indexer, opener);
        } catch (IOException e) {
            giveUp(lock, writer);
            throw new UncheckedIOException("store cannot be opened for writing: store=" + path + ", cause=" + e
                    + "; make it writable, or name another store with --store", e);
        } catch (RuntimeException e) {
            giveUp(lock, writer);
            throw e;
        }
    }

    /**
     * Opens a store for reading. Needs no lock.
     *
     * @throws StoreException if there is none
     * @throws StoreDamagedException if it is damaged at its start
     * @throws StoreVersionException if a newer Headwater wrote it
     */
    public static Store openForReading(Path path) {
        StoreDirectory directory = new StoreDirectory(path);
        if (!Files.isDirectory(directory.log())) {
            throw new StoreException("no store here: store=" + path
                    + "; record something with `headwater run`, or name another store with --store");
        }
        return new Store(directory, null, null, null, null, SegmentFile.Opener.FILES);
    }

    /** Where it is. */
    public Path path() {
        return directory.path();
    }

    /**
     * Where events go.
     *
     * @throws IllegalStateException if the store is open for reading
     */
    public LogWriter writer() {
        if (writer == null) {
            throw new IllegalStateException("store is open for reading only: store=" + directory.path());
        }
        return writer;
    }

    /**
     * Who signs what goes into the log.
     *
     * @throws IllegalStateException if the store is open for reading
     */
    public Sealer sealer() {
        writer();
        return sealer;
    }

    /** The log, to be read from any position. */
    public LogReader log() {
        return log;
    }

    /**
     * What a policy says of this store now; changes nothing. Any thread may ask.
     *
     * @param nowNs nanoseconds since the Unix epoch
     */
    public RetentionPlan retentionPlan(RetentionPolicy policy, long nowNs) {
        return retentionPlan(policy, nowNs, null, () -> false);
    }

    /**
     * As the other, for those who ask again and again.
     *
     * @param known what kept a segment by the last plan, null if nothing did: as long as it does, no more is read
     * @param stop asked now and then: true for a plan that names nothing
     */
    public RetentionPlan retentionPlan(RetentionPolicy policy, long nowNs, RetentionPlan.Pin known, BooleanSupplier stop) {
        try {
            return new Retention(directory.log(), opener).plan(policy, nowNs,
                    () -> new Index(new LogReader(directory.log()), directory.index()).open(), known, stop);
        } catch (IOException e) {
            throw new UncheckedIOException("log cannot be read: directory=" + directory.log() + ", cause=" + e, e);
        }
    }

    /**
     * Drops what a plan of this store names, under a signed statement. One thread at a time, whichever.
     *
     * @return the statement; null if the plan names nothing
     * @throws IllegalStateException if the store is open for reading
     * @throws StoreDamagedException if the log is damaged; then nothing is dropped
     * @throws UncheckedIOException if the disk does not take it; what was not deleted yet is by the next who opens the store for writing
     */
    public DropStatement drop(RetentionPlan plan, InUse inUse) {
        return drop(plan, inUse, () -> false);
    }

    /**
     * As the other.
     *
     * @param stop asked now and then: true to leave all as it is, and return null
     */
    public DropStatement drop(RetentionPlan plan, InUse inUse, BooleanSupplier stop) {
        writer();
        try {
            DropStatement statement = new Retention(directory.log(), opener).drop(plan, sealer, inUse, stop);
            if (statement != null) {
                indexer.dropped();
            }
            return statement;
        } catch (IOException e) {
            throw new UncheckedIOException("nothing more can be dropped: directory=" + directory.log() + ", cause=" + e
                    + "; make room or mend the disk", e);
        }
    }

    /**
     * The graph as the log has it now, without what the writer has not yet flushed. If its writer leaves indexing for later and this store
     * is open for reading, the view may end before ({@link StoreView#isBehind}). The caller closes it.
     */
    public StoreView view() {
        if (indexer == null) {
            return index.open();
        }
        if (index.isFarBehind()) {
            indexer.catchUp();
        }
        return index.openWhole();
    }

    /**
     * As {@link #view}, with at least the first {@code blocks} blocks of the log; null while these have yet to be indexed. Asking again is
     * cheap.
     */
    public StoreView viewCovering(long blocks) {
        return indexer == null ? index.openCovering(blocks) : view();
    }

    /** See {@link Indexer#later}. By the thread that writes. */
    public void indexLater(boolean later) {
        indexer.later(later);
    }

    /** From where to go on, by what the log has now. Good until the store is closed. */
    public ContinuationState continuation() {
        closeContinuation();
        continuationView = view();
        return new ContinuationState(continuationView);
    }

    /**
     * Seals the index up to the end of the log, so that the next one to open the store need not. Waits until that is done.
     *
     * @throws UncheckedIOException if it cannot be written; the store is none the worse
     */
    public void refreshIndex() {
        if (indexer == null) {
            index.refresh();
        } else {
            indexer.refresh();
        }
    }

    /** Closes; a writer syncs first, and what it wrote is signed. */
    @Override
    public void close() {
        closeContinuation();
        try {
            if (writer != null) {
                closeWriter();
            }
        } finally {
            giveUp(lock, null);
        }
    }

    private void closeWriter() {
        committer.close();
        try {
            writer.close();
        } finally {
            sealer.close();
        }
    }

    private void closeContinuation() {
        if (continuationView != null) {
            continuationView.close();
            continuationView = null;
        }
    }

    private static void closeUncleanSession(LogWriter writer, Instant now) {
        if (!writer.sessionOpen()) {
            return;
        }
        long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        long lastNs = writer.lastTimeNs();
        writer.gap(new Gap(Gap.Cause.UNCLEAN_END, -1, lastNs, Math.max(lastNs, nowNs), 0));
        writer.abandonSession();
        writer.sync();
    }

    private static void giveUp(StoreLock lock, LogWriter writer) {
        try {
            if (writer != null) {
                writer.close();
            }
        } finally {
            closeLock(lock);
        }
    }

    private static void closeLock(StoreLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
