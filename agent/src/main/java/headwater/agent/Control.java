// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Path;

/**
 * How a running daemon is spoken to: a UNIX socket in its store, which only the store's owner can reach, and one for the machine,
 * which a group can. One line asks, one line answers; docs/control.md has the protocol.
 */
public final class Control {
    /** Asks for the daemon's figures, as one JSON object. */
    public static final String STATUS = request("status");
    /** Asks the daemon to end its session; answered when it has ended. */
    public static final String STOP = request("stop");
    /** Asks the daemon to read its configuration again. */
    public static final String RELOAD = request("reload");

    /** Asks for the policy in effect, as docs/control.md has it. */
    public static final String POLICY = request("policy");

    /** Asks the daemon to take a new key into use. */
    public static final String ROTATE_KEY = request("rotate-key");

    /** Where the machine's daemon listens. */
    public static final Path MACHINE_SOCKET = RunFolder.PATH.resolve("control.sock");
    /** The environment variable that names another place. */
    public static final String SOCKET_VARIABLE = "HEADWATER_CONTROL";

    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private Control() {
    }

    private static String request(String name) {
        return "{\"version\":" + ControlRequest.VERSION + ",\"request\":\"" + name + "\"}";
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
        return askAt(socket(store), line, "only the store's owner may speak to its daemon: socket=" + socket(store) + "; use sudo");
    }

    /**
     * Asks the daemon that listens at {@code socket}.
     *
     * @param denied what to say if this user may not
     * @return its answer, null if nobody listens
     * @throws IOException if it ends before it answers, or may not be asked by this user
     */
    public static String askAt(Path socket, String line, String denied) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                requirePermission(socket, denied);
                return null;
            }
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            String answer = readLine(channel);
            if (answer == null) {
                throw new IOException("the daemon ended before it answered: socket=" + socket + ", asked=" + line);
            }
            return answer;
        }
    }

    private static void requirePermission(Path socket, String denied) throws IOException {
        try {
            socket.getFileSystem().provider().checkAccess(socket, AccessMode.WRITE);
        } catch (AccessDeniedException e) {
            throw new IOException(denied, e);
        } catch (IOException e) {
            // There is none, which the caller knows by now.
            return;
        }
    }

    private static String readLine(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
        while (line.size() < ANSWER_BYTES_MAX && channel.read(buffer.clear()) >= 0) {
            line.write(buffer.array(), 0, buffer.position());
            if (buffer.position() > 0 && buffer.get(buffer.position() - 1) == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
        }
        return null;
    }
}
