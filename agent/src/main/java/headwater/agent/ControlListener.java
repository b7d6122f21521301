// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.KernelException;
import headwater.capture.kernel.PeerSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Listens at one control socket, and answers those who may ask, each in a thread of its own, until it is closed. Who may is decided
 * twice: by the socket's mode and group, and by the credentials that the kernel gives of whoever connected. Who says nothing, or takes
 * no answer, loses the connection; how many can have one at a time is bounded.
 */
final class ControlListener implements AutoCloseable {
    /** Answers one line. Called by several threads at the same time. */
    @FunctionalInterface
    interface Answerer {
        /**
         * @param line of which {@code length} bytes are the question, without the newline
         * @param from who asks
         */
        String answer(byte[] line, int length, PeerSocket from);
    }

    /** Of the root user, who may always. */
    private static final int ROOT = 0;
    static final int CONNECTIONS_MAX = 64;
    private static final int BACKLOG = 64;
    private static final int ACCEPT_MS = 200;
    private static final int SILENCE_MS = 10_000;
    private static final int SLICE_MS = 200;
    private static final long ACCEPT_AGAIN_NS = 10_000_000;

    private final Path path;
    private final PeerSocket server;
    private final Answerer answerer;
    private final Predicate<PeerSocket.Peer> may;
    private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);
    /** Those whose question is being answered: they are waited for at the end. */
    private final Set<Thread> answering = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Takes the place of whatever is at {@code path}: the caller knows that nobody listens there.
     *
     * @param group of the socket, and who may connect beside {@code owner} and root; -1 for nobody else
     * @param owner the user who may
     * @throws IOException if the socket cannot be made
     */
    ControlListener(Path path, int group, int owner, Answerer answerer) throws IOException {
        this.path = path;
        this.answerer = answerer;
        may = peer -> peer.uid() == ROOT || peer.uid() == owner || group >= 0 && peer.isIn(group);
        Files.deleteIfExists(path);
        PeerSocket socket = null;
        try {
            socket = PeerSocket.listen(path, BACKLOG);
            if (group >= 0) {
                Files.setAttribute(path, "unix:gid", group);
            }
            // Until here others could connect by a lax umask; their credentials are looked at all the same.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(group >= 0 ? "rw-rw----" : "rw-------"));
        } catch (IOException | KernelException e) {
            if (socket != null) {
                socket.close();
            }
            throw new IOException("control socket cannot be made: path=" + path + ", bytes="
                    + path.toString().getBytes(StandardCharsets.UTF_8).length + ", max=" + PeerSocket.MAX_PATH_BYTES + ", cause="
                    + e.getMessage() + "; name another store with --store", e);
        }
        server = socket;
        thread = Thread.ofPlatform().name("headwater-control").daemon().start(this::serve);
    }

    private void serve() {
        while (!closing) {
            try {
                connections.acquireUninterruptibly();
                PeerSocket client = server.accept(ACCEPT_MS);
                if (client == null) {
                    connections.release();
                    continue;
                }
                begin(client);
            } catch (KernelException | OutOfMemoryError e) {
                // No descriptor or thread is free: then one may be later.
                connections.release();
                LockSupport.parkNanos(ACCEPT_AGAIN_NS);
            }
        }
        server.close();
    }

    private void begin(PeerSocket client) {
        try {
            Thread.ofPlatform().name("headwater-control-client").daemon().start(() -> serve(client));
        } catch (OutOfMemoryError e) {
            client.close();
            throw e;
        }
    }

    private void serve(PeerSocket client) {
        try (client) {
            byte[] line = new byte[ControlRequest.LINE_BYTES_MAX + 1];
            if (!may.test(client.peer())) {
                // What is left unread when a socket is closed keeps its peer from reading the answer.
                client.read(line, 0, SLICE_MS);
                client.write(line(JsonAnswer.error("not allowed: uid=" + Integer.toUnsignedString(client.peer().uid())
                        + "; only root and the members of the socket's group may")), SILENCE_MS);
                return;
            }
            int length = 0;
            int silent = 0;
            while (!closing && silent < SILENCE_MS) {
                int got = client.read(line, length, SLICE_MS);
                if (got < 0) {
                    return;
                }
                silent = got == 0 ? silent + SLICE_MS : 0;
                length += got;
                length = answerWhole(client, line, length);
                if (length == line.length) {
                    client.write(line(JsonAnswer.error("the line is too long: max=" + ControlRequest.LINE_BYTES_MAX)), SILENCE_MS);
                    return;
                }
                if (length < 0) {
                    return;
                }
            }
        } finally {
            connections.release();
        }
    }

    /** Answers the whole lines; how many bytes are left of one that is not, -1 if nobody takes answers. */
    private int answerWhole(PeerSocket client, byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                byte[] question = java.util.Arrays.copyOfRange(bytes, start, i);
                if (!answer(client, question)) {
                    return -1;
                }
                start = i + 1;
            }
        }
        System.arraycopy(bytes, start, bytes, 0, length - start);
        return length - start;
    }

    private boolean answer(PeerSocket client, byte[] question) {
        answering.add(Thread.currentThread());
        try {
            return client.write(line(answerer.answer(question, question.length, client)), SILENCE_MS);
        } finally {
            answering.remove(Thread.currentThread());
        }
    }

    private static byte[] line(String answer) {
        return (answer + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Takes no more questions; those taken are still answered. */
    @Override
    public void close() throws IOException {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(path);
    }

    /** Waits until the last question is answered, but not long: the asker may be gone. */
    void awaitEnd() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!answering.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
