// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The right to change which files make up the index: the store's writer has it as long as it lives, else whoever asks first. */
final class IndexLock implements Closeable {
    private final FileChannel channel;

    private IndexLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes it; null if another has it, or the directory cannot be written. */
    static IndexLock tryTake(Path directory) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(directory.resolve(IndexFormat.LOCK_NAME),
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new IndexLock(channel);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Whoever cannot have it does without.
        }
        closeQuietly(channel);
        return null;
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
