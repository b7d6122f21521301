// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What tells one inode from every other, across captures and boots: the value of {@link Attribute#INODE_KEY}.
 *
 * <pre>
 *   0         8         16       24           32
 *   +---------+---------+--------+------------+
 *   | fs high | fs low  |  ino   | generation |   four 64-bit integers, little-endian
 *   +---------+---------+--------+------------+
 * </pre>
 *
 * @param fileSystemHigh upper half of what the file system is known by: its UUID, or a number that no other boot has
 * @param fileSystemLow the lower half
 * @param ino inode number
 * @param generation which of the inodes that have had the number (i_generation)
 */
public record InodeKey(long fileSystemHigh, long fileSystemLow, long ino, long generation) {
    public static final int LENGTH_BYTES = 32;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public byte[] toBytes() {
        byte[] bytes = new byte[LENGTH_BYTES];
        MemorySegment to = MemorySegment.ofArray(bytes);
        to.set(LONG, 0, fileSystemHigh);
        to.set(LONG, 8, fileSystemLow);
        to.set(LONG, 16, ino);
        to.set(LONG, 24, generation);
        return bytes;
    }

    /** True if the two are inodes of one file system. */
    public boolean sameFileSystem(InodeKey other) {
        return fileSystemHigh == other.fileSystemHigh && fileSystemLow == other.fileSystemLow;
    }

    /**
     * @throws IllegalArgumentException if {@code bytes} is not {@value #LENGTH_BYTES} long
     */
    public static InodeKey ofBytes(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("inode key: length=" + bytes.length + ", want=" + LENGTH_BYTES);
        }
        MemorySegment from = MemorySegment.ofArray(bytes);
        return new InodeKey(from.get(LONG, 0), from.get(LONG, 8), from.get(LONG, 16), from.get(LONG, 24));
    }
}
