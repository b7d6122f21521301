// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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
    void shouldRefuseWhatAReaderOfLinesCannotTake() {
        String first = documents.getFirst();
        assertThrows(AssertionError.class, () -> new StrictConsumer().w3c(""));
        refused("control character", () -> new StrictConsumer().w3c(first.replaceFirst("\"cf:u_nodename\":\"", "$0\t")));
        refused("half a character", () -> new StrictConsumer().w3c(first.replaceFirst("\"cf:u_nodename\":\"", "$0\ud800")));
        refused("cf:flags is no text", () -> new StrictConsumer().w3c(first.replaceAll("\"cf:flags\":\"([0-9]+)\"", "\"cf:flags\":$1")));
        String files = documents.stream().filter(document -> document.contains("\"cf:mode\":")).findFirst().orElseThrow();
        refused("cf:mode is no text", () -> new StrictConsumer().w3c(files.replaceAll("\"cf:mode\":\"0x[0-9a-f]*\"", "\"cf:mode\":1")));
        String task = records.stream().filter(record -> record.contains("\"object_type\":\"task\"")).findFirst().orElseThrow();
        refused("pid is of the other type", () -> new StrictConsumer().spade(task.replaceFirst("\"pid\":([0-9]*)", "\"pid\":\"$1\"") + "\n"));
        refused("utime is of the other type", () -> new StrictConsumer().spade(task.replaceFirst("\"utime\":\"0\"", "\"utime\":0") + "\n"));
    }

    /** SPADE forgets each vertex as soon as the edge that it came with has come, and no edge waits. */
    @Test
    void shouldLeaveNothingInSpade() {
        StrictConsumer consumer = new StrictConsumer();
        records.forEach(record -> consumer.spade(record + "\n"));
        assertEquals(0, consumer.waited());
        Set<String> named = new HashSet<>();
        records.stream().filter(record -> record.contains("\"from\":")).forEach(record -> {
            named.add(record.replaceFirst(".*\"from\":\"([^\"]*)\".*", "$1"));
            named.add(record.replaceFirst(".*\"to\":\"([^\"]*)\".*", "$1"));
        });
        assertEquals(Set.of(), consumer.held().stream().filter(named::contains).collect(Collectors.toSet()));
        String vertex = records.getFirst();
        consumer.spade(vertex + "\n");
        assertTrue(consumer.held().contains(vertex.replaceFirst(".*?\"id\":\"([^\"]*)\".*", "$1")));
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
