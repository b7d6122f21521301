// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.index.SealedFormat.Section;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Writes the sections of a sealed segment one after another and notes where each is. For one thread. */
final class SectionWriter implements Closeable {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final long[] offsets = new long[Section.COUNT];
    private final long[] lengths = new long[Section.COUNT];
    private final int[] crcs = new int[Section.COUNT];
    private final CRC32C crc = new CRC32C();
    private long position = SealedFormat.HEADER_BYTES;

    SectionWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** Writes a section and lets go of what it was made of. */
    void section(Section section, ColumnWriter column) throws IOException {
        begin(section);
        column.writeTo(this);
        end(section);
        column.close();
    }

    void bytes(Section section, MemorySegment bytes) throws IOException {
        begin(section);
        put(bytes, 0, bytes.byteSize());
        end(section);
    }

    void begin(Section section) {
        offsets[section.ordinal()] = position;
        crc.reset();
    }

    void putInt(int value) throws IOException {
        if (buffer.remaining() < Integer.BYTES) {
            drain();
        }
        buffer.putInt(value);
    }

    void putLong(long value) throws IOException {
        if (buffer.remaining() < Long.BYTES) {
            drain();
        }
        buffer.putLong(value);
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

    void end(Section section) throws IOException {
        drain();
        int i = section.ordinal();
        lengths[i] = position - offsets[i];
        crcs[i] = (int) crc.getValue();
        position = position + 7 & ~7L;
    }

    /** Writes {@code header} with the table of sections and its checksum, and makes all durable. */
    void finish(MemorySegment header) throws IOException {
        header.set(IndexFormat.LONG, SealedFormat.LENGTH_AT, position);
        for (int i = 0; i < offsets.length; i++) {
            long at = SealedFormat.TABLE_AT + (long) SealedFormat.TABLE_ROW_BYTES * i;
            header.set(IndexFormat.LONG, at, offsets[i]);
            header.set(IndexFormat.LONG, at + 8, lengths[i]);
            header.set(IndexFormat.INT, at + 16, crcs[i]);
        }
        crc.reset();
        crc.update(header.asSlice(0, SealedFormat.CRC_AT).asByteBuffer());
        header.set(IndexFormat.INT, SealedFormat.CRC_AT, (int) crc.getValue());
        write(header.asByteBuffer(), 0);
        if (channel.size() < position) {
            write(ByteBuffer.allocate(1), position - 1);
        }
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
