// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bytes outside the heap that grow as they are put. The thread that made it uses it, and closes it. */
final class GrowingBytes implements AutoCloseable {
    private Arena arena;
    private MemorySegment bytes;
    private long length;

    GrowingBytes(long capacity) {
        arena = Arena.ofConfined();
        bytes = arena.allocate(Math.max(64, capacity), Long.BYTES);
    }

    long length() {
        return length;
    }

    /** What was put; good until the next put. */
    MemorySegment bytes() {
        return bytes.asSlice(0, length);
    }

    void putByte(int value) {
        room(1);
        bytes.set(ValueLayout.JAVA_BYTE, length++, (byte) value);
    }

    void putInt(int value) {
        room(Integer.BYTES);
        bytes.set(IndexFormat.INT, length, value);
        length += Integer.BYTES;
    }

    void putLong(long value) {
        room(Long.BYTES);
        bytes.set(IndexFormat.LONG, length, value);
        length += Long.BYTES;
    }

    /** Puts an unsigned number of variable length: seven bits a byte, lowest first. */
    void putVar(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.set(ValueLayout.JAVA_BYTE, length++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.set(ValueLayout.JAVA_BYTE, length++, (byte) rest);
    }

    void put(MemorySegment from, long offset, long count) {
        room(count);
        MemorySegment.copy(from, offset, bytes, length, count);
        length += count;
    }

    int intAt(long row) {
        return bytes.get(IndexFormat.INT, row * Integer.BYTES);
    }

    long longAt(long row) {
        return bytes.get(IndexFormat.LONG, row * Long.BYTES);
    }

    private void room(long more) {
        if (bytes.byteSize() - length >= more) {
            return;
        }
        Arena larger = Arena.ofConfined();
        MemorySegment to = larger.allocate(Math.max(length + more, 2 * bytes.byteSize()), Long.BYTES);
        MemorySegment.copy(bytes, 0, to, 0, length);
        arena.close();
        arena = larger;
        bytes = to;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
