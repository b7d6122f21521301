// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.record.PolicyLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;

/**
 * Which file, whichever device its file system is on: what the kernel side keeps marks of files under ({@code struct marked_key}).
 *
 * @param fileSystem what stands for the file system: {@link #fileSystem}
 * @param ino inode number
 * @param generation which of the inodes that have had the number
 */
public record FileId(long fileSystem, long ino, int generation) {
    /** A file of a file system that is known by its UUID; null: by its device number, in the kernel's own encoding. */
    public static FileId of(UUID uuid, long dev, long ino, long generation) {
        return new FileId(uuid == null ? dev : fileSystem(uuid), ino, (int) generation);
    }

    /** As {@code marked_key} of {@code bpf/inodes.h} counts: of the UUID's two halves, as a little-endian machine reads them. */
    private static long fileSystem(UUID uuid) {
        return Long.reverseBytes(uuid.getMostSignificantBits()) * 0x9e3779b97f4a7c15L
                ^ Long.reverseBytes(uuid.getLeastSignificantBits()) | 1L << 63;
    }

    static FileId read(MemorySegment key, long at) {
        return new FileId(key.get(ValueLayout.JAVA_LONG, at + PolicyLayout.MARKED_FILE_SYSTEM),
                key.get(ValueLayout.JAVA_LONG, at + PolicyLayout.MARKED_INO),
                key.get(ValueLayout.JAVA_INT, at + PolicyLayout.MARKED_GENERATION));
    }

    MemorySegment segment(Arena arena) {
        MemorySegment key = arena.allocate(PolicyLayout.MARKED_BYTES, 8);
        key.set(ValueLayout.JAVA_LONG, PolicyLayout.MARKED_FILE_SYSTEM, fileSystem);
        key.set(ValueLayout.JAVA_LONG, PolicyLayout.MARKED_INO, ino);
        key.set(ValueLayout.JAVA_INT, PolicyLayout.MARKED_GENERATION, generation);
        return key;
    }
}
