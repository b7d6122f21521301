// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.model.Dropped;
import headwater.model.GraphSink;
import headwater.store.StoreDamagedException;
import headwater.store.StoreDroppedException;
import headwater.store.StoreException;
import headwater.store.StoreVersionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads the log, checking each block's checksum and its link to the block before. Needs no lock and may run beside a
 * writer: what is not whole at the very end is taken as not written yet. For one thread.
 */
public final class LogReader {
    private final Path directory;
    private final UUID store;
    private volatile LogPosition start;
    private volatile long droppedFromNs;

    /**
     * @param directory the log directory of a store
     * @throws StoreException if there is no log in it
     * @throws StoreVersionException if a newer Headwater wrote it
     * @throws StoreDamagedException if its first segment has no right header
     */
    public LogReader(Path directory) {
        this.directory = directory;
        if (lastSegment(directory) == 0) {
            throw new StoreException("no log here: directory=" + directory
                    + "; record something into the store first, or name another one with --store");
        }
        SegmentHeader header = begin();
        store = header.store();
    }

    /** Finds where the log begins: at its first segment, or after what was dropped, which may become more meanwhile. */
    private SegmentHeader begin() {
        DroppedLength dropped = DroppedLength.of(directory);
        while (true) {
            try {
                return begin(dropped);
            } catch (StoreDamagedException | UncheckedIOException e) {
                DroppedLength now = DroppedLength.of(directory);
                if (now.lastSegment() == dropped.lastSegment()) {
                    throw e;
                }
                dropped = now;
            }
        }
    }

    private SegmentHeader begin(DroppedLength dropped) {
        int first = dropped.lastSegment() + 1;
        int last = lastSegment(directory);
        if (!Files.exists(segmentPath(first)) && last > 0) {
            throw new StoreDamagedException(segmentPath(first), 0, dropped.block(), "the segment is not there, and no statement says that"
                    + " it was dropped");
        }
        try (SegmentReader reader = new SegmentReader(directory, first)) {
            SegmentHeader header = reader.segmentHeader();
            if (header == null && reader.size() < SegmentHeader.LENGTH_BYTES && first == 1 && last == 1) {
                throw new StoreException("log is only being begun: directory=" + directory + "; try again once it is");
            }
            if (header == null) {
                throw new StoreDamagedException(reader.path(), 0, 0, reader.fault());
            }
            LogPosition at = header.start();
            if (first > 1 && (at.block() != dropped.block() || !at.hash().equals(dropped.hash()))) {
                throw new StoreDamagedException(reader.path(), 0, dropped.block(), "it does not follow what was dropped: block=" + at.block());
            }
            droppedFromNs = dropped.fromNs();
            start = at;
            return header;
        }
    }

    public UUID store() {
        return store;
    }

    /** Where the log begins now: at the start of the store, or after what was dropped. */
    public LogPosition start() {
        if (Files.notExists(segmentPath(start.segment()))) {
            begin();
        }
        return start;
    }

    /** What was dropped before {@link #start}. */
    public Dropped dropped() {
        LogPosition at = start();
        return at.block() == 0 ? Dropped.NOTHING : new Dropped(at.nodes(), at.edges(), at.objects(), droppedFromNs, at.timeNs());
    }

    /** The number of the newest segment. */
    public int newestSegment() {
        return lastSegment(directory);
    }

    /**
     * Where a segment begins.
     *
     * @throws StoreDamagedException if it has no right header
     */
    public LogPosition segmentStart(int segment) {
        try (SegmentReader reader = new SegmentReader(directory, segment)) {
            SegmentHeader header = reader.segmentHeader();
            if (header == null) {
                throw new StoreDamagedException(reader.path(), 0, 0, reader.fault());
            }
            return header.start();
        }
    }

    /** The folder in which it is. */
    public Path directory() {
        return directory;
    }

    /** Feeds the whole log to {@code sink}. */
    public LogPosition replay(GraphSink sink) {
        return replay(start(), sink);
    }

    /**
     * Feeds the log from {@code from} on to {@code sink}.
     *
     * @return where it ended: the place from which to go on later
     * @throws StoreDamagedException if something before the tail is wrong
     * @throws StoreVersionException if a newer Headwater wrote a segment
     */
    public LogPosition replay(LogPosition from, GraphSink sink) {
        try (BlockDecoder decoder = new BlockDecoder()) {
            return walk(from, (reader, at) -> {
                decode(decoder, reader, at, sink);
                return true;
            });
        }
    }

    /**
     * Feeds the log from {@code from} on to {@code sink}, as long as {@code onward} says yes to the position before each block.
     *
     * @return where it ended
     * @throws StoreDamagedException if something before the tail is wrong
     * @throws StoreVersionException if a newer Headwater wrote a segment
     */
    public LogPosition replay(LogPosition from, Predicate<LogPosition> onward, GraphSink sink) {
        try (BlockDecoder decoder = new BlockDecoder()) {
            return walk(from, (reader, at) -> {
                if (!onward.test(at)) {
                    return false;
                }
                decode(decoder, reader, at, sink);
                return true;
            });
        }
    }

    /** Bytes of the log from {@code from} on, as its files are now. */
    public long bytesFrom(LogPosition from) {
        long bytes = 0;
        int last = lastSegment(directory);
        try {
            for (int segment = from.segment(); segment <= last; segment++) {
                long size = Files.size(segmentPath(segment));
                bytes += segment == from.segment() ? Math.max(0, size - from.offset()) : size - SegmentHeader.LENGTH_BYTES;
            }
        } catch (IOException e) {
            // One that is being begun, or was taken away again, has nothing yet.
            return bytes;
        }
        return bytes;
    }

    /**
     * Feeds the block at {@code from} to {@code sink}, if one stands there and {@code wanted} says yes to the position after it: for
     * those who follow a log that grows, block by block.
     *
     * @return the position after the block; one that holds no more than {@code from} if there was none, or it is not wanted
     * @throws StoreDamagedException if something before the tail is wrong
     * @throws StoreVersionException if a newer Headwater wrote a segment
     */
    public LogPosition replayBlock(LogPosition from, Predicate<LogPosition> wanted, GraphSink sink) {
        try (BlockDecoder decoder = new BlockDecoder()) {
            return walk(from, new BlockVisitor() {
                private boolean taken;

                @Override
                public boolean more() {
                    return !taken;
                }

                @Override
                public boolean block(SegmentReader reader, LogPosition at) {
                    taken = wanted.test(at.after(reader.header(), reader.hash()));
                    if (taken) {
                        decode(decoder, reader, at, sink);
                    }
                    return taken;
                }
            });
        }
    }

    /**
     * Hands the block at {@code from} to {@code taker}, whole, if one stands there and {@code wanted} says yes to the position after it.
     *
     * @return as {@link #replayBlock}
     * @throws StoreDamagedException if something before the tail is wrong
     * @throws StoreVersionException if a newer Headwater wrote a segment
     */
    public LogPosition readBlock(LogPosition from, Predicate<LogPosition> wanted, Consumer<LogBlock> taker) {
        return walk(from, new BlockVisitor() {
            private boolean taken;

            @Override
            public boolean more() {
                return !taken;
            }

            @Override
            public boolean block(SegmentReader reader, LogPosition at) {
                taken = wanted.test(at.after(reader.header(), reader.hash()));
                if (taken) {
                    taker.accept(LogBlock.of(reader));
                }
                return taken;
            }
        });
    }

    /** Checks the log from {@code from} on without taking blocks apart; returns where it ended. */
    public LogPosition scan(LogPosition from) {
        return scan(from, at -> true);
    }

    /** As {@link #scan(LogPosition)}, but no further than to the first position to which {@code onward} says no. */
    public LogPosition scan(LogPosition from, Predicate<LogPosition> onward) {
        return walk(from, (reader, at) -> onward.test(at));
    }

    private static void decode(BlockDecoder decoder, SegmentReader reader, LogPosition at, GraphSink sink) {
        try {
            decoder.decode(reader.header(), reader.block(), sink);
        } catch (MalformedPayloadException e) {
            throw reader.damaged(at, e.getMessage());
        }
    }

    /**
     * True if {@code position} is a boundary of this log, told by the block before it; such as one that an index names.
     */
    public boolean holds(LogPosition position) {
        LogPosition first = start();
        if (position.block() <= first.block()) {
            return position.sameHistory(first);
        }
        if (position.segment() < 1 || position.segment() > lastSegment(directory)) {
            return false;
        }
        try (SegmentReader reader = open(position)) {
            SegmentHeader header = reader.segmentHeader();
            if (header == null || !header.store().equals(store)) {
                return false;
            }
            return position.before() == 0
                    ? position.offset() == SegmentHeader.LENGTH_BYTES && header.start().sameHistory(position)
                    : reader.endsBlock(position);
        } catch (StoreDroppedException e) {
            return false;
        }
    }

    private LogPosition walk(LogPosition from, BlockVisitor visitor) {
        // The list of segments comes before the sizes: a segment that has a successor is complete.
        int last = lastSegment(directory);
        LogPosition first = start();
        // The end of a segment that is gone may be where the log begins now.
        LogPosition at = from.segment() < first.segment() && from.sameHistory(first) ? first : from;
        while (true) {
            if (at.segment() < start().segment()) {
                throw new StoreDroppedException(directory, at.block(), start.block());
            }
            if (at.segment() == last && at.before() == 0 && Files.notExists(segmentPath(last))) {
                // The writer could not begin it after all, and took it away again.
                return at;
            }
            try (SegmentReader reader = open(at)) {
                boolean isLast = at.segment() >= last;
                if (!headerFits(reader, at, isLast)) {
                    return at;
                }
                while (visitor.more() && reader.read(at)) {
                    if (!visitor.block(reader, at)) {
                        return at;
                    }
                    at = at.after(reader.header(), reader.hash());
                }
                if (!visitor.more()) {
                    return at;
                }
                if (reader.fault() != null) {
                    requireTail(reader, at, isLast);
                }
                if (isLast) {
                    return at;
                }
                at = at.nextSegment();
            }
        }
    }

    /** Opens the segment in which {@code at} is; it may have been dropped a moment ago. */
    private SegmentReader open(LogPosition at) {
        try {
            return new SegmentReader(directory, at.segment());
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException && at.segment() < start().segment()) {
                throw new StoreDroppedException(directory, at.block(), start.block());
            }
            throw e;
        }
    }

    private Path segmentPath(int segment) {
        return directory.resolve(LogFormat.segmentName(segment));
    }

    private boolean headerFits(SegmentReader reader, LogPosition at, boolean isLast) {
        SegmentHeader header = reader.segmentHeader();
        if (header == null) {
            requireTail(reader, at, isLast);
            return false;
        }
        if (!header.store().equals(store)) {
            throw new StoreDamagedException(reader.path(), 0, at.block(), "segment of another store: is="
                    + header.store() + ", want=" + store);
        }
        if (at.offset() == SegmentHeader.LENGTH_BYTES && !header.start().sameHistory(at)) {
            throw new StoreDamagedException(reader.path(), 0, at.block(),
                    "segment does not follow the one before: block=" + header.start().block() + ", hash="
                    + header.start().hash());
        }
        return true;
    }

    /**
     * A fault at the very end is a tail; anywhere else it is damage. A power cut takes pages in any order, so whole blocks may
     * stand behind a torn one: of blocks that were signed, and so were on the disk, that cannot be.
     */
    private void requireTail(SegmentReader reader, LogPosition at, boolean isLast) {
        String fault = reader.fault();
        if (!isLast) {
            throw reader.damaged(at, fault);
        }
        if (reader.anyBlockAfter(at.offset(), at.block())) {
            long signed = SignedLength.of(directory);
            if (signed < 0 || at.block() < signed) {
                throw reader.damaged(at, fault);
            }
        }
    }

    /** The number of the newest segment, 0 if there is none. */
    static int lastSegment(Path directory) {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToInt(LogFormat::segmentNumber).max().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("log directory cannot be read: directory=" + directory + ", cause=" + e, e);
        }
    }

    /** Sees each block once it is known to be right; says false to stop before it. */
    private interface BlockVisitor {
        boolean block(SegmentReader reader, LogPosition at);

        /** False if the next block need not even be read. */
        default boolean more() {
            return true;
        }
    }
}
