// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.RecorderKeys;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.query.FileNow;
import headwater.recorders.RecorderDriver;
import headwater.recorders.RecorderSpec;
import headwater.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordToVerbTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(arguments, new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HEADWATER_STORE", folder.resolve("store").toString()), Clock.systemUTC(), path -> {
                    throw new AssertionError("no index is needed");
                }, FileNow::onThisMachine));
    }

    private void store() {
        try (Store store = Store.openForWriting(folder.resolve("store"), "test")) {
            store.writer().sessionStart(new Session(1, "b", 1, 7, "trace", "system", "", 1_000_000_000L, 0));
            store.writer().node(0, 0, 0, NodeKind.FILE, 1_000_000_001L);
            store.writer().sessionEnd(1_000_000_002L);
            store.writer().sync();
        }
    }

    @Test
    void shouldRecordAStoreIntoFilesAndGoOnWhereItWas() throws IOException {
        store();
        String parquet = folder.resolve("parquet").toString();
        assertEquals(0, run("record-to", "parquet", "path=" + parquet), () -> err.toString(StandardCharsets.UTF_8));
        assertEquals("recorder parquet: caught up, behind by 0 records (0 blocks), 1 recorded\n",
                out.toString(StandardCharsets.UTF_8)
                .replaceFirst("(caught up|sending)", "caught up"));
        try (Stream<Path> files = Files.walk(Path.of(parquet, "nodes"))) {
            assertEquals(1, files.filter(Files::isRegularFile).count());
        }
        assertEquals(0, run("record-to", "--json", "parquet", "path=" + parquet));
        assertEquals("{\"kind\":\"parquet\",\"behind\":0,\"recorded\":0,\"blocks\":1}\n",
                out.toString(StandardCharsets.UTF_8));
        assertEquals(0, run("record-to", "gzip", "path=" + folder.resolve("prov")));
        assertTrue(Files.size(folder.resolve("prov/prov-000001.json.gz")) > 20);
    }

    @Test
    void shouldSayWhatIsWrong() {
        store();
        assertEquals(2, run("record-to", "postgres"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("did you mean postgresql?"),
                err.toString(StandardCharsets.UTF_8));
        assertEquals(2, run("record-to", "kafka"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("setting is missing: kind=kafka, key=address"));
        assertEquals(2, run("record-to", "gzip", "path"));
        assertEquals(2, run("record-to", "gzip", "path=/a", "path=/b"));
        assertEquals(2, run("record-to", "parquet", "path=/a", "row=3"));
        assertTrue(err.toString(StandardCharsets.UTF_8)
                .contains("unknown setting: kind=parquet, key=row, want one of path rows seconds"));
    }

    @Test
    void shouldShipEveryKindWithTheKeysThatTheConfigurationHas() {
        Map<String, String> addresses = Map.of("neo4j", "bolt://h:1", "kafka", "h:1", "postgresql", "h:1");
        Set<String> found = new TreeSet<>(Set.of("gzip", "spade"));
        for (RecorderDriver driver : ServiceLoader.load(RecorderDriver.class)) {
            found.add(driver.name());
            Map<String, String> all = new TreeMap<>();
            for (String key : RecorderKeys.of(driver.name())) {
                all.put(key, switch (key) {
                    case "address" -> addresses.get(driver.name());
                    case "partitions", "replication", "rows", "seconds" -> "1";
                    default -> "word";
                });
            }
            driver.recorder(new RecorderSpec("x", driver.name(), all)).close();
        }
        assertEquals(new TreeSet<>(RecorderKeys.kinds()), found);
    }
}
