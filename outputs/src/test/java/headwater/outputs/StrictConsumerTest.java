// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumer is strict: what is spoilt it refuses. And so are positions. */
class StrictConsumerTest {
    @TempDir
    Path folder;

    private final List<String> documents = new ArrayList<>();
    private final List<String> records = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        try (Store store = Store.openForWriting(folder.resolve("store"), "test")) {
            LongCapture capture = new LongCapture(store.writer(), 5);
            capture.begin();
            capture.go(500);
            store.writer().sync();
            for (OutputFormat format : List.of(OutputFormat.W3C, OutputFormat.SPADE_JSON)) {
                try (OutputFeed feed = new OutputFeed(store.log(), new Views(Store.openForReading(folder.resolve("store"))), format, false,
                        Mark.at(store.log().start()), LiveGraph.MOST_ROWS)) {
                    feed.block(at -> true, (document, after) -> {
                        if (format == OutputFormat.W3C) {
                            documents.add(document.text());
                        } else {
                            document.text().lines().forEach(records::add);
                        }
                    });
                }
            }
        }
    }

    private static void refused(String because, Runnable what) {
        AssertionError error = assertThrows(AssertionError.class, what::run);
        assertTrue(error.getMessage().contains(because), error::getMessage);
    }

    @Test
    void shouldRefuseSpoiltDocuments() {
        refused("cause unknown", () -> new StrictConsumer().w3c(documents.get(1)));
        refused("again", () -> {
            StrictConsumer consumer = new StrictConsumer();
            consumer.w3c(documents.getFirst());
            consumer.w3c(documents.getFirst());
        });
        String first = documents.getFirst();
        assertThrows(RuntimeException.class, () -> new StrictConsumer().w3c(first.substring(0, first.length() - 1)));
        refused("version", () -> new StrictConsumer().w3c(first.replaceFirst("\"cf:version\":0", "\"cf:version\":7")));
        refused("is no text", () -> new StrictConsumer().w3c(first.replaceFirst("\"cf:jiffies\":\"[0-9]*\",", "")));
        refused("class of a node", () -> new StrictConsumer().w3c(first.replaceFirst("\"agent\":", "\"activity2\":")
                .replaceFirst("\"activity\":", "\"agent\":").replaceFirst("\"activity2\":", "\"activity\":")
                .replaceFirst("^(.*?), \"agent\":(\\{.*?}}), \"activity\":(\\{.*?}}), \"entity\"", "$1, \"activity\":$3, \"agent\":$2, \"entity\"")));
    }

    @Test
    void shouldRefuseSpoiltRecords() {
        StrictConsumer consumer = new StrictConsumer();
        refused("unknown", () -> records.forEach(record -> {
            if (!record.contains("\"object_type\":\"argv\"")) {
                consumer.spade(record + "\n");
            }
        }));
        StrictConsumer whole = new StrictConsumer();
        records.forEach(record -> whole.spade(record + "\n"));
        whole.acyclic();
        List<String> edges = records.stream().filter(record -> record.contains("\"from\":")).toList();
        refused("again", () -> whole.spade(edges.getLast() + "\n"));
        whole.mayRepeat();
        List<String> ranOn = edges.stream().filter(record -> record.contains("\"relation_type\":\"ran_on\"")).limit(2).toList();
        String other = ranOn.getLast().replaceFirst(".*(\"from\":\"[^\"]*\").*", "$1");
        refused("changed", () -> whole.spade(ranOn.getFirst().replaceFirst("\"from\":\"[^\"]*\"", other) + "\n"));
    }

    @Test
    void shouldTakeNoPositionThatIsNotWhole() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UUID id;
        Mark mark;
        try (Store store = Store.openForWriting(folder.resolve("store"), "test")) {
            id = store.log().store();
            mark = new Mark(store.log().scan(store.log().start()), 17, 4);
        }
        String text = new PositionFile(folder, "x", id).text(mark, "");
        assertEquals(mark, PositionFile.parse(text, id));
        assertEquals(null, PositionFile.parse(text, UUID.randomUUID()));
        for (int i = 0; i < 5_000; i++) {
            StringBuilder spoilt = new StringBuilder(text);
            for (int j = random.nextInt(4); j >= 0; j--) {
                spoilt.setCharAt(random.nextInt(spoilt.length()), (char) random.nextInt(256));
            }
            spoilt.setLength(1 + random.nextInt(spoilt.length()));
            Mark read = PositionFile.parse(spoilt.toString(), id);
            assertTrue(read == null || read.edge() >= 0 && read.position().offset() >= 0, () -> "seed=" + seed);
        }
    }
}
