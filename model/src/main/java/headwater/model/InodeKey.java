// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What tells one file of a machine from every other, across captures: the value of {@link Attribute#INODE_KEY}.
 *
 * <pre>
 *   0        8        16           24
 *   +--------+--------+------------+
 *   |  dev   |  ino   | generation |   three 64-bit integers, little-endian
 *   +--------+--------+------------+
 * </pre>
 */
public record InodeKey(long dev, long ino, long generation) {
    public static final int LENGTH_BYTES = 24;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public byte[] toBytes() {
        byte[] bytes = new byte[LENGTH_BYTES];
        write(MemorySegment.ofArray(bytes), 0, dev, ino, generation);
        return bytes;
    }

    /** Writes a key into {@code to} at {@code offset}, without making an object. */
    public static void write(MemorySegment to, long offset, long dev, long ino, long generation) {
        to.set(LONG, offset, dev);
        to.set(LONG, offset + 8, ino);
        to.set(LONG, offset + 16, generation);
    }

    /**
     * @throws IllegalArgumentException if {@code bytes} is not {@value #LENGTH_BYTES} long
     */
    public static InodeKey ofBytes(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("inode key: length=" + bytes.length + ", want=" + LENGTH_BYTES);
        }
        MemorySegment from = MemorySegment.ofArray(bytes);
        return new InodeKey(from.get(LONG, 0), from.get(LONG, 8), from.get(LONG, 16));
    }
}
