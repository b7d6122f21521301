// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.outputs.Outputs;
import headwater.recorders.DocExamples;
import headwater.recorders.KeptGraph;
import headwater.recorders.LongStore;
import headwater.recorders.RecorderSpec;
import headwater.recorders.Recorders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DuckDB reads out of the files is what the store holds. */
class ParquetRecorderTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private Path files;
    private LongStore store;

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        files = folder.resolve("parquet");
        store = new LongStore(path, 3);
    }

    @AfterEach
    void end() {
        store.close();
    }

    private Recorders start(String... settings) {
        Map<String, String> all = new java.util.HashMap<>(Map.of("path", files.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return Recorders.start(path, List.of(new RecorderSpec("parquet", "parquet", all)),
                Outputs.durable(store.store().writer()),
                said::add);
    }

    private String table(String name) {
        return "read_parquet('" + files + "/" + name + "/*/*.parquet')";
    }

    private static List<String> ask(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                Object[] fields = new Object[columns];
                for (int i = 0; i < columns; i++) {
                    fields[i] = result.getObject(i + 1);
                }
                rows.add(KeptGraph.row(fields));
            }
        }
        return rows;
    }

    private void assertKept() throws SQLException {
        KeptGraph want = KeptGraph.of(path);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            KeptGraph.assertSame("nodes", want.nodes(),
                    ask(duck, "select node, object, version, kind, epoch_ns(time) from "
                    + table("nodes") + " order by node"));
            KeptGraph.assertSame("edges", want.edges(),
                    ask(duck, "select edge, relation, cause, effect, epoch_ns(time), task, flags,"
                    + " \"offset\" from " + table("edges") + " order by edge"));
            KeptGraph.assertSame("attributes", want.attributes(),
                    ask(duck, "select object, attribute, epoch_ns(time), number,"
                    + " lower(hex(coalesce(bytes, encode(text)))) from " + table("attributes") + " order by sequence"));
            KeptGraph.assertSame("sessions", want.sessions(),
                    ask(duck, "select session, max(epoch_ns(time)) filter (event = 'start'),"
                    + " max(epoch_ns(time)) filter (event = 'end') from " + table("sessions")
                    + " group by session order by session"));
            if (!want.gaps().isEmpty()) {
                KeptGraph.assertSame("gaps", want.gaps().stream().map(gap -> gap.toLowerCase(Locale.ROOT)).toList(),
                        ask(duck,
                        "select cause, kind, cpu, epoch_ns(from_time), epoch_ns(to_time), count from " + table("gaps")
                        + " order by sequence"));
            }
        }
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> found = Files.walk(files)) {
            return found.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
        }
    }

    @Test
    void shouldHaveEverythingOnceThoughItIsKilledBetweenAnyTwoSteps() throws Exception {
        try (Recorders recorders = start("rows", "3000", "seconds", "0")) {
            store.grow(5_000, 10);
            store.turn();
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        String manifest = Files.readString(files.resolve("manifest.jsonl"));
        List<Path> before = all();
        try (Recorders recorders = start("rows", "3000", "seconds", "0")) {
            store.grow(5_000, 10);
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        // Killed after the files were put in place and in the middle of the manifest's line; another was half written
        // beside.
        assertTrue(all().size() > before.size());
        Files.writeString(files.resolve("manifest.jsonl"), manifest + "{\"store\":\"");
        Files.write(files.resolve("_new/edges.parquet"), new byte[] {'P', 'A', 'R', '1', 0}, StandardOpenOption.CREATE);
        try (Recorders recorders = start("rows", "3000", "seconds", "0")) {
            store.end();
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        assertKept();
        assertEquals(List.of(), said);
    }

    @Test
    void shouldWaitForRowsAndWriteWhatItHasWhenItIsStopped() throws Exception {
        try (Recorders recorders = start()) {
            store.grow(2_000, 4);
            Thread.sleep(800);
            assertTrue(recorders.status().getFirst().behind() > 2_000);
        }
        assertEquals(4, all().size(), () -> "one file for each table that has rows");
        assertKept();
    }

    @Test
    void shouldAnswerARecursiveQuery() throws Exception {
        store.grow(1_500, 3);
        store.end();
        try (Recorders recorders = start()) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        KeptGraph graph = KeptGraph.of(path);
        long start = graph.nodes().size() - 1;
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            List<String> is = ask(duck, "with recursive walk(node) as (select " + start
                    + " union select e.cause from walk join "
                    + table("edges")
                    + " e on e.effect = walk.node where not e.telling) select node from walk where node <> " + start
                    + " order by node");
            assertEquals(ancestors(graph, start).stream().map(String::valueOf).toList(), is);
            assertTrue(is.size() > 3, is.toString());
            // Folders are columns, and a filter on one leaves files unread.
            assertEquals(List.of("2026-11-20|" + graph.edges().size()),
                    ask(duck, "select cast(day as varchar), count(*) from read_parquet('"
                    + files + "/edges/*/*.parquet', hive_partitioning = true) group by day"));
            for (String example : DocExamples.of("recorders-parquet.md", "duckdb")) {
                assertTrue(ask(duck, example.replace("read_parquet('", "read_parquet('" + files + "/")).size() > 2,
                        example);
            }
        }
    }

    private static TreeSet<Long> ancestors(KeptGraph graph, long start) {
        TreeSet<Long> seen = new TreeSet<>(List.of(start));
        ArrayDeque<Long> queue = new ArrayDeque<>(seen);
        List<String> telling = List.of("ran_on", "open", "accept", "signal", "exit_status", "proc_read", "file_rcv",
                "ptrace_attach_task",
                "ptrace_traceme");
        while (!queue.isEmpty()) {
            String effect = queue.remove().toString();
            for (String edge : graph.edges()) {
                String[] fields = edge.split("\\|");
                if (fields[3].equals(effect) && !telling.contains(fields[1]) && seen.add(Long.valueOf(fields[2]))) {
                    queue.add(Long.valueOf(fields[2]));
                }
            }
        }
        seen.remove(start);
        return seen;
    }

    @Test
    void shouldRefuseAFolderOfAnotherStore() throws Exception {
        try (Recorders recorders = start()) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        Path otherPath = folder.resolve("other");
        try (LongStore other = new LongStore(otherPath, 4); Recorders recorders = Recorders.start(otherPath,
                List.of(new RecorderSpec("x",
                "parquet", Map.of("path", files.toString()))), position -> true, said::add)) {
            for (int i = 0; i < 1000 && recorders.status().getFirst().lastError().isEmpty(); i++) {
                Thread.sleep(10);
            }
            assertTrue(recorders.status().getFirst().lastError().contains("files of another store"),
                    recorders.status().toString());
            assertTrue(other.nodes() > 0);
        }
        assertKept();
    }
}
