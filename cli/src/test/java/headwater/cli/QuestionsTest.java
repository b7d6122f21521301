// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.query.FileNow;
import headwater.query.Scene;
import headwater.store.Store;
import headwater.store.log.LogWriter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The question verbs with their filters, the query language, runs and diff, on the command line. */
class QuestionsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path store;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final GraphView graph = Scene.pipeline().end().graph();
    private GraphSource source = path -> graph;

    private int run(String... arguments) {
        out.reset();
        err.reset();
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        Context context = new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HEADWATER_STORE", store.toString()), CLOCK,
                source, nothing);
        return Main.run(arguments, context);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldAnswerAQuery() {
        assertEquals(0, run("query", "MATCH (p:task)-[:read]->(f:file {path: '/etc/passwd'}) RETURN p.command, p.pid"),
                this::err);
        assertEquals("p.command  p.pid\nsort       102\n\ncomplete: nothing was lost; 1 row\n", out());
        assertEquals(0,
                run("query", "--json", "MATCH (p:task)-[:read]->(f:file {path: '/etc/passwd'}) RETURN p.command, f"),
                this::err);
        assertTrue(out().startsWith("{\"p.command\":\"sort\",\"f\":{\"id\":\"hw:"), out());
        assertTrue(out()
                .endsWith("\n{\"end\":{\"rows\":1,\"complete\":true,\"stopped\":[],\"notes\":[],\"gaps\":[]}}\n"),
                out());
        assertEquals(1, run("query", "MATCH (p:task)-[:read]->(f:file {path: '/nowhere'}) RETURN p"));
        assertTrue(out().startsWith("No rows."), out());
        assertEquals(0,
                run("query", "--format", "dot", "MATCH w = (f:file {path: '/tmp/p.gz'})-[:write]->(p:task) RETURN w"),
                this::err);
        assertTrue(out().startsWith("digraph") && out().contains("p.gz"), out());
        assertEquals(0, run("query", "--limit", "2", "MATCH (f:file) RETURN f.path"), this::err);
        assertTrue(out().contains("note: stopped at 2 rows (--limit): there are more"), out());
        assertEquals(2, run("query", "MATCH (f:fil) RETURN f"));
        assertEquals("headwater: query: unknown kind of node: fil, did you mean file? (column 10)\n  MATCH (f:fil) RETURN f\n           ^\n", err());
    }

    @Test
    void shouldShowAndFollowWhatIsAskedFor() {
        assertEquals(0, run("ancestors", "/tmp/p.gz", "--path", "/etc/**"), this::err);
        assertTrue(out().contains("/etc/passwd") && !out().contains("libc.so.6"), out());
        assertEquals(0, run("ancestors", "/tmp/p.gz", "--where", "basename == 'passwd'", "--json"), this::err);
        assertTrue(out().contains("\"where\":\"basename == 'passwd'\""), out());
        assertEquals(0, run("ancestors", "/tmp/p.gz", "--user", "1000", "--kind", "file"), this::err);
        assertTrue(out().contains("/etc/passwd"), out());
        assertEquals(0, run("ancestors", "/tmp/p.gz", "--follow", "cause.kind != 'pipe'"), this::err);
        assertFalse(out().contains("sort /etc/passwd [102]"), out());
        assertTrue(out().contains("note: did not follow 1 flows (--follow)"), out());
        assertEquals(2, run("ancestors", "/tmp/p.gz", "--where", "pth == 'x'"));
        assertTrue(err().contains("--where: unknown name: pth, did you mean path? (column 1)"), err());
        assertEquals(2, run("ancestors", "/tmp/p.gz", "--time-limit", "soon"));
        assertTrue(err().contains("not a duration: --time-limit=soon"), err());
        assertEquals(0, run("explain", "/etc/passwd", "/tmp/p.gz", "--all"), this::err);
        assertTrue(out().contains("1. 5 flows, ") || out().contains("1. 6 flows, ") || out().contains("1. 4 flows, "),
                out());
        assertEquals(0, run("export", "--json", "--where", "kind == 'file'"), this::err);
        assertTrue(out().contains("\"kind\":\"file\"") && !out().contains("\"kind\":\"task\""), out());
    }

    @Test
    void shouldAnswerAsOfATimeAndCompareRuns() {
        try (Store made = Store.openForWriting(store, "test")) {
            LogWriter log = made.writer();
            long t0 = Scene.T0;
            log.sessionStart(new Session(1, "boot", 1, 1, "trace", "tree", "first", t0, 0));
            log.node(0, 0, 0, NodeKind.FILE, t0 + 10);
            name(log, 0, "/old", t0 + 10);
            log.node(1, 1, 0, NodeKind.TASK, t0 + 20);
            log.edge(0, Relation.READ, 0, 1, t0 + 30, 1, 4, 0);
            log.sessionEnd(t0 + 1_000_000_000L);
            log.sync();
            long t1 = t0 + 3_600_000_000_000L;
            log.sessionStart(new Session(2, "boot", 1, 1, "trace", "tree", "second", t1, 0));
            name(log, 0, "/new", t1 + 10);
            log.node(2, 2, 0, NodeKind.TASK, t1 + 20);
            log.node(3, 3, 0, NodeKind.FILE, t1 + 20);
            name(log, 3, "/more", t1 + 20);
            log.edge(1, Relation.READ, 0, 2, t1 + 30, 2, 4, 0);
            log.edge(2, Relation.READ, 3, 2, t1 + 40, 2, 4, 0);
            log.sessionEnd(t1 + 1_000_000_000L);
        }
        source = new StoreBinding();
        assertEquals(0, run("descendants", "/old", "--as-of", "2026-11-20T10:30:00Z"), this::err);
        assertTrue(out().startsWith("/old  file, 1 version") && out().contains("note: as it was known at ")
                && out().contains("2 nodes, 1 edge"), out());
        assertEquals(1, run("descendants", "/new", "--as-of", "2026-11-20T10:30:00Z"));
        assertEquals(0, run("descendants", "/new"), this::err);
        assertTrue(out().contains("3 nodes, 2 edges"), out());
        assertEquals(1, run("descendants", "/old", "--as-of", "2026-11-20T09:00:00Z"));
        assertEquals(0, run("runs", "--json"), this::err);
        assertEquals(2, out().lines().count(), out());
        assertEquals(0, run("runs"), this::err);
        assertTrue(out().contains("first") && out().contains("second"), out());
        assertEquals(0, run("diff", "1", "last"), this::err);
        assertTrue(out().contains("\nRead\n+ /more\n")
                && out().contains("only the first: 0, only the second: 1, both: 1"), out());
        assertEquals(1, run("diff", "last", store + ":2"), this::err);
        assertTrue(out().contains("Both did the same."), out());
        assertEquals(1, run("diff", "last~5", "1"));
        assertTrue(err().contains("there is no such run: run=last~5, runs=1 to 2"), err());
        assertEquals(2, run("diff", "yesterday", "1"));
    }

    private static void name(LogWriter log, long object, String name, long timeNs) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        log.attribute(object, Attribute.NAME, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }
}
