// SPDX-License-Identifier: Apache-2.0
package headwater.disclosure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection to the Headwater that records this process. Each statement is in the record when the call returns: after all that this
 * process, and those that it waited for, did before the call.
 *
 * <p>Safe for use by several threads, one statement after the other. Belongs to this process as it was when it connected: after it has
 * become another user, or in a child, a new one is needed.
 */
public final class DisclosureClient implements AutoCloseable {
    /** The environment variable that names the socket. */
    public static final String VARIABLE = "HEADWATER_DISCLOSURE";
    /** Where a recording of the whole system listens. */
    public static final Path SYSTEM = Path.of("/run/headwater/disclose.sock");

    private static final int VERSION = 1;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(65536).flip();

    private DisclosureClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Where {@link #connect()} looks: {@code $HEADWATER_DISCLOSURE}, else {@link #SYSTEM}. */
    public static Path socket() {
        String asked = System.getenv().getOrDefault(VARIABLE, "");
        return asked.isEmpty() ? SYSTEM : Path.of(asked);
    }

    /**
     * Connects to the recording that this process is in.
     *
     * @throws IOException if none listens
     * @throws DisclosureException if this process is not in it
     */
    public static DisclosureClient connect() throws IOException {
        return connect(socket());
    }

    /** As {@link #connect()}, to the socket at {@code path}. */
    public static DisclosureClient connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        DisclosureClient client = new DisclosureClient(channel);
        try {
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException e) {
                throw new IOException("no recording listens for what programs tell: socket=" + path + ", cause=" + e.getMessage()
                        + "; start one (headwater start, headwater run), or name its socket in " + VARIABLE, e);
            }
            Map<String, Object> greeting = client.read();
            if (!(greeting.get("challenge") instanceof String challenge)) {
                throw refusal(greeting);
            }
            client.ask("{\"hello\":{\"version\":" + VERSION + ",\"challenge\":" + Json.quoted(challenge) + "}}");
            return client;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /**
     * Tells.
     *
     * @return the ids of the nodes that are new with it, by name, such as {@code hw:12}; a question can be asked about them
     * @throws DisclosureException if it is refused; nothing of it is in the record then, and the connection can be used on
     * @throws IOException if the recording has ended
     */
    public Map<String, String> disclose(Statement statement) throws IOException {
        return discloseLine(statement.json());
    }

    /**
     * The same, of a line as the protocol has it.
     *
     * @param json without a newline
     */
    public synchronized Map<String, String> discloseLine(String json) throws IOException {
        Map<String, Object> answer = ask(json);
        Map<String, String> objects = new LinkedHashMap<>();
        if (answer.get("objects") instanceof Map<?, ?> told) {
            told.forEach((name, object) -> objects.put(String.valueOf(name), String.valueOf(object)));
        }
        return objects;
    }

    private Map<String, Object> ask(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            // It may have said why before it closed.
            Map<String, Object> said = readOrNothing();
            throw said.isEmpty() ? e : refusal(said);
        }
        Map<String, Object> answer = read();
        if (!Boolean.TRUE.equals(answer.get("ok"))) {
            throw refusal(answer);
        }
        return answer;
    }

    private static DisclosureException refusal(Map<String, Object> answer) {
        return new DisclosureException(String.valueOf(answer.get("error")), String.valueOf(answer.get("message")));
    }

    private Map<String, Object> readOrNothing() {
        try {
            return read();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private Map<String, Object> read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (received.hasRemaining()) {
                byte b = received.get();
                if (b == '\n') {
                    return parsed(line.toString(StandardCharsets.UTF_8));
                }
                line.write(b);
            }
            if (line.size() > ANSWER_BYTES_MAX) {
                throw new IOException("an answer without end: bytes=" + line.size());
            }
            received.clear();
            int got = channel.read(received);
            received.flip();
            if (got < 0) {
                throw new IOException("the recording has ended the connection");
            }
        }
    }

    private static Map<String, Object> parsed(String line) throws IOException {
        try {
            return Json.read(line);
        } catch (IllegalArgumentException e) {
            throw new IOException("an answer that is none: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing that was told depends on it.
            return;
        }
    }
}
