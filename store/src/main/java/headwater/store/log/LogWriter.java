// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * Appends events to the log. An event is <em>taken</em> when its call returns, <em>written</em> with its block (after
 * {@value LogFormat#BLOCK_EVENTS} events, or by {@link #flush} and {@link #flushDue}) and <em>durable</em> after
 * {@link #sync} or {@link #commit}. The policy: whoever owns the writer calls {@code flushDue} all the time, so that no
 * event waits longer than {@link #FLUSH_AFTER_NS} for its place in the chain; a {@link Committer} makes durable what was
 * written, as fast as the disk does; and at the end of each session all is synced.
 *
 * <p>When the disk does not take a block, the block stays in memory, whole, and grows:
 * <ul>
 * <li>an event call does not fail, for the event is taken; {@link #flush} and {@link #sync} throw, and try again when
 * called again. What a failed write left in the file is cut off. If there is room again, nothing was lost.
 * <li>once the block holds {@value LogFormat#MAX_BLOCK_EVENTS} events or {@value LogFormat#FULL_PAYLOAD_BYTES} bytes,
 * event calls throw {@link LogRefusedException} and the event is counted, not taken. From then on all are refused, so
 * that the log has no hole in its numbers. {@link #resume} writes the block and a gap of cause LOG_REFUSED; after it,
 * numbers go on from {@link #nextNode}, {@link #nextEdge} and {@link #nextObject}, which are lower than those that were
 * refused: the caller takes up its graph from there.
 * </ul>
 *
 * <p>If a sync itself fails, the kernel may have dropped what was written: nothing is acknowledged and the writer
 * refuses for good; open the store again, which looks at what the disk has.
 *
 * <p>For one thread, except for {@link #acknowledged}, {@link #durable}, {@link #commit}, {@link #pollFinished},
 * {@link #segmentBytes} and {@link #windows}. Node, edge and number events allocate nothing once the columns
 * have grown; a block allocates a few small objects.
 */
public final class LogWriter implements GraphSink, AutoCloseable {
    /** How long the first event of a block waits for others, since it happened or, if nobody says by which clock, since it was taken. */
    public static final long FLUSH_AFTER_NS = 3_000_000;

    private static final long RETRY_AFTER_NS = 1_000_000_000;

    private final SegmentAppender appender;
    private final BlockEncoder encoder;
    private final LogPosition openedAt;
    private final TamperWindows windows = new TamperWindows();
    private final LogTap tap;
    private volatile Acknowledged acknowledged;
    private volatile LogPosition durable;
    private volatile Runnable whenWritten = () -> { };
    private long firstTimeNs;
    private long firstTakenNs;
    private long triedNs = System.nanoTime() - RETRY_AFTER_NS;
    private int attemptAt = LogFormat.BLOCK_EVENTS;
    private IOException trouble;
    private boolean failed;
    private boolean closed;
    private long refused;
    private long refusedFromNs;
    private long refusedToNs;

    /**
     * The numbers of what is durable.
     *
     * @param node the highest durable node, -1 if none is
     * @param edge the highest durable edge, -1 if none is
     * @param blocks how many blocks are durable
     */
    public record Acknowledged(long node, long edge, long blocks) {
    }

    public LogWriter(SegmentAppender appender) {
        this(appender, null);
    }

    /** @param tap hears of every event from now on, and is closed with the writer; null if nobody does */
    public LogWriter(SegmentAppender appender, LogTap tap) {
        this.tap = tap;
        this.appender = appender;
        this.openedAt = appender.position();
        this.encoder = new BlockEncoder(appender.position());
        this.acknowledged = acknowledgedAt(appender.position());
        this.durable = appender.position();
    }

    @Override
    public void sessionStart(Session session) {
        admit(session.startNs());
        encoder.sessionStart(session);
        if (tap != null) {
            tap.sessionStart(session);
        }
        taken();
    }

    @Override
    public void sessionEnd(long timeNs) {
        admit(timeNs);
        encoder.sessionEnd(timeNs);
        if (tap != null) {
            tap.sessionEnd(timeNs);
        }
        taken();
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        admit(timeNs);
        encoder.node(node, object, version, kind, timeNs);
        if (tap != null) {
            tap.node(node, object, version, kind, timeNs);
        }
        taken();
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        admit(timeNs);
        encoder.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        if (tap != null) {
            tap.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        }
        taken();
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        admit(timeNs);
        encoder.attribute(object, attribute, value, timeNs);
        if (tap != null) {
            tap.attribute(object, attribute, value, timeNs);
        }
        taken();
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        admit(timeNs);
        encoder.attribute(object, attribute, bytes, offset, length, timeNs);
        if (tap != null) {
            tap.attribute(object, attribute, bytes, offset, length, timeNs);
        }
        taken();
    }

    @Override
    public void gap(Gap gap) {
        admit(gap.toNs());
        putGap(gap);
        taken();
    }

    /**
     * Writes the events taken so far as a block.
     *
     * @throws UncheckedIOException naming the file and the cause; the events are kept, and flush can be called again
     */
    public void flush() {
        requireUsable();
        if (encoder.events() > 0 && !attempt()) {
            throw new UncheckedIOException(trouble);
        }
    }

    /**
     * As {@link #flush}, if the first event of the block has waited long enough. After a flush that failed, the next is
     * due in a second.
     *
     * @param nowNs by {@link System#nanoTime}
     */
    public void flushDue(long nowNs) {
        long due = trouble == null ? FLUSH_AFTER_NS : RETRY_AFTER_NS;
        if (encoder.events() > 0 && nowNs - Math.max(firstTakenNs, triedNs) >= due) {
            flush();
        }
    }

    /**
     * From now on a segment of the log ends when the next block would take it beyond this size, the present one too. Until it
     * is called, the size is {@link LogFormat#SEGMENT_BYTES}.
     *
     * @param bytes at least 1; a segment has one block, however large that is
     */
    public void segmentBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("not a size of a segment: bytes=" + bytes);
        }
        appender.segmentBytes(bytes);
    }

    /** True if something was taken that is not written. */
    public boolean pending() {
        return encoder.events() > 0;
    }

    /**
     * Makes all that was taken so far durable.
     *
     * @throws LogRefusedException if events have been refused: see {@link #resume}
     * @throws UncheckedIOException as {@link #flush}
     */
    public void sync() {
        flush();
        try {
            commit();
        } catch (IOException e) {
            failed = true;
            trouble = e;
            throw new UncheckedIOException(e);
        }
        if (refused > 0) {
            throw refusal();
        }
    }

    /**
     * Makes durable what was written when it was called; any thread may call it.
     *
     * @throws IOException if the disk does not take it; then the writer refuses for good
     */
    public void commit() throws IOException {
        LogPosition written = appender.position();
        appender.force();
        synchronized (windows) {
            if (written.block() > durable.block()) {
                durable = written;
                acknowledged = acknowledgedAt(written);
            }
        }
        windows.durable(written.block());
    }

    /** Up to where the log is durable. May be called by any thread. */
    public LogPosition durable() {
        return durable;
    }

    /** True if blocks are written that are not durable. May be called by any thread. */
    public boolean uncommitted() {
        return appender.position().block() > durable.block();
    }

    /** The end of the next segment that was finished by this writer, null if there is none (more). By one thread, whichever. */
    public LogPosition pollFinished() {
        return appender.pollFinished();
    }

    /** How long events have waited. May be called by any thread. */
    public TamperWindows windows() {
        return windows;
    }

    /** The store that the log is of. */
    public UUID store() {
        return appender.store();
    }

    /** @param task is run, by the thread that writes, after each block that is written; short, and never throws */
    void whenWritten(Runnable task) {
        whenWritten = task;
    }

    /** What is durable. May be called by any thread. */
    public Acknowledged acknowledged() {
        return acknowledged;
    }

    /** How many events have been refused since the last {@link #resume}; 0 if none. */
    public long refused() {
        return refused;
    }

    /**
     * Goes on after events were refused: writes what was kept and the gap, durably.
     *
     * @return true if there is room again and the numbers to go on with are {@link #nextNode} and so on; false if the
     *         log still cannot be written
     */
    public boolean resume() {
        requireUsable();
        if (refused == 0) {
            return true;
        }
        if (encoder.events() > 0 && !attempt()) {
            return false;
        }
        putGap(new Gap(Gap.Cause.LOG_REFUSED, -1, refusedFromNs, refusedToNs, refused));
        refused = 0;
        try {
            sync();
        } catch (UncheckedIOException e) {
            // The gap is taken, and like any event stays in memory until it is written.
            return !failed;
        }
        return true;
    }

    /** The number that the next node must have. */
    public long nextNode() {
        return encoder.nodes();
    }

    /** The number that the next edge must have. */
    public long nextEdge() {
        return encoder.edges();
    }

    /** The number that the next new object must have. */
    public long nextObject() {
        return encoder.objects();
    }

    /** True if a session has started and not ended. */
    public boolean sessionOpen() {
        return encoder.sessionOpen();
    }

    /** The highest time in the log when it was opened, ns since the Unix epoch; 0 if it was empty. */
    public long lastTimeNs() {
        return openedAt.timeNs();
    }

    /** Takes the open session, whose writer is gone, as over: the gap that says so comes from the caller. */
    public void abandonSession() {
        encoder.abandonSession();
    }

    /** Syncs and closes. The session, if one is open, stays open in the log: its end was not seen. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            if (!failed) {
                resume();
                sync();
            }
        } finally {
            closed = true;
            if (tap != null) {
                tap.close();
            }
            encoder.close();
            appender.close();
        }
    }

    private void admit(long timeNs) {
        if (encoder.events() == 0) {
            firstTimeNs = timeNs;
            // The time that it took to get here is part of its wait.
            firstTakenNs = System.nanoTime() - Math.min(FLUSH_AFTER_NS, windows.ageNs(timeNs));
        }
        if (refused == 0 && !failed && !closed && !encoder.full()) {
            return;
        }
        if (closed) {
            throw new IllegalStateException("log writer is closed: file=" + appender.path());
        }
        if (!failed && refused == 0 && attempt()) {
            return;
        }
        refusedFromNs = refused == 0 ? timeNs : Math.min(refusedFromNs, timeNs);
        refusedToNs = refused == 0 ? timeNs : Math.max(refusedToNs, timeNs);
        refused++;
        throw refusal();
    }

    private void taken() {
        if (encoder.events() >= attemptAt) {
            attempt();
        }
    }

    private void putGap(Gap gap) {
        encoder.gap(gap);
        if (tap != null) {
            tap.gap(gap);
        }
    }

    /** Tries to write the block; on failure it is kept and {@link #trouble} says why. */
    private boolean attempt() {
        int events = encoder.events();
        try {
            if (appender.broken() != null) {
                throw appender.broken();
            }
            BlockHeader header = encoder.finish();
            appender.append(header, encoder.block(), encoder.blockLength());
        } catch (IOException e) {
            trouble = e;
            failed = appender.broken() != null;
            triedNs = System.nanoTime();
            attemptAt = encoder.events() + LogFormat.BLOCK_EVENTS;
            return false;
        }
        trouble = null;
        attemptAt = LogFormat.BLOCK_EVENTS;
        encoder.begin(appender.position());
        if (tap != null) {
            tap.written(appender.position());
        }
        windows.written(appender.position().block(), firstTimeNs, events);
        whenWritten.run();
        return true;
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("log writer is closed: file=" + appender.path());
        }
        if (!failed && appender.broken() != null) {
            failed = true;
            trouble = appender.broken();
        }
        if (failed) {
            throw new UncheckedIOException(trouble);
        }
    }

    private LogRefusedException refusal() {
        IOException cause = trouble == null ? new IOException("room again, but events were refused") : trouble;
        return new LogRefusedException("log takes no events: file=" + appender.path() + ", refused=" + refused
                + ", kept=" + encoder.events() + ", cause=" + cause.getMessage() + "; make room and resume", cause);
    }

    private static Acknowledged acknowledgedAt(LogPosition position) {
        return new Acknowledged(position.nodes() - 1, position.edges() - 1, position.block());
    }
}
