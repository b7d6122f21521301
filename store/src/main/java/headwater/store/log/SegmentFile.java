// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What the writer needs of a file of the store. A seam: tests put a full disk and a power cut behind it. */
public interface SegmentFile extends AutoCloseable {
    /** Writes all of {@code bytes} at {@code position}; on failure some of it may stand in the file. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Cuts the file to {@code length} bytes, if it is longer. */
    void truncate(long length) throws IOException;

    /** Returns once the bytes are on the disk; {@code metadata}: and what else the file system keeps of the file. */
    void force(boolean metadata) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens files, and changes the names in folders. */
    interface Opener {
        /** @param create true: the file must not be there yet; false: it must */
        SegmentFile open(Path path, boolean create) throws IOException;

        /** Returns once the names in {@code directory} are on the disk. */
        default void syncDirectory(Path directory) throws IOException {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }

        /** Takes a name away, if it is there; lasting once the folder is synced. */
        default void delete(Path path) throws IOException {
            Files.deleteIfExists(path);
        }

        /** Gives a file another name in the same folder, in place of what had it; lasting once the folder is synced. */
        default void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        /** Plain files, readable by their owner only. */
        Opener FILES = (path, create) -> {
            Set<StandardOpenOption> options = create
                    ? Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                    : Set.of(StandardOpenOption.WRITE);
            FileChannel channel = FileChannel.open(path, options,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new ChannelFile(channel);
        };
    }
}
