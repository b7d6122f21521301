// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.store.StoreDamagedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Makes a log fit for writing after whatever ended the writer before: checks the newest segment, cuts off a torn tail
 * after copying it to {@code log/NNNNNNNN.tail-TIME}, and refuses if there is damage before the tail. Older segments
 * are not read: a segment is only begun when those before it are on the disk.
 */
public final class LogRecovery {
    private LogRecovery() {
    }

    /**
     * Opens the log in {@code directory} for appending; begins one if there is none. The caller holds the store's lock.
     *
     * @param nowMs names the copy of a tail, milliseconds since the Unix epoch
     * @throws StoreDamagedException if the newest segment is damaged before its tail
     */
    public static SegmentAppender open(Path directory, SegmentFile.Opener opener, long segmentBytes, long nowMs) {
        try {
            dropUnbegunSegment(directory, opener, nowMs);
            int last = LogReader.lastSegment(directory);
            if (last == 0) {
                return SegmentAppender.create(directory, UUID.randomUUID(), opener, segmentBytes);
            }
            LogReader log = new LogReader(directory);
            LogPosition from = segmentStart(directory, last);
            LogPosition end = log.scan(from);
            cut(directory, end, opener, nowMs);
            if (isOlder(directory, last)) {
                // Whoever reads a segment goes by the version in its head.
                sync(directory.resolve(LogFormat.segmentName(last)), opener);
                end = end.nextSegment();
            }
            return SegmentAppender.at(directory, log.store(), end, opener, segmentBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("log cannot be opened for writing: directory=" + directory + ", cause=" + e,
                    e);
        }
    }

    /** A crash while a segment is begun leaves a file without a whole header, and without blocks. */
    private static void dropUnbegunSegment(Path directory, SegmentFile.Opener opener, long nowMs) throws IOException {
        int last = LogReader.lastSegment(directory);
        if (last == 0) {
            return;
        }
        Path path;
        try (SegmentReader reader = new SegmentReader(directory, last)) {
            path = reader.path();
            if (reader.segmentHeader() != null) {
                return;
            }
            String fault = reader.fault();
            if (reader.anyBlockAfter(0, 0)) {
                throw new StoreDamagedException(path, 0, 0, fault);
            }
        }
        keep(path, 0, opener, nowMs);
        opener.delete(path);
        opener.syncDirectory(directory);
    }

    private static LogPosition segmentStart(Path directory, int segment) {
        try (SegmentReader reader = new SegmentReader(directory, segment)) {
            SegmentHeader header = reader.segmentHeader();
            if (header == null) {
                throw new StoreDamagedException(reader.path(), 0, 0, reader.fault());
            }
            return header.start();
        }
    }

    private static boolean isOlder(Path directory, int segment) {
        try (SegmentReader reader = new SegmentReader(directory, segment)) {
            reader.segmentHeader();
            return reader.version() < LogFormat.VERSION;
        }
    }

    /** A later segment may only exist once all before it is on the disk. */
    private static void sync(Path path, SegmentFile.Opener opener) throws IOException {
        try (SegmentFile file = opener.open(path, false)) {
            file.force(true);
        }
    }

    private static void cut(Path directory, LogPosition end, SegmentFile.Opener opener, long nowMs) throws IOException {
        Path path = directory.resolve(LogFormat.segmentName(end.segment()));
        if (Files.size(path) != end.offset()) {
            cut(path, end.offset(), opener, nowMs);
        }
    }

    /**
     * Cuts a file off at {@code from}, after copying what stands there to {@code STEM.tail-TIME} beside it, durably.
     *
     * @param nowMs names the copy, milliseconds since the Unix epoch
     */
    public static void cut(Path path, long from, SegmentFile.Opener opener, long nowMs) throws IOException {
        keep(path, from, opener, nowMs);
        try (SegmentFile file = opener.open(path, false)) {
            file.truncate(from);
            file.force(true);
        }
    }

    private static void keep(Path path, long from, SegmentFile.Opener opener, long nowMs) throws IOException {
        String name = path.getFileName().toString();
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)) + ".tail-" + nowMs;
        Path copy = path.resolveSibling(stem);
        for (int i = 1; Files.exists(copy); i++) {
            copy = path.resolveSibling(stem + "-" + i);
        }
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ);
                SegmentFile out = opener.open(copy, true)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            for (long at = from; in.read(buffer, at) >= 0; buffer.clear()) {
                buffer.flip();
                long to = at - from;
                at += buffer.remaining();
                out.write(buffer, to);
            }
            out.force(true);
        }
        opener.syncDirectory(path.getParent());
    }
}
