// SPDX-License-Identifier: Apache-2.0
package headwater.disclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the other end's lines, as docs/disclosure.md has them. */
class DisclosureClientTest {
    @TempDir
    Path folder;

    private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

    /** Sends the first line when somebody connects, each other when a line has come. */
    private Path recording(String... lines) throws IOException {
        Path path = folder.resolve("s");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofPlatform().daemon().start(() -> {
            try (server; SocketChannel client = server.accept()) {
                BufferedReader reader = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                for (String line : lines) {
                    client.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                    String got = reader.readLine();
                    if (got == null) {
                        return;
                    }
                    sent.add(got);
                }
            } catch (IOException e) {
                sent.add("failed: " + e);
            }
        });
        return path;
    }

    @Test
    void shouldGreetAndTell() throws IOException {
        Path path = recording("{\"headwater\":\"disclosure\",\"version\":1,\"challenge\":\"ab\"}", "{\"ok\":true}",
                "{\"ok\":true,\"objects\":{\"step\":\"hw:12\"}}");
        try (DisclosureClient client = DisclosureClient.connect(path)) {
            Map<String, String> objects = client.disclose(new Statement()
                    .activity("step", "a \"step\"\n", Map.of("width", 100))
                    .used(Thing.named("step"), Thing.file(Path.of("/in")))
                    .derivedOnly(Thing.file(Path.of("/out")), Thing.file(Path.of("/in")))
                    .log("done", Thing.file(Path.of("/out"))));
            assertEquals(Map.of("step", "hw:12"), objects);
        }
        assertEquals(List.of("{\"hello\":{\"version\":1,\"challenge\":\"ab\"}}",
                "{\"disclose\":{\"nodes\":[{\"name\":\"step\",\"class\":\"activity\",\"label\":\"a \\\"step\\\"\\u000a\","
                + "\"attributes\":{\"width\":100}}],\"relations\":["
                + "{\"relation\":\"used\",\"effect\":\"step\",\"cause\":{\"path\":\"/in\"}},"
                + "{\"relation\":\"wasDerivedFrom\",\"effect\":{\"path\":\"/out\"},\"cause\":{\"path\":\"/in\"},\"only\":true}],"
                + "\"log\":[{\"text\":\"done\",\"file\":{\"path\":\"/out\"}}]}}"), List.copyOf(sent));
    }

    @Test
    void shouldSayWhyItWasRefused() throws IOException {
        Path path = recording("{\"ok\":false,\"error\":\"not-recorded\",\"message\":\"this process is not recorded: pid=7\"}");
        DisclosureException e = assertThrows(DisclosureException.class, () -> DisclosureClient.connect(path));
        assertEquals("not-recorded", e.code());
        assertEquals("this process is not recorded: pid=7", e.getMessage());
    }

    @Test
    void shouldSayThatNobodyListens() {
        IOException e = assertThrows(IOException.class, () -> DisclosureClient.connect(folder.resolve("none")));
        assertTrue(e.getMessage().contains("headwater start") && e.getMessage().contains("none"), e.getMessage());
    }

    @Test
    void shouldNotTakeAnAnswerThatIsNone() throws IOException {
        Path path = recording("{\"challenge\":");
        assertTrue(assertThrows(IOException.class, () -> DisclosureClient.connect(path)).getMessage().contains("not the JSON"));
    }

    @Test
    void shouldReadAllJsonOfAnswers() {
        assertEquals(Map.of("a", Map.of("b", "x\"\u00e4\n"), "c", -1.5, "d", true),
                Json.read(" {\"a\": {\"b\":\"x\\\"\\u00e4\\n\"} , \"c\":-1.5e0,\"d\":true}\n"));
        for (String wrong : List.of("", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1}x", "{\"a\":\"\\u12\"}", "{\"a\":tru}")) {
            assertThrows(IllegalArgumentException.class, () -> Json.read(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> Json.object(Map.of("a", List.of())));
    }
}
