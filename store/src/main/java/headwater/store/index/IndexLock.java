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
import java.util.concurrent.ConcurrentHashMap;

/** The right to change which files make up the index: the store's writer has it as long as it lives, else whoever asks first. */
final class IndexLock implements Closeable {
    /**
     * What this process holds. The kernel lets go of all locks that a process has on a file when it closes any descriptor of it, so one
     * that is held here must not even be opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private IndexLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Takes it; null if another has it, or the directory cannot be written. */
    static IndexLock tryTake(Path directory) {
        Path path = null;
        FileChannel channel = null;
        try {
            Path real = directory.toRealPath().resolve(IndexFormat.LOCK_NAME);
            if (!HELD.add(real)) {
                return null;
            }
            path = real;
            channel = FileChannel.open(path,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new IndexLock(path, channel);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Whoever cannot have it does without.
        }
        closeQuietly(channel);
        if (path != null) {
            HELD.remove(path);
        }
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
        try {
            channel.close();
        } finally {
            HELD.remove(path);
        }
    }
}
