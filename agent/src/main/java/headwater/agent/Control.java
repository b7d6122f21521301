// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a running daemon is spoken to: a UNIX socket in its store, which only the store's owner can reach. One line asks, one
 * line answers.
 */
public final class Control {
    /** Asks for the daemon's figures, as one JSON object. */
    public static final String STATUS = "status";
    /** Asks the daemon to end its session; answered when it has ended. */
    public static final String STOP = "stop";

    private static final int LINE_BYTES_MAX = 4096;
    /** Of a UNIX socket's path (unix(7)), without the NUL. */
    private static final int PATH_BYTES_MAX = 107;
    private static final long ACCEPT_AGAIN_NS = 10_000_000;

    private Control() {
    }

    /** Answers one line. Called by several threads at the same time. */
    @FunctionalInterface
    interface Answerer {
        String answer(String line);
    }

    static Path socket(Path store) {
        return store.resolve("control.sock");
    }

    /**
     * Asks the daemon of a store.
     *
     * @return its answer, null if no daemon records into that store
     * @throws IOException if it ends before it answers, or may not be asked by this user
     */
    public static String ask(Path store, String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket(store)));
            } catch (IOException e) {
                requirePermission(socket(store));
                return null;
            }
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            String answer = readLine(channel);
            if (answer == null) {
                throw new IOException("the daemon ended before it answered: store=" + store + ", asked=" + line);
            }
            return answer;
        }
    }

    /** Answers those who ask, each in a thread of its own, until it is closed. */
    static final class Listener implements AutoCloseable {
        private static final int ANSWERS_MAX = 64;

        private final Path path;
        private final ServerSocketChannel server;
        /** One is taken while a question is answered; one that only keeps its connection open takes none. */
        private final Semaphore answers = new Semaphore(ANSWERS_MAX);

        /**
         * @param store a store whose lock this process holds
         * @throws IOException if the socket cannot be made
         */
        Listener(Path store, Answerer answerer) throws IOException {
            path = socket(store);
            // Only the holder of the store's lock listens, so what is there was left by one that is gone.
            Files.deleteIfExists(path);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(path));
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                server.close();
                throw new IOException("control socket cannot be made: path=" + path + ", bytes="
                        + path.toString().getBytes(StandardCharsets.UTF_8).length + ", max=" + PATH_BYTES_MAX + ", cause="
                        + e.getMessage() + "; name another store with --store", e);
            }
            Thread.ofPlatform().name("headwater-control").daemon().start(() -> serve(answerer));
        }

        private void serve(Answerer answerer) {
            while (server.isOpen()) {
                try {
                    SocketChannel client = server.accept();
                    Thread.ofVirtual().name("headwater-control-client").start(() -> answer(client, answerer));
                } catch (IOException e) {
                    // The end, or no descriptor is free: then one may be later.
                    LockSupport.parkNanos(ACCEPT_AGAIN_NS);
                }
            }
        }

        private void answer(SocketChannel client, Answerer answerer) {
            try (client) {
                String line = readLine(client);
                if (line != null) {
                    answers.acquireUninterruptibly();
                    try {
                        client.write(ByteBuffer.wrap((answerer.answer(line) + "\n").getBytes(StandardCharsets.UTF_8)));
                    } finally {
                        answers.release();
                    }
                }
            } catch (IOException e) {
                // A client that is gone has no use for an answer.
                return;
            }
        }

        /** Takes no more questions; those taken are still answered. */
        @Override
        public void close() throws IOException {
            server.close();
            Files.deleteIfExists(path);
        }

        /** Waits until the last question is answered, but not long: the asker may be gone. */
        void awaitEnd() {
            try {
                if (answers.tryAcquire(ANSWERS_MAX, 1, TimeUnit.SECONDS)) {
                    answers.release(ANSWERS_MAX);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void requirePermission(Path socket) throws IOException {
        try {
            socket.getFileSystem().provider().checkAccess(socket, AccessMode.WRITE);
        } catch (AccessDeniedException e) {
            throw new IOException("only the store's owner may speak to its daemon: socket=" + socket + "; use sudo", e);
        } catch (IOException e) {
            // There is none, which the caller knows by now.
            return;
        }
    }

    private static String readLine(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LINE_BYTES_MAX);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            int end = buffer.position();
            if (end > 0 && buffer.get(end - 1) == '\n') {
                return new String(buffer.array(), 0, end - 1, StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
