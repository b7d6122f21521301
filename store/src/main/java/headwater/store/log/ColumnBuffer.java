// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of one column, growing as they are put; the memory is kept over {@link #clear}. For one thread. */
public final class ColumnBuffer {
    private byte[] bytes;
    private int length;

    public ColumnBuffer(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    public int length() {
        return length;
    }

    /** The bytes; those from {@link #length} on mean nothing, and the array is another one after a put. */
    public byte[] array() {
        return bytes;
    }

    public void clear() {
        length = 0;
    }

    void cut(int length) {
        this.length = length;
    }

    public void putByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    /** Puts an unsigned number of variable length. */
    public void putVar(long value) {
        room(10);
        byte[] to = bytes;
        int at = length;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        length = at;
    }

    /** Puts a signed number of variable length. */
    public void putSigned(long value) {
        putVar(value << 1 ^ value >> 63);
    }

    public void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putVar(utf8.length);
        putBytes(MemorySegment.ofArray(utf8), 0, utf8.length);
    }

    public void putBytes(MemorySegment from, long offset, int count) {
        room(count);
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, length, count);
        length += count;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            long want = Math.max((long) length + more, Math.min(2L * bytes.length, Integer.MAX_VALUE - 16L));
            if (want > Integer.MAX_VALUE - 16L) {
                throw new IllegalStateException("column too long: length=" + length + ", more=" + more);
            }
            bytes = Arrays.copyOf(bytes, (int) want);
        }
    }
}
