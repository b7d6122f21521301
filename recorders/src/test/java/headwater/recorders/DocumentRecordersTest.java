// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.outputs.Outputs;
import headwater.outputs.StrictConsumer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openprovenance.prov.interop.InteropFramework;
import org.openprovenance.prov.model.interop.Formats.ProvFormat;

/** {@code gzip} by zcat and ProvToolbox, {@code spade} by a reader that goes by the rules of SPADE's reporter DSL. */
class DocumentRecordersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private LongStore store;

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = new LongStore(path, 3);
    }

    @AfterEach
    void end() {
        store.close();
    }

    private Recorders start(String kind, Map<String, String> settings) {
        return Recorders.start(path, List.of(new RecorderSpec(kind, kind, settings)),
                Outputs.durable(store.store().writer()), said::add);
    }

    private static List<Path> files(Path prov) throws IOException {
        try (Stream<Path> files = Files.list(prov)) {
            return files.sorted().toList();
        }
    }

    private static List<String> zcat(Path file) throws IOException {
        Process zcat = new ProcessBuilder("zcat", file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = zcat.inputReader(StandardCharsets.UTF_8)) {
            List<String> all = lines.lines().toList();
            assertEquals(0, zcat.waitFor(), "zcat " + file);
            return all;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void shouldWriteGzipFilesThatZcatAndProvToolboxRead() throws IOException {
        Path prov = folder.resolve("prov");
        Map<String, String> settings = Map.of("path", prov.toString(), "max_bytes", "200000");
        try (Recorders recorders = start("gzip", settings)) {
            store.grow(20_000, 6);
            store.turn();
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        try (Recorders recorders = start("gzip", settings)) {
            store.grow(5_000, 2);
            store.end();
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        StrictConsumer consumer = new StrictConsumer();
        InteropFramework toolbox = new InteropFramework();
        List<Path> files = files(prov);
        assertTrue(files.size() > 2, files.toString());
        for (Path file : files) {
            // Each can be read alone.
            consumer.begin();
            List<String> lines = zcat(file);
            lines.forEach(consumer::w3c);
            toolbox.readDocument(new ByteArrayInputStream(lines.getFirst().getBytes(StandardCharsets.UTF_8)),
                    ProvFormat.JSON);
        }
        assertEquals(store.edges(), consumer.edges());
        assertEquals(List.of(), said);
    }

    @Test
    void shouldCutOffWhatAKilledOneHadWrittenBeyondItsPosition() throws IOException {
        Path prov = folder.resolve("prov");
        Map<String, String> settings = Map.of("path", prov.toString());
        try (Recorders recorders = start("gzip", settings)) {
            store.grow(3_000, 2);
            assertTrue(recorders.await(LONG));
        }
        Path position = path.resolve("recorders/gzip.position");
        byte[] before = Files.readAllBytes(position);
        try (Recorders recorders = start("gzip", settings)) {
            store.grow(3_000, 2);
            assertTrue(recorders.await(LONG));
        }
        // As after a kill: the files are further than the position that was kept, and half a member stands at their
        // end.
        Files.write(position, before);
        Files.write(files(prov).getLast(), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1}, StandardOpenOption.APPEND);
        try (Recorders recorders = start("gzip", settings)) {
            store.grow(1_000, 1);
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        StrictConsumer consumer = new StrictConsumer();
        for (Path file : files(prov)) {
            zcat(file).forEach(consumer::w3c);
        }
        assertEquals(store.edges(), consumer.edges());
    }

    @Test
    void shouldRefuseAFolderOfAnother() throws IOException, InterruptedException {
        Path prov = Files.createDirectory(folder.resolve("prov"));
        Files.write(prov.resolve("prov-000001.json.gz"), new byte[3]);
        try (Recorders recorders = start("gzip", Map.of("path", prov.toString()))) {
            for (int i = 0; i < 500 && recorders.status().getFirst().lastError().isEmpty(); i++) {
                Thread.sleep(10);
            }
            assertTrue(recorders.status().getFirst().lastError().contains("another recording"),
                    recorders.status().toString());
        }
        assertEquals(3, Files.size(prov.resolve("prov-000001.json.gz")));
    }

    @Test
    void shouldFeedSpadesReporterThroughTheFifoThatItMakes() throws Exception {
        Path fifo = folder.resolve("spade_pipe");
        store.grow(4_000, 3);
        try (Recorders recorders = start("spade", Map.of("path", fifo.toString()))) {
            Thread.sleep(300);
            assertTrue(Files.notExists(fifo), "SPADE refuses a FIFO that is there already");
            assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor());
            DslReporter first = new DslReporter();
            try (BufferedReader reader = Files.newBufferedReader(fifo)) {
                while (first.edges() < 1_000) {
                    first.line(reader.readLine());
                }
            }
            // SPADE went away in the middle, and comes again with nothing in its memory.
            Thread.sleep(500);
            DslReporter second = new DslReporter();
            try (BufferedReader reader = Files.newBufferedReader(fifo)) {
                while (!union(first, second).containsAll(allEdges())) {
                    second.line(reader.readLine());
                }
            }
            assertEquals(allEdges(), union(first, second));
            assertTrue(first.vertices() > 100 && second.vertices() > 100);
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
    }

    private java.util.TreeSet<Long> allEdges() {
        java.util.TreeSet<Long> all = new java.util.TreeSet<>();
        for (long edge = 1; edge <= store.edges(); edge++) {
            all.add(edge);
        }
        return all;
    }

    private static java.util.TreeSet<Long> union(DslReporter first, DslReporter second) {
        java.util.TreeSet<Long> all = new java.util.TreeSet<>(first.seen());
        all.addAll(second.seen());
        return all;
    }
}
