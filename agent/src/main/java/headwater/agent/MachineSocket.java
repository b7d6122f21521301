// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The control socket of the machine, which one daemon has at a time: a lock beside it says whose it is, so that one that was left by a
 * process that is gone is known from one that lives.
 */
final class MachineSocket implements AutoCloseable {
    private final FileChannel lock;
    private final ControlListener listener;

    private MachineSocket(FileChannel lock, ControlListener listener) {
        this.lock = lock;
        this.listener = listener;
    }

    /**
     * Listens there.
     *
     * @return null if another daemon does
     * @throws IOException if that is not possible
     */
    static MachineSocket listen(Path path, int group, ControlListener.Answerer answerer) throws IOException {
        RunFolder.of(path);
        Path file = path.toAbsolutePath().resolveSibling(path.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            FileLock held = tryLock(channel);
            if (held == null) {
                channel.close();
                return null;
            }
            int owner = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return new MachineSocket(channel, new ControlListener(path, group, owner, answerer));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (java.nio.channels.OverlappingFileLockException e) {
            // Another daemon of this very process.
            return null;
        }
    }

    void awaitEnd() {
        listener.awaitEnd();
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            listener.close();
        }
    }
}
