// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import headwater.store.log.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long captures through files, while they are written and after. */
class OutputsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private Store store;
    private LongCapture capture;

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = Store.openForWriting(path, "test");
        capture = new LongCapture(store.writer(), 7);
        capture.begin();
        store.writer().sync();
    }

    @AfterEach
    void end() {
        store.close();
    }

    private Outputs start(OutputSpec... specs) {
        return Outputs.start(path, List.of(specs), Outputs.durable(store.writer()), said::add);
    }

    private OutputSpec file(String name, OutputFormat format, Object... settings) {
        Map<String, String> all = new java.util.HashMap<>(Map.of("path", folder.resolve(name).toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i].toString(), settings[i + 1].toString());
        }
        return new OutputSpec(name, "log", format, all);
    }

    private StrictConsumer read(String name, OutputFormat format, StrictConsumer consumer) throws IOException {
        try (var lines = Files.lines(folder.resolve(name), StandardCharsets.UTF_8)) {
            lines.forEach(line -> {
                if (format == OutputFormat.W3C) {
                    consumer.w3c(line);
                } else {
                    consumer.spade(line + "\n");
                }
            });
        }
        return consumer;
    }

    @ParameterizedTest
    @EnumSource(names = {"W3C", "SPADE_JSON"})
    void shouldFollowALongCaptureThatIsBeingWritten(OutputFormat format) throws IOException {
        try (Outputs outputs = start(file("out", format), new OutputSpec("nothing", "null", OutputFormat.W3C, Map.of()))) {
            for (int i = 0; i < 24; i++) {
                capture.go(5_000);
                if (i == 11) {
                    capture.end();
                    capture.begin();
                }
                store.writer().sync();
            }
            capture.end();
            store.writer().sync();
            assertTrue(outputs.await(LONG), () -> outputs.status().toString());
        }
        StrictConsumer consumer = read("out", format, new StrictConsumer());
        assertEquals(capture.edges(), consumer.edges());
        assertEquals(capture.nodes(), consumer.nodes());
        consumer.acyclic();
        assertEquals(List.of(), said);
    }

    @Test
    void shouldNotSendWhatIsNotDurable() throws InterruptedException {
        try (Outputs outputs = start(file("out", OutputFormat.W3C))) {
            assertTrue(outputs.await(LONG));
            long before = outputs.status().getFirst().edges();
            capture.go(1_000);
            Thread.sleep(600);
            assertEquals(before, outputs.status().getFirst().edges());
            store.writer().flush();
            // What is written becomes durable by itself, and may be sent from then on.
            long end = System.nanoTime() + LONG.toNanos();
            long sent = before;
            while (sent < capture.edges() && System.nanoTime() < end) {
                sent = outputs.status().getFirst().edges();
                long durable = store.writer().acknowledged().edge() + 1;
                assertTrue(sent <= durable, "sent=" + sent + ", durable=" + durable);
                Thread.sleep(1);
            }
            assertTrue(outputs.await(LONG));
            assertEquals(capture.edges(), outputs.status().getFirst().edges());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"W3C", "SPADE_JSON"})
    void shouldGoOnWhereItWas(OutputFormat format) throws IOException {
        for (int i = 0; i < 4; i++) {
            capture.go(7_000);
            store.writer().sync();
            try (Outputs outputs = start(file("out", format))) {
                assertTrue(outputs.await(LONG));
            }
        }
        assertEquals(0, said.size(), said::toString);
        StrictConsumer consumer = read("out", format, new StrictConsumer());
        assertEquals(capture.edges(), consumer.edges());
        assertEquals(0, consumer.repeated());
        consumer.acyclic();
    }

    @Test
    void shouldGoOnAfterBeingKilledAtAnyPlaceWithoutLosingAnEdge() throws IOException {
        OutputSpec spec = file("out", OutputFormat.SPADE_JSON);
        capture.go(20_000);
        store.writer().sync();
        PositionFile position = new PositionFile(path.resolve(Outputs.FOLDER), "out", store.log().store());
        LogPosition second = store.log().scan(store.log().start(), at -> at.block() < 1);
        Mark middle = new Mark(second, 5_000, second.nodes());
        position.write(middle);
        Files.writeString(folder.resolve("out"), "{\"type\":\"Entity\",\"id\":\"half");
        try (Outputs outputs = start(spec)) {
            assertTrue(outputs.await(LONG));
        }
        StrictConsumer consumer = read("out", OutputFormat.SPADE_JSON, new StrictConsumer());
        assertEquals(capture.edges() - 5_000, consumer.edges());
        Files.writeString(position.path(), "nonsense");
        Files.delete(folder.resolve("out"));
        try (Outputs outputs = start(spec)) {
            assertTrue(outputs.await(LONG));
        }
        assertEquals(capture.edges(), read("out", OutputFormat.SPADE_JSON, new StrictConsumer()).edges());
    }

    @Test
    void shouldBeginNowIfAskedTo() throws IOException {
        capture.go(3_000);
        store.writer().sync();
        long before = capture.edges();
        try (Outputs outputs = start(file("out", OutputFormat.W3C, "from", "now"))) {
            capture.go(3_000);
            store.writer().sync();
            assertTrue(outputs.await(LONG));
        }
        assertEquals(capture.edges() - before, read("out", OutputFormat.W3C, new StrictConsumer()).edges());
    }

    @ParameterizedTest
    @EnumSource(names = {"W3C", "SPADE_JSON"})
    void shouldRotateSoThatEachFileCanBeReadAlone(OutputFormat format) throws IOException {
        capture.go(12_000);
        store.writer().sync();
        try (Outputs outputs = start(file("out", format, "max_bytes", 1 << 20, "files", 3))) {
            assertTrue(outputs.await(LONG));
        }
        assertFalse(Files.exists(folder.resolve("out.4")));
        int edges = 0;
        for (String name : List.of("out.3", "out.2", "out.1", "out")) {
            assertTrue(Files.size(folder.resolve(name)) < (1 << 20) + (1 << 17));
            edges += read(name, format, new StrictConsumer()).edges();
        }
        assertTrue(edges > 1_000 && edges < capture.edges(), "edges=" + edges);
    }

    @Test
    void shouldCatchUpAfterAFullDisk() throws Exception {
        Path full = Files.createDirectory(folder.resolve("full"));
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", full.toString());
        try {
            capture.go(15_000);
            store.writer().sync();
            OutputSpec spec = file("out", OutputFormat.W3C, "path", full.resolve("out"));
            try (Outputs outputs = start(spec)) {
                await(() -> outputs.status().getFirst().lastError().contains("No space left"));
                OutputStatus status = outputs.status().getFirst();
                assertTrue(status.behind() > 1000 && status.line().contains("make room"), status::line);
                run("mount", "-o", "remount,size=64m", full.toString());
                assertTrue(outputs.await(LONG), () -> outputs.status().toString());
            }
            StrictConsumer consumer = read("full/out", OutputFormat.W3C, new StrictConsumer());
            assertEquals(capture.edges(), consumer.edges());
            assertEquals(0, consumer.repeated());
        } finally {
            run("umount", full.toString());
        }
    }

    @Test
    void shouldSayAGapWhenTheLogLacksItsPlace() throws IOException {
        capture.go(3_000);
        store.writer().sync();
        PositionFile position = new PositionFile(path.resolve(Outputs.FOLDER), "out", store.log().store());
        var end = store.log().scan(store.log().start());
        position.write(Mark.at(new LogPosition(1, end.offset() + 100, end.block() + 1, end.nodes() + 10,
                end.edges() + 10, end.objects(), end.timeNs(), true, end.hash(), end.offset())));
        try (Outputs outputs = start(file("out", OutputFormat.W3C))) {
            assertTrue(said.getFirst().contains("gap: the log no longer has the place"), said::toString);
            capture.go(100);
            store.writer().sync();
            assertTrue(outputs.await(LONG));
        }
        assertTrue(read("out", OutputFormat.W3C, new StrictConsumer()).edges() >= 100);
    }

    @Test
    void shouldRefuseWhatIsWrong() {
        assertThrows(IllegalArgumentException.class, () -> OutputFormat.ofText("prov"));
        assertThrows(IllegalArgumentException.class, () -> new OutputSpec("../x", "null", OutputFormat.W3C, Map.of()));
        assertTrue(assertThrows(IllegalArgumentException.class, () ->
                start(new OutputSpec("a", "unix_socket", OutputFormat.W3C, Map.of()))).getMessage().contains("null log unix fifo"));
        assertTrue(assertThrows(IllegalArgumentException.class, () ->
                start(new OutputSpec("a", "log", OutputFormat.W3C, Map.of()))).getMessage().contains("key=path"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> start(new OutputSpec("a", "log", OutputFormat.W3C,
                Map.of("path", "x", "pathe", "y")))).getMessage().contains("pathe"));
    }

    static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within a minute");
            Thread.sleep(20);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor(), String.join(" ", command));
    }
}
