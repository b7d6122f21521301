// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.capture.kernel.KernelException;
import headwater.capture.kernel.PeerSocket;
import headwater.graph.PathProbe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;

/**
 * Where programs tell of themselves while a recording runs: a UNIX socket that every local process may connect to. Each connection has
 * a thread of its own, so that one that hangs (a file system that does not answer) hangs alone.
 */
public final class DisclosureSocket implements AutoCloseable {
    /** The environment variable that names the socket to programs. */
    public static final String VARIABLE = "HEADWATER_DISCLOSURE";
    /** Where the daemon that records the whole system listens, unless it is told otherwise. */
    public static final Path SYSTEM = Path.of("/run/headwater/disclose.sock");

    private static final int BACKLOG = 128;
    private static final int ACCEPT_MS = 200;
    private static final long ACCEPT_AGAIN_NS = 10_000_000;
    private static final int STACK_BYTES = 256 << 10;

    private final Path path;
    private final PeerSocket listening;
    private volatile boolean closed;

    private DisclosureSocket(Path path, PeerSocket listening, Intake intake, PathProbe probe) {
        this.path = path;
        this.listening = listening;
        Thread.ofPlatform().name("headwater-disclosure").daemon().start(() -> serve(intake, probe));
    }

    /**
     * Listens.
     *
     * @param path made, in a folder that is there; what a recording that has gone left there is removed
     * @throws IOException if it cannot be made, or another recording listens there
     */
    public static DisclosureSocket open(Path path, Intake intake, PathProbe probe) throws IOException {
        try {
            if (isInUse(path)) {
                throw new IOException("another recording listens there");
            }
            Files.deleteIfExists(path);
            PeerSocket listening = PeerSocket.listen(path, BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            return new DisclosureSocket(path, listening, intake, probe);
        } catch (IOException | KernelException | IllegalArgumentException e) {
            throw new IOException("disclosure socket cannot be made: path=" + path + ", cause=" + e.getMessage() + "; programs cannot tell "
                    + "of themselves in this recording; set " + VARIABLE + " to another path, or to none", e);
        }
    }

    private static boolean isInUse(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public Path path() {
        return path;
    }

    private void serve(Intake intake, PathProbe probe) {
        Allowance allowance = new Allowance();
        while (!closed) {
            try {
                PeerSocket accepted = listening.accept(ACCEPT_MS);
                if (accepted != null) {
                    begin(accepted, allowance, intake, probe);
                }
            } catch (KernelException | OutOfMemoryError e) {
                // No descriptor or thread is free: then one may be later.
                LockSupport.parkNanos(ACCEPT_AGAIN_NS);
            }
        }
        listening.close();
    }

    /** Who may not is refused here, without a thread: a storm of connections makes none. */
    private void begin(PeerSocket accepted, Allowance allowance, Intake intake, PathProbe probe) {
        int uid = accepted.peer().uid();
        if (!allowance.enter(uid, System.nanoTime())) {
            try (accepted) {
                // Nothing was sent there before, so there is room.
                accepted.write(Reply.refused("", "too-many-connections", "too many connections: user=" + Integer.toUnsignedString(uid)
                        + ", max=" + Allowance.CONNECTIONS_MAX_USER + "; close one, or wait"), 0);
            }
            return;
        }
        try {
            Thread.ofPlatform().name("headwater-disclosure-client").daemon().stackSize(STACK_BYTES)
                    .start(new Connection(accepted, intake, allowance, probe, () -> closed));
        } catch (OutOfMemoryError e) {
            allowance.left(uid);
            accepted.close();
            throw e;
        }
    }

    /** Takes no more, and waits for nobody: threads that serve notice it soon. */
    @Override
    public void close() throws IOException {
        closed = true;
        Files.deleteIfExists(path);
    }
}
