// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Puts blocks at the end of the newest segment, and begins segments. For one thread, except for {@link #position},
 * {@link #segmentBytes}, {@link #force}, {@link #broken} and {@link #pollFinished}, which any may call.
 */
public final class SegmentAppender implements AutoCloseable {
    private final Path directory;
    private final UUID store;
    private final SegmentFile.Opener opener;
    private volatile long segmentBytes;
    private final Queue<LogPosition> finished = new ConcurrentLinkedQueue<>();
    private volatile SegmentFile file;
    private Path path;
    private volatile LogPosition position;
    private boolean mustCut;
    private volatile IOException broken;

    private SegmentAppender(Path directory, UUID store, SegmentFile.Opener opener, long segmentBytes) {
        this.directory = directory;
        this.store = store;
        this.opener = opener;
        this.segmentBytes = segmentBytes;
    }

    /** Begins the log of a new store: its first segment, durable. */
    static SegmentAppender create(Path directory, UUID store, SegmentFile.Opener opener, long segmentBytes)
            throws IOException {
        SegmentAppender appender = new SegmentAppender(directory, store, opener, segmentBytes);
        appender.begin(new LogPosition(1, SegmentHeader.LENGTH_BYTES, 0, 0, 0, 0, 0, false, BlockHash.root(store), 0));
        return appender;
    }

    /** Goes on at the end of a log; beyond {@code end} there is nothing in its segment. */
    static SegmentAppender at(Path directory, UUID store, LogPosition end, SegmentFile.Opener opener, long segmentBytes)
            throws IOException {
        SegmentAppender appender = new SegmentAppender(directory, store, opener, segmentBytes);
        appender.path = directory.resolve(LogFormat.segmentName(end.segment()));
        if (Files.exists(appender.path)) {
            appender.file = opener.open(appender.path, false);
            // What a killed writer left may be in memory only; from here on it counts as acknowledged.
            appender.file.force(true);
            appender.position = end;
        } else {
            appender.begin(end);
        }
        return appender;
    }

    /** From now on a segment ends when the next block would take it beyond this size; it has one block at least. Any thread may say so. */
    void segmentBytes(long bytes) {
        segmentBytes = bytes;
    }

    /** Where the next block goes. */
    public LogPosition position() {
        return position;
    }

    Path path() {
        return path;
    }

    /** The store that the log is of. */
    UUID store() {
        return store;
    }

    /** The end of the next segment that was finished since this appender was made, null if there is none (more). */
    LogPosition pollFinished() {
        return finished.poll();
    }

    /** Appends a block; on failure the log is as it was before. */
    void append(BlockHeader header, byte[] block, int length) throws IOException {
        try {
            if (mustCut) {
                file.truncate(position.offset());
                mustCut = false;
            }
        } catch (IOException e) {
            throw named("torn block cannot be cut off", path, e);
        }
        if (position.offset() > SegmentHeader.LENGTH_BYTES && position.offset() + length > segmentBytes) {
            // A later segment may only exist once all before it is on the disk: only the last can have a torn tail.
            force();
            LogPosition end = position;
            begin(end.nextSegment());
            finished.add(end);
        }
        try {
            file.write(ByteBuffer.wrap(block, 0, length), position.offset());
        } catch (IOException e) {
            cut();
            throw named("block cannot be written", path, e);
        }
        position = position.after(header, BlockHash.of(block, 0, length));
    }

    /** Returns once all blocks that were there when it was called are on the disk. */
    void force() throws IOException {
        SegmentFile synced = file;
        try {
            synced.force(false);
        } catch (IOException e) {
            if (e instanceof ClosedChannelException && synced != file) {
                // The next segment was begun meanwhile, and that synced this one.
                return;
            }
            IOException cause = named("log cannot be synced", path, e);
            broken = cause;
            throw cause;
        }
    }

    /** Why a sync has failed, null if none has: what the disk has of the log can then only be told by reading it. */
    IOException broken() {
        return broken;
    }

    private void cut() {
        mustCut = true;
        try {
            file.truncate(position.offset());
            mustCut = false;
        } catch (IOException e) {
            // Tried again before the next write, and by whoever opens the store next.
        }
    }

    private void begin(LogPosition start) throws IOException {
        Path next = directory.resolve(LogFormat.segmentName(start.segment()));
        SegmentFile created = null;
        try {
            created = opener.open(next, true);
            created.write(ByteBuffer.wrap(new SegmentHeader(store, start).toBytes()), 0);
            created.force(true);
            opener.syncDirectory(directory);
        } catch (IOException e) {
            if (created != null) {
                created.close();
                opener.delete(next);
            }
            throw named("segment cannot be begun", next, e);
        }
        SegmentFile before = file;
        file = created;
        path = next;
        position = start;
        if (before != null) {
            before.close();
        }
    }

    private static IOException named(String what, Path path, IOException cause) {
        return new IOException(what + ": file=" + path + ", cause=" + cause.getMessage()
                + "; make room or mend the disk, then try again", cause);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
