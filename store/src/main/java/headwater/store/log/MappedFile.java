// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Maps files of a store (mmap(2), MAP_SHARED). Any thread may call it. */
public final class MappedFile {
    private MappedFile() {
    }

    /**
     * Maps the first {@code size} bytes.
     *
     * @param path what {@code channel} was opened with, for the message
     * @param arena owns the mapping
     * @throws IOException if the file system does not map shared files (ENODEV, as FUSE's without a cache), or memory is short
     */
    public static MemorySegment map(FileChannel channel, FileChannel.MapMode mode, long size, Path path, Arena arena) throws IOException {
        try {
            return channel.map(mode, 0, size, arena);
        } catch (IOException e) {
            throw new IOException("cannot be mapped: file=" + path + ", bytes=" + size + ", cause=" + e.getMessage() + "; a store needs memory"
                    + " for this, and a file system that maps shared files, as ext4, xfs, btrfs and tmpfs do", e);
        }
    }
}
