// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Rows in PostgreSQL's binary COPY format: a signature, and for each row the number of its fields, and for each field
 * its length and bytes, all big-endian, -1 for a null; at the end the number -1 instead of a row. Grows as it is
 * filled; for one thread.
 *
 * <pre>
 *   signature "PGCOPY\n\377\r\n\0", flags u32, extension length u32
 *   row --> fields i16 (length i32 bytes)*
 *   end --> -1 i16
 * </pre>
 */
final class BinaryCopy {
    private static final byte[] HEAD = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0,
            0, 0, 0};
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[1 << 12];
    private MemorySegment segment = MemorySegment.ofArray(bytes);
    private int length;
    private long rows;

    BinaryCopy() {
        clear();
    }

    /** Forgets all rows. */
    void clear() {
        System.arraycopy(HEAD, 0, bytes, 0, HEAD.length);
        length = HEAD.length;
        rows = 0;
    }

    long rows() {
        return rows;
    }

    /** Begins a row. */
    BinaryCopy row(int fields) {
        room(2);
        segment.set(SHORT, length, (short) fields);
        length += 2;
        rows++;
        return this;
    }

    /** A {@code smallint}. */
    BinaryCopy putShort(int value) {
        room(6);
        segment.set(INT, length, 2);
        segment.set(SHORT, length + 4, (short) value);
        length += 6;
        return this;
    }

    /** An {@code integer}. */
    BinaryCopy putInt(int value) {
        room(8);
        segment.set(INT, length, 4);
        segment.set(INT, length + 4, value);
        length += 8;
        return this;
    }

    /** A {@code bigint}. */
    BinaryCopy putLong(long value) {
        room(12);
        segment.set(INT, length, 8);
        segment.set(LONG, length + 4, value);
        length += 12;
        return this;
    }

    /** A {@code bigint}, or null if {@code value} is below 0. */
    BinaryCopy putKnown(long value) {
        return value < 0 ? putNull() : putLong(value);
    }

    /** {@code text} in UTF-8, or {@code bytea}. */
    BinaryCopy putBytes(byte[] value) {
        room(4 + value.length);
        segment.set(INT, length, value.length);
        System.arraycopy(value, 0, bytes, length + 4, value.length);
        length += 4 + value.length;
        return this;
    }

    BinaryCopy putNull() {
        room(4);
        segment.set(INT, length, -1);
        length += 4;
        return this;
    }

    /** Ends the rows; the array may be longer than {@link #length}. */
    byte[] end() {
        room(2);
        segment.set(SHORT, length, (short) -1);
        length += 2;
        return bytes;
    }

    int length() {
        return length;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
            segment = MemorySegment.ofArray(bytes);
        }
    }
}
