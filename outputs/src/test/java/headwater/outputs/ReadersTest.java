// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long captures to readers that stall, die and return: FIFOs and UNIX sockets. */
class ReadersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path path;
    private Store store;
    private LongCapture capture;

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = Store.openForWriting(path, "test");
        capture = new LongCapture(store.writer(), 11);
        capture.begin();
        capture.go(12_000);
        store.writer().sync();
    }

    @AfterEach
    void end() {
        store.close();
    }

    private Outputs start(OutputSpec... specs) {
        return Outputs.start(path, List.of(specs), line -> { });
    }

    /** The next document, up to a zero byte; null at the end. */
    private static String document(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != 0; b = in.read()) {
            if (b < 0) {
                return null;
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldServeAFifoWhoseReaderStallsAndGoesWhileOthersGoOn() throws Exception {
        Path fifo = folder.resolve("pipe");
        OutputSpec file = new OutputSpec("file", "log", OutputFormat.SPADE_JSON, Map.of("path", folder.resolve("out").toString()));
        StrictConsumer consumer = new StrictConsumer();
        try (Outputs outputs = start(new OutputSpec("fifo", "fifo", OutputFormat.W3C, Map.of("path", fifo.toString())), file)) {
            OutputsTest.await(() -> Files.exists(fifo) && outputs.status().get(1).behind() == 0);
            assertEquals(OutputStatus.State.OPENING, outputs.status().getFirst().state());
            try (InputStream in = Files.newInputStream(fifo)) {
                for (int i = 0; i < 3; i++) {
                    consumer.w3c(document(in));
                }
                OutputsTest.await(() -> outputs.status().getFirst().documents() > 3);
                capture.go(2_000);
                store.writer().sync();
                OutputsTest.await(() -> outputs.status().get(1).behind() == 0);
                assertTrue(outputs.status().getFirst().behind() > 2_000, () -> outputs.status().toString());
            }
            OutputsTest.await(() -> outputs.status().getFirst().lastError().contains("EPIPE")
                    && outputs.status().getFirst().state() == OutputStatus.State.OPENING);
            consumer.begin();
            consumer.mayRepeat();
            try (InputStream in = Files.newInputStream(fifo)) {
                while (consumer.edges() < capture.edges()) {
                    consumer.w3c(document(in));
                }
                assertTrue(outputs.await(LONG), () -> outputs.status().toString());
            }
        }
        consumer.acyclic();
        assertTrue(consumer.repeated() > 0);
    }

    @Test
    void shouldServeADatagramReceiverThatDiesAndReturns() throws Exception {
        Path address = folder.resolve("socket");
        StrictConsumer consumer = new StrictConsumer();
        try (Outputs outputs = start(new OutputSpec("unix", "unix", OutputFormat.SPADE_JSON, Map.of("address", address.toString())))) {
            OutputsTest.await(() -> outputs.status().getFirst().lastError().contains("ENOENT"));
            try (DatagramReceiver receiver = DatagramReceiver.bind(address)) {
                for (int i = 0; i < 20; i++) {
                    consumer.spade(receiver.document());
                }
            }
            Files.delete(address);
            capture.go(1_000);
            store.writer().sync();
            consumer.begin();
            consumer.mayRepeat();
            try (DatagramReceiver receiver = DatagramReceiver.bind(address)) {
                while (consumer.edges() < capture.edges()) {
                    consumer.spade(receiver.document());
                }
                assertTrue(outputs.await(LONG), () -> outputs.status().toString());
            }
        }
        consumer.acyclic();
    }

    @Test
    void shouldServeAStreamSocketToo() throws Exception {
        Path address = folder.resolve("socket");
        StrictConsumer consumer = new StrictConsumer();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(address));
            try (Outputs outputs = start(new OutputSpec("unix", "unix", OutputFormat.W3C, Map.of("address", address.toString())));
                    SocketChannel reader = server.accept()) {
                InputStream in = new java.io.BufferedInputStream(Channels.newInputStream(reader));
                while (consumer.edges() < capture.edges()) {
                    consumer.w3c(document(in));
                }
                assertTrue(outputs.await(LONG));
            }
        }
        consumer.acyclic();
    }

    @Test
    void shouldNotTakeAFileForAFifo() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        try (Outputs outputs = start(new OutputSpec("fifo", "fifo", OutputFormat.W3C, Map.of("path", file.toString())))) {
            OutputsTest.await(() -> outputs.status().getFirst().lastError().contains("not a FIFO"));
        }
        assertEquals("kept", Files.readString(file));
    }

    @Test
    void shouldKeepMemoryInBoundsByViewsOfTheStore() throws IOException {
        capture.end();
        capture.begin();
        capture.go(20_000);
        store.writer().sync();
        StrictConsumer[] consumers = {new StrictConsumer(), new StrictConsumer()};
        StringBuilder[] all = {new StringBuilder(), new StringBuilder()};
        for (int i = 0; i < 2; i++) {
            int which = i;
            Views views = new Views(Store.openForReading(path));
            try (OutputFeed feed = new OutputFeed(store.log(), views, OutputFormat.SPADE_JSON, false, Mark.at(store.log().start()),
                    i == 0 ? 50 : Integer.MAX_VALUE)) {
                boolean more = true;
                while (more) {
                    more = feed.block(at -> true, (document, after) -> {
                        consumers[which].spade(document.text());
                        document.text().lines().filter(line -> line.contains("\"from\":")).forEach(all[which]::append);
                    });
                }
            }
            consumers[i].acyclic();
            assertEquals(capture.edges(), consumers[i].edges());
            assertEquals(capture.nodes(), consumers[i].nodes());
        }
        assertEquals(all[1].toString(), all[0].toString());
    }
}
