// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.capture.kernel.Descriptor;
import headwater.capture.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * {@code fifo}: a FIFO, made with mode 0666 if it is not there, or waited for where its reader makes it; a zero byte follows each document. Waits for a reader; what a reader
 * that went away had not read is sent to the next one.
 */
final class FifoDestination implements Destination {
    private static final int MODE = 0666;
    private static final int S_IFMT = 0170000;
    private static final int S_IFIFO = 0010000;
    private static final int WAIT_MS = 100;

    private final Path path;
    private final boolean create;
    private Descriptor fifo;

    /** @param create false if the reader makes it, and takes it amiss if it is there */
    FifoDestination(Path path, boolean create) {
        this.path = path;
        this.create = create;
    }

    @Override
    public void open(Stop stop) throws IOException {
        try {
            if (create && Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                Descriptor.mkfifo(path, MODE);
            }
            while (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                stop.pause(WAIT_MS);
            }
            int mode = (int) Files.getAttribute(path, "unix:mode");
            if ((mode & S_IFMT) != S_IFIFO) {
                throw new IOException("not a FIFO: path=" + path + "; remove it, or name another path");
            }
            for (fifo = Descriptor.fifo(path); fifo == null; fifo = Descriptor.fifo(path)) {
                stop.pause(WAIT_MS);
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void send(Document document, Stop stop) throws IOException {
        byte[] bytes = document.terminated();
        try {
            int sent = 0;
            while (sent < bytes.length) {
                int count = fifo.write(bytes, sent);
                sent += count;
                if (count == 0) {
                    stop.check();
                    fifo.awaitRoom(WAIT_MS);
                }
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean flush(Stop stop) throws IOException {
        try {
            for (long waitMs = 1; fifo.unread() > 0; waitMs = Math.min(WAIT_MS, 2 * waitMs)) {
                fifo.awaitRoom(0);
                stop.pause(waitMs);
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
        return true;
    }

    @Override
    public void idle() throws IOException {
        try {
            fifo.awaitRoom(0);
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (fifo != null) {
            fifo.close();
            fifo = null;
        }
    }
}
