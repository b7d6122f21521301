// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.neo4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.outputs.Outputs;
import headwater.recorders.DocExamples;
import headwater.recorders.KeptGraph;
import headwater.recorders.LongStore;
import headwater.recorders.RecorderSpec;
import headwater.recorders.Recorders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Record;
import org.neo4j.driver.types.Node;

/** Against a real server, asked in Cypher over Bolt; it and the recorder are killed in the middle. */
class Neo4jRecorderTest {
    private static final Duration LONG = Duration.ofSeconds(150);

    @TempDir
    static Path serverFolder;

    private static Server server;

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private LongStore store;
    private String id;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = new Server(serverFolder);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.kill();
        }
    }

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = new LongStore(path, 3);
        id = store.store().log().store().toString();
    }

    @AfterEach
    void end() {
        store.close();
    }

    private Recorders start(String... names) {
        return Recorders.start(path, List.of(names).stream()
                .map(name -> new RecorderSpec(name, "neo4j", Map.of("address",
                server.address()))).toList(), Outputs.durable(store.store().writer()), said::add);
    }

    private List<Record> ask(String cypher, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("store", id);
        try (Driver driver = server.driver()) {
            return driver.executableQuery(cypher).withParameters(all).execute().records();
        }
    }

    private List<String> rows(String cypher) {
        return ask(cypher, Map.of()).stream()
                .map(record -> KeptGraph.row(record.values().stream().map(value -> value.isNull() ? null
                : value.asObject()).toArray())).toList();
    }

    private void assertKept() {
        KeptGraph want = KeptGraph.of(path);
        KeptGraph.assertSame("nodes", want.nodes(),
                rows("MATCH (o:Object {store: $store})-[:HAS_VERSION]->(v:Version) WHERE o.kind IN labels(v)"
                + " RETURN v.node, v.object, v.version, o.kind, v.time ORDER BY v.node"));
        KeptGraph.assertSame("edges", want.edges(),
                rows("MATCH (e:Version {store: $store})-[r]->(c:Version) RETURN r.edge, type(r), c.node,"
                + " e.node, r.time, r.task, r.flags, r.offset ORDER BY r.edge"));
        KeptGraph.assertSame("sessions", want.sessions(),
                rows("MATCH (s:Session {store: $store}) RETURN s.number, s.start, s.end"
                + " ORDER BY s.number"));
        KeptGraph.assertSame("gaps", want.gaps().stream().map(gap -> gap.toLowerCase(Locale.ROOT)).toList(),
                rows("MATCH (g:Gap {store: $store}) RETURN g.cause, g.kind, g.cpu, g.from, g.to, g.count ORDER BY g.gap"));
        assertEquals(newest(want), values());
    }

    /** The newest value of each attribute of each object: numbers, or bytes in hexadecimal. */
    private static Map<Long, Map<String, String>> newest(KeptGraph graph) {
        Map<Long, Map<String, String>> all = new TreeMap<>();
        for (String row : graph.attributes()) {
            String[] fields = row.split("\\|", -1);
            all.computeIfAbsent(Long.valueOf(fields[0]), key -> new TreeMap<>()).put(fields[1], fields[3] + fields[4]);
        }
        return all;
    }

    private Map<Long, Map<String, String>> values() {
        Map<Long, Map<String, String>> all = new TreeMap<>();
        for (Record record : ask("MATCH (o:Object {store: $store}) RETURN o", Map.of())) {
            Node object = record.get("o").asNode();
            Map<String, String> values = new TreeMap<>();
            for (String key : object.keys()) {
                boolean own = List.of("store", "object", "kind").contains(key) || key.endsWith(GraphRows.BYTES);
                if (!own) {
                    Object value = object.containsKey(key + GraphRows.BYTES) ? object.get(key + GraphRows.BYTES)
                            .asByteArray()
                            : object.get(key).asObject();
                    values.put(key, value instanceof Long number ? number.toString()
                            : HexFormat.of().formatHex(value instanceof byte[] bytes
                            ? bytes : ((String) value).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                }
            }
            if (!values.isEmpty()) {
                all.put(object.get("object").asLong(), values);
            }
        }
        return all;
    }

    @Test
    void shouldHaveEverythingOnceThoughServerAndRecorderAreKilled() throws IOException, InterruptedException {
        try (Recorders recorders = start("neo4j")) {
            store.grow(1_500, 6);
            store.turn();
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
            store.grow(1_500, 6);
            Thread.sleep(300);
            server.kill();
            store.grow(1_000, 4);
            assertTrue(recorders.status().getFirst().behind() > 0);
        }
        server.start();
        try (Recorders recorders = start("first", "second")) {
            store.grow(1_000, 4);
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        assertKept();
    }

    @Test
    void shouldAnswerInCypher() throws IOException {
        store.grow(600, 2);
        store.end();
        try (Recorders recorders = start("neo4j")) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        KeptGraph graph = KeptGraph.of(path);
        long start = graph.nodes().size() - 1;
        List<Long> is = ask("MATCH (:Version {store: $store, node: $node})-[r*1.. {telling: false}]->(a) RETURN DISTINCT a.node AS node"
                + " ORDER BY node", Map.of("node", start)).stream().map(record -> record.get("node").asLong()).toList();
        assertEquals(List.copyOf(ancestors(graph, start)), is);
        assertTrue(is.size() > 2, is.toString());
        assertTrue(ask("MATCH (o:Object {store: $store}) WHERE o.name STARTS WITH '/srv/data/' RETURN count(o) AS count", Map.of())
                .getFirst().get("count").asLong() > 3);
        List<String> examples = DocExamples.of("recorders-neo4j.md", "cypher");
        assertEquals(3, examples.size());
        for (String example : examples.subList(0, 2)) {
            assertTrue(ask(example.replace("/srv/data/7", "/srv/data/"), Map.of()).size() > 2, example);
        }
        ask(examples.get(2), Map.of());
    }

    private static TreeSet<Long> ancestors(KeptGraph graph, long start) {
        TreeSet<Long> seen = new TreeSet<>(List.of(start));
        ArrayDeque<Long> queue = new ArrayDeque<>(seen);
        while (!queue.isEmpty()) {
            String effect = queue.remove().toString();
            for (String edge : graph.edges()) {
                String[] fields = edge.split("\\|");
                if (fields[3].equals(effect) && !fields[1].equals("ran_on") && seen.add(Long.valueOf(fields[2]))) {
                    queue.add(Long.valueOf(fields[2]));
                }
            }
        }
        seen.remove(start);
        return seen;
    }

    @Test
    void shouldSayWhatIsWrong() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Neo4jDriver()
                .recorder(new RecorderSpec("x", "neo4j",
                Map.of("address", "localhost:7687")))).getMessage().contains("want bolt://HOST:PORT"));
    }
}
