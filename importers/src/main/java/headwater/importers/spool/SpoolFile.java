// SPDX-License-Identifier: Apache-2.0
package headwater.importers.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A growing temporary file, mapped in pages of {@value #PAGE_BYTES} bytes: the kernel keeps in memory what fits. It is
 * removed when it is closed, and has no name while it is used. For one thread.
 */
public final class SpoolFile implements AutoCloseable {
    static final long PAGE_BYTES = 4L << 20;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final FileChannel channel;
    private final Arena arena = Arena.ofConfined();
    private final List<MemorySegment> pages = new ArrayList<>();
    private long length;

    /**
     * @param folder where it is; must have room
     * @throws UncheckedIOException if it cannot be made
     */
    public SpoolFile(Path folder) {
        try {
            Path file = Files.createTempFile(folder, "headwater-import", ".spool");
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file can be made: folder=" + folder + ", cause=" + e
                    + "; name another with --temp", e);
        }
    }

    /** Bytes that were appended. */
    public long length() {
        return length;
    }

    /** Makes room for {@code bytes} more at the end, which are zero; gives where they begin. */
    public long append(long bytes) {
        long at = length;
        length += bytes;
        while (pages.size() * PAGE_BYTES < length) {
            grow();
        }
        return at;
    }

    private void grow() {
        long from = pages.size() * PAGE_BYTES;
        try {
            // Written, not only mapped: a full disk must be an error here, and not a signal later.
            byte[] zeros = new byte[1 << 16];
            for (long at = from; at < from + PAGE_BYTES; at += zeros.length) {
                channel.write(java.nio.ByteBuffer.wrap(zeros), at);
            }
            pages.add(channel.map(FileChannel.MapMode.READ_WRITE, from, PAGE_BYTES, arena));
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary files of the import have no room: bytes=" + from + ", cause="
                    + e
                    + "; name another folder with --temp", e);
        }
    }

    /** The number at {@code at}, which must be a multiple of 8. */
    public long get(long at) {
        return pages.get((int) (at / PAGE_BYTES)).get(LONG, at % PAGE_BYTES);
    }

    /** Puts a number at {@code at}, which must be a multiple of 8. */
    public void put(long at, long value) {
        pages.get((int) (at / PAGE_BYTES)).set(LONG, at % PAGE_BYTES, value);
    }

    /** Appends bytes; gives where they begin. */
    public long append(byte[] bytes) {
        long at = append(bytes.length);
        for (int from = 0; from < bytes.length;) {
            long offset = (at + from) % PAGE_BYTES;
            int part = (int) Math.min(PAGE_BYTES - offset, bytes.length - from);
            MemorySegment.copy(bytes, from, pages.get((int) ((at + from) / PAGE_BYTES)), ValueLayout.JAVA_BYTE, offset,
                    part);
            from += part;
        }
        return at;
    }

    /** The bytes at {@code at}. */
    public byte[] bytes(long at, int count) {
        byte[] bytes = new byte[count];
        for (int from = 0; from < count;) {
            long offset = (at + from) % PAGE_BYTES;
            int part = (int) Math.min(PAGE_BYTES - offset, count - from);
            MemorySegment.copy(pages.get((int) ((at + from) / PAGE_BYTES)), ValueLayout.JAVA_BYTE, offset, bytes, from,
                    part);
            from += part;
        }
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
