// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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

    private Control() {
    }

    /** Answers one line. Called by the thread that listens. */
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
     * @throws IOException if it ends before it answers
     */
    public static String ask(Path store, String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket(store)));
            } catch (IOException e) {
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

    /** Answers those who ask, in a thread of its own, until it is closed. */
    static final class Listener implements AutoCloseable {
        private final ServerSocketChannel server;
        private final Thread thread;

        Listener(Path store, Answerer answerer) throws IOException {
            Path path = socket(store);
            // Only the holder of the store's lock listens, so what is there was left by one that is gone.
            Files.deleteIfExists(path);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            thread = Thread.ofPlatform().name("headwater-control").daemon().start(() -> serve(answerer));
        }

        private void serve(Answerer answerer) {
            while (server.isOpen()) {
                try (SocketChannel client = server.accept()) {
                    String line = readLine(client);
                    if (line != null) {
                        client.write(ByteBuffer.wrap((answerer.answer(line) + "\n").getBytes(StandardCharsets.UTF_8)));
                    }
                } catch (IOException e) {
                    // One client that is gone, or the end of the daemon: neither stops the others.
                    continue;
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }

        /** Waits until the last question is answered, but not long: the asker may be gone. */
        void awaitEnd() {
            try {
                thread.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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
