// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.GraphView;
import headwater.outputs.OutputStatus;
import headwater.outputs.Outputs;
import headwater.recorders.DocExamples;
import headwater.recorders.KeptGraph;
import headwater.recorders.LongStore;
import headwater.recorders.RecorderSpec;
import headwater.recorders.Recorders;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server, asked by psql; it and the recorder are killed in the middle. */
class PostgresqlRecorderTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static Server server;
    private static int schemas;

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private LongStore store;
    private String schema;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = new Server();
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = new LongStore(path, 3);
        schema = "headwater_" + ++schemas;
    }

    @AfterEach
    void end() {
        store.close();
    }

    private RecorderSpec spec(String name) {
        return new RecorderSpec(name, "postgresql", Map.of("address", server.socketFolder(), "database", "postgres",
                "user", "postgres",
                "schema", schema));
    }

    private Recorders start(String... names) {
        return Recorders.start(path, List.of(names).stream().map(this::spec).toList(),
                Outputs.durable(store.store().writer()), said::add);
    }

    private List<String> psql(String sql) throws IOException, InterruptedException {
        return server.psql("set search_path to " + schema + "; " + sql);
    }

    private void assertKept() throws IOException, InterruptedException {
        KeptGraph want = KeptGraph.of(path);
        KeptGraph.assertSame("sessions", want.sessions(),
                psql("select number, start_ns, end_ns from session order by 1"));
        KeptGraph.assertSame("nodes", want.nodes(),
                psql("select node, object, version, kind, time_ns from versions order by 1"));
        KeptGraph.assertSame("edges", want.edges(),
                psql("select edge, relation, cause, effect, time_ns, task, flags, \"offset\" from flows order by 1"));
        KeptGraph.assertSame("attributes", want.attributes(), psql("select a.object, k.attribute, time_ns, number, "
                + "encode(coalesce(bytes, convert_to(text, 'UTF8')), 'hex') from attribute a join attribute_kind k on code = a.attribute"
                + " order by sequence"));
        KeptGraph.assertSame("gaps", want.gaps().stream().map(gap -> gap.toLowerCase(Locale.ROOT)).toList(),
                psql("select cause, kind, cpu, from_ns, to_ns, count from gap order by gap"));
    }

    @Test
    void shouldHaveEverythingOnceThoughServerAndRecorderAreKilled() throws IOException, InterruptedException {
        for (int round = 0; round < 2; round++) {
            try (Recorders recorders = start("postgresql")) {
                store.grow(6_000, 12);
                if (round == 1) {
                    store.turn();
                }
                server.kill();
                store.grow(4_000, 8);
                assertTrue(recorders.status().getFirst().behind() > 0);
                server.start();
                if (round == 1) {
                    store.end();
                    assertTrue(recorders.await(LONG), () -> recorders.status().toString());
                }
            }
        }
        assertKept();
        assertFalse(said.isEmpty(), "a dead server is told of");
    }

    @Test
    void shouldLetOnlyOneOfTwoRecordersCommitEachBlock() throws IOException, InterruptedException {
        try (Recorders recorders = start("first", "second")) {
            store.grow(10_000, 40);
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        assertKept();
    }

    @Test
    void shouldRefuseTheSchemaOfAnotherStore() throws IOException, InterruptedException {
        try (Recorders recorders = start("postgresql")) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        try (LongStore other = new LongStore(folder.resolve("other"), 9);
                Recorders recorders = Recorders.start(folder.resolve("other"), List.of(spec("x")), position -> true,
                        said::add)) {
            for (int i = 0; i < 1000 && recorders.status().getFirst().state() != OutputStatus.State.RETRYING; i++) {
                Thread.sleep(10);
            }
            assertTrue(recorders.status().getFirst().lastError().contains("schema of another store"),
                    recorders.status().toString());
            assertTrue(other.nodes() > 0);
        }
        assertKept();
    }

    @Test
    void shouldAnswerInSql() throws IOException, InterruptedException {
        store.grow(3_000, 3);
        store.end();
        try (Recorders recorders = start("postgresql")) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        try (Store read = Store.openForReading(path); GraphView view = read.view()) {
            for (long node : new long[] {view.nodes() - 1, view.nodes() / 2, view.nodes() / 3}) {
                assertEquals(reached(view, node, true, false), numbers("select node from ancestors(" + node + ")"));
                assertEquals(reached(view, node, true, true), numbers("select node from ancestors(" + node
                        + ", telling => true)"));
                assertEquals(reached(view, node, false, false), numbers("select node from descendants(" + node + ")"));
            }
        }
        String file = psql("select name from file where name ~ '^/srv/data/[0-9]+$' limit 1").getFirst();
        assertEquals(List.of("t"), psql("select count(*) > 0 from objects('" + file + "')"));
        assertEquals(psql("select node from ancestor_nodes(array(select node from node where object in (select objects('" + file
                + "')))) as a(node) order by 1"), psql("select node from ancestors('" + file + "')"));
        assertEquals(psql("select count(distinct object) from attribute where attribute in (40, 41) and text like '/srv/data/1%'"),
                psql("select count(*) from objects_under('/srv/data/1')"));
        assertEquals(List.of("0"), psql("select count(*) from objects_under('/srv/data_')"));
        // Each of CamFlow's words is a view.
        assertEquals(psql("select count(*) from edge e join relation_kind r on code = e.relation where r.relation = 'read'"),
                psql("select count(*) from used where relation = 'read'"));
        assertEquals(psql("select count(*) from node n join node_kind k on code = n.kind where k.class = 'activity'"),
                psql("select count(*) from activity"));
        assertEquals(List.of("2026-11-20 10:00:00.001+00"), server.psql("set timezone to utc; select " + schema
                + ".at(start_ns) from " + schema + ".session order by number limit 1"));
        List<Integer> rows = new ArrayList<>();
        for (String example : DocExamples.of("recorders-postgresql.md", "sql")) {
            rows.add(psql(example.replace("/etc/passwd", file).replace("/srv/data/7", file)).size());
        }
        // All but the list of gaps, of which there are none.
        assertEquals(List.of(true, true, true, true, false), rows.stream().map(count -> count > 0).toList(),
                rows::toString);
        assertTrue(psql("explain (costs off) select * from edge where effect = 5").stream()
                .anyMatch(line -> line.contains("Index")));
    }

    private List<Long> numbers(String sql) throws IOException, InterruptedException {
        return psql(sql).stream().map(Long::valueOf).toList();
    }

    /** A walk over the store's own index. */
    private static List<Long> reached(GraphView view, long start, boolean causes, boolean telling) {
        TreeSet<Long> seen = new TreeSet<>(List.of(start));
        ArrayDeque<Long> queue = new ArrayDeque<>(seen);
        while (!queue.isEmpty()) {
            GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
                if ((telling || !relation.isTelling()) && seen.add(other)) {
                    queue.add(other);
                }
                return true;
            };
            if (causes) {
                view.causes(queue.remove(), visitor);
            } else {
                view.effects(queue.remove(), visitor);
            }
        }
        seen.remove(start);
        return List.copyOf(seen);
    }

    @Test
    void shouldSayWhatIsWrong() throws InterruptedException {
        assertEquals("recorder x: not a name for a schema: schema=A b, want small letters, digits and _",
                assertThrows(IllegalArgumentException.class, () -> new PostgresqlDriver()
                .recorder(new RecorderSpec("x", "postgresql",
                        Map.of("schema", "A b")))).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new PostgresqlDriver()
                .recorder(new RecorderSpec("x", "postgresql",
                Map.of("address", "host:port:x"))));
        RecorderSpec nowhere = new RecorderSpec("x", "postgresql", Map.of("address", folder.toString()));
        try (Recorders recorders = Recorders.start(path, List.of(nowhere), position -> true, said::add)) {
            for (int i = 0; i < 1000 && recorders.status().getFirst().lastError().isEmpty(); i++) {
                Thread.sleep(10);
            }
            assertTrue(recorders.status().getFirst().lastError().contains("socket=" + folder.resolve(".s.PGSQL.5432")),
                    recorders.status().toString());
        }
    }
}
