// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Writes the sections of an index one after another and notes where each is. For one thread. */
final class SectionWriter implements Closeable {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    private final long[] offsets = new long[IndexFormat.Section.COUNT];
    private final long[] lengths = new long[IndexFormat.Section.COUNT];
    private final int[] crcs = new int[IndexFormat.Section.COUNT];
    private final CRC32C crc = new CRC32C();
    private long position = IndexFormat.HEADER_BYTES;

    SectionWriter(FileChannel channel) {
        this.channel = channel;
    }

    void ints(IndexFormat.Section section, int[] values, int count) throws IOException {
        begin(section);
        for (int i = 0; i < count; i++) {
            putInt(values[i]);
        }
        end(section);
    }

    void bytes(IndexFormat.Section section, Iterable<MemorySegment> parts) throws IOException {
        begin(section);
        for (MemorySegment part : parts) {
            put(part, 0, part.byteSize());
        }
        end(section);
    }

    void begin(IndexFormat.Section section) {
        offsets[section.ordinal()] = position;
        crc.reset();
    }

    void putInt(int value) throws IOException {
        if (buffer.remaining() < Integer.BYTES) {
            drain();
        }
        buffer.putInt(value);
    }

    void put(MemorySegment from, long offset, long length) throws IOException {
        long at = offset;
        long end = offset + length;
        while (at < end) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int count = (int) Math.min(buffer.remaining(), end - at);
            MemorySegment.copy(from, at, MemorySegment.ofBuffer(buffer), 0, count);
            buffer.position(buffer.position() + count);
            at += count;
        }
    }

    void end(IndexFormat.Section section) throws IOException {
        drain();
        int i = section.ordinal();
        lengths[i] = position - offsets[i];
        crcs[i] = (int) crc.getValue();
        position = position + 7 & ~7L;
    }

    /** Writes {@code header} with the table of sections and its checksum, and makes all durable. */
    void finish(MemorySegment header) throws IOException {
        for (int i = 0; i < offsets.length; i++) {
            long at = IndexFormat.TABLE_AT + (long) IndexFormat.TABLE_ROW_BYTES * i;
            header.set(IndexFormat.LONG, at, offsets[i]);
            header.set(IndexFormat.LONG, at + 8, lengths[i]);
            header.set(IndexFormat.INT, at + 16, crcs[i]);
        }
        crc.reset();
        crc.update(header.asSlice(0, IndexFormat.CRC_AT).asByteBuffer());
        header.set(IndexFormat.INT, IndexFormat.CRC_AT, (int) crc.getValue());
        write(header.asByteBuffer(), 0);
        channel.force(true);
    }

    private void drain() throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        int count = buffer.remaining();
        write(buffer, position);
        position += count;
        buffer.clear();
    }

    private void write(ByteBuffer from, long offset) throws IOException {
        long at = offset;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
