// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The right to write to a store, held through the file {@code LOCK}, in which the holder writes who it is. The kernel
 * lets go of it when the process ends, however it ends.
 */
final class StoreLock implements AutoCloseable {
    /**
     * What this process holds. Asked before the file is opened: closing any descriptor of a file gives up all locks
     * that the process has on it (fcntl(2)), so a second attempt would undo the first holder's lock.
     */
    private static final Map<Path, String> HELD = new HashMap<>();
    private static final int MAX_HOLDER_BYTES = 4096;

    private final Path store;
    private final FileChannel channel;

    private StoreLock(Path store, FileChannel channel) {
        this.store = store;
        this.channel = channel;
    }

    /**
     * @param store the store's real path
     * @param holder the command, for people
     * @throws StoreBusyException if another process, or this one, has the store open for writing
     */
    static StoreLock take(Path store, String holder) throws IOException {
        String self = "pid=" + ProcessHandle.current().pid() + ", command=" + holder;
        synchronized (HELD) {
            if (HELD.containsKey(store)) {
                throw new StoreBusyException(store, HELD.get(store));
            }
            FileChannel channel = FileChannel.open(store.resolve(StoreDirectory.LOCK),
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw new StoreBusyException(store, read(channel));
                }
                ByteBuffer text = ByteBuffer.wrap((self + "\n").getBytes(StandardCharsets.UTF_8));
                channel.truncate(0);
                while (text.hasRemaining()) {
                    channel.write(text);
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            HELD.put(store, self);
            return new StoreLock(store, channel);
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "unknown" : holder;
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            channel.close();
            HELD.remove(store);
        }
    }
}
