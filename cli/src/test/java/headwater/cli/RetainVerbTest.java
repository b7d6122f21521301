// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.query.FileNow;
import headwater.store.SmallSegments;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headwater retain}, and what the question verbs say of a store whose beginning was dropped. */
class RetainVerbTest {
    private static final long DAY = 86_400_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final long NOW_NS = NOW.getEpochSecond() * 1_000_000_000L;

    @TempDir
    Path store;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /**
     * Ten days ago /secret was read by a process, which wrote /stage. Since yesterday a second one has read /stage and /lib, which was met ten
     * days ago but is only read, and has written /out; a third has read /fresh, and written /clean.
     */
    @BeforeEach
    void record() {
        long old = NOW_NS - 10 * DAY;
        long late = NOW_NS - DAY;
        try (Store made = SmallSegments.open(store, 900)) {
            LogWriter log = made.writer();
            log.sessionStart(new Session(1, "boot", 1, 1, "trace", "system", "", old, 0));
            file(log, 0, 0, "/secret", old);
            log.node(1, 1, 0, NodeKind.TASK, old);
            log.edge(0, Relation.READ, 0, 1, old, 1, 0, 0);
            file(log, 2, 2, "/stage", old);
            log.edge(1, Relation.WRITE, 1, 2, old, 1, 0, 0);
            file(log, 3, 3, "/lib", old);
            log.edge(2, Relation.READ, 3, 1, old, 1, 0, 0);
            file(log, 4, 4, "/temporary", old);
            log.attribute(4, Attribute.DELETED, 1, old);
            log.sync();
            fill(made, old);
            log.node(5, 5, 0, NodeKind.TASK, late);
            log.edge(3, Relation.READ, 2, 5, late, 5, 0, 0);
            log.edge(4, Relation.READ, 3, 5, late, 5, 0, 0);
            file(log, 6, 6, "/out", late);
            log.edge(5, Relation.WRITE, 5, 6, late, 5, 0, 0);
            file(log, 7, 7, "/fresh", late);
            log.node(8, 8, 0, NodeKind.TASK, late);
            log.edge(6, Relation.READ, 7, 8, late, 8, 0, 0);
            log.edge(7, Relation.READ, 3, 8, late, 8, 0, 0);
            file(log, 9, 9, "/clean", late);
            log.edge(8, Relation.WRITE, 8, 9, late, 8, 0, 0);
            log.sync();
            fill(made, late);
            log.sessionEnd(late + 1);
            log.sync();
        }
    }

    /** Blocks enough to end a segment. */
    private static void fill(Store made, long timeNs) {
        for (int i = 0; i < 6; i++) {
            made.writer().attribute(3, Attribute.SIZE, i, timeNs);
            made.writer().sync();
            made.sealer().work();
        }
    }

    private static void file(LogWriter log, long node, long object, String name, long timeNs) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        log.node(node, object, 0, NodeKind.FILE, timeNs);
        log.attribute(object, Attribute.NAME, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        Context context = new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of("HEADWATER_STORE", store.toString()),
                Clock.fixed(NOW, ZoneOffset.UTC), new StoreBinding(), nothing);
        return Main.run(arguments, context);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void drop() {
        assertEquals(0, run("retain", "--age", "5d"), this::err);
        assertTrue(out().startsWith("dropped ") && out().contains("all up to 2026-11-10T12:00:00Z (statement 0, signed)"), out());
    }

    @Test
    void shouldDropOnceAndSayWhat() {
        assertEquals(0, run("retain", "--age", "5d", "--dry-run"), this::err);
        assertTrue(out().startsWith("would drop "), out());
        assertEquals(1, run("retain", "--age", "30d"), this::err);
        assertEquals("nothing to drop\n", out());
        drop();
        assertEquals(1, run("retain", "--age", "5d"), this::err);
        assertEquals(0, run("verify"), this::err);
        assertTrue(out().contains("whole and signed") && out().contains("dropped, as signed: segments 1 to "), out());
        assertEquals(0, run("verify", "--json"), this::err);
        assertTrue(out().contains("\"dropped\":{\"segments\":"), out());
        assertEquals(2, run("retain"));
        assertTrue(err().contains("nothing says what to keep"), err());
        assertEquals(2, run("retain", "--age", "soon"));
        assertTrue(err().contains("not a retention age: age=soon"), err());
        assertEquals(2, run("retain", "--size", "9999999999999T"));
        assertTrue(err().contains("too large"), err());
    }

    @Test
    void shouldKeepWhatIsImportantForLonger() {
        String[] secret = {"retain", "--age", "5d", "--dry-run", "--important", "path == \"/secret\"", "--important", "path == \"/none\""};
        assertEquals(1, run(secret), this::err);
        assertEquals("nothing to drop; segment 1 is as old, but it and all after it stay for what is important: hw:0, /secret\n", out());
        assertEquals(1, run("retain", "--age", "5d", "--json", "--important", "path == \"/secret\"", "--important-age", "1y"), this::err);
        assertTrue(out().contains("\"dropped\":false") && out().contains("\"segments\":0"), out());
        assertTrue(out().contains("\"pinned\":{\"segment\":1,\"id\":\"hw:0\",\"label\":\"/secret\",\"until\":\"2027-11-10T12:00:00Z\"}"), out());
        assertEquals(0, run("ancestors", "/out"), this::err);
        assertTrue(out().contains("/secret"), out());
        // What is large goes, important or not.
        assertEquals(0, run("retain", "--age", "5d", "--size", "0", "--dry-run", "--important", "path == \"/secret\""), this::err);
        assertTrue(out().startsWith("would drop "), out());
        assertEquals(0, run("retain", "--age", "5d", "--important", "path == \"/secret\"", "--important-age", "9d"), this::err);
        assertTrue(out().startsWith("dropped ") && !out().contains("important"), out());
    }

    @Test
    void shouldRefuseWhatCannotBeMeant() {
        assertEquals(2, run("retain", "--age", "5d", "--important", "pth == 1"));
        assertTrue(err().contains("--important: ") && err().contains("pth == 1") && err().contains("path"), err());
        assertEquals(2, run("retain", "--age", "5d", "--important", "uid"));
        assertTrue(err().contains("--important: "), err());
        assertEquals(2, run("retain", "--size", "5G", "--important", "disclosed"));
        assertTrue(err().contains("give --age too"), err());
        assertEquals(2, run("retain", "--age", "5d", "--important-age", "1y"));
        assertTrue(err().contains("nothing says what is important"), err());
        assertEquals(2, run("retain", "--age", "5d", "--important", "disclosed", "--important-age", "long"));
        assertTrue(err().contains("not a retention age: age=long"), err());
    }

    @Test
    void shouldSayWhenAnAnswerReachesIntoDroppedTime() {
        assertEquals(0, run("ancestors", "/out"), this::err);
        assertTrue(out().contains("/secret") && out().contains("complete: nothing was lost"), out());
        drop();
        assertEquals(0, run("ancestors", "/out"), this::err);
        assertTrue(out().contains("/stage") && out().contains("/lib") && !out().contains("/secret"), out());
        assertTrue(out().contains("dropped: retention has dropped all up to 2026-11-10 ") && out().contains("at 1 node: /stage"), out());
        assertTrue(out().contains("incomplete: it reaches into dropped time"), out());
        assertEquals(0, run("ancestors", "/out", "--json"), this::err);
        assertTrue(out().contains("\"complete\":false") && out().contains("\"count\":1,\"frontier\":[\"hw:2@0\"]"), out());
        // /lib is as old, but nothing ever flowed into it: the answer lacks nothing.
        assertEquals(0, run("ancestors", "/clean"), this::err);
        assertTrue(out().contains("/lib") && out().contains("complete: nothing was lost"), out());
        assertEquals(0, run("ancestors", "/out", "--since", "2026-11-15"), this::err);
        assertFalse(out().contains("dropped:"), out());
        assertEquals(0, run("descendants", "/lib", "--json"), this::err);
        assertTrue(out().contains("\"complete\":false") && out().contains("frontier"), out());
        assertEquals(0, run("descendants", "/fresh", "--json"), this::err);
        assertTrue(out().contains("\"complete\":true"), out());
        assertEquals(0, run("report", "/lib"), this::err);
        assertTrue(out().contains("dropped: "), out());
        assertEquals(0, run("explain", "/stage", "/out"), this::err);
        run("explain", "/lib", "/fresh");
        assertTrue(out().contains("dropped: "), out());
        assertEquals(0, run("query", "MATCH (f:file) RETURN f.path"), this::err);
        assertTrue(out().contains("/lib") && out().contains("incomplete: part of the record was dropped"), out());
        assertFalse(out().contains("/temporary"), out());
        assertEquals(0, run("query", "--json", "MATCH (f:file) RETURN f.path"), this::err);
        assertTrue(out().contains("\"complete\":false") && out().contains("\"dropped\":{\"from\":"), out());
    }

    @Test
    void shouldNotFindWhatWasDropped() {
        drop();
        assertEquals(1, run("ancestors", "/temporary"));
        assertTrue(err().contains("was dropped by retention"), err());
        assertEquals(1, run("ancestors", "hw:1"));
        assertTrue(err().contains("was dropped by retention"), err());
        assertEquals(1, run("ancestors", "/out", "--as-of", "2026-11-05"));
        assertTrue(err().contains("that time was dropped by retention"), err());
        assertEquals(0, run("ancestors", "/out", "--as-of", "2026-11-20 11:00"), this::err);
        assertTrue(out().contains("/stage"), out());
        assertEquals(0, run("runs"), this::err);
        assertTrue(out().contains("dropped: retention has dropped all up to"), out());
        for (String format : new String[] {"json", "w3c", "spade", "prov-n", "json-ld", "graphml", "dot"}) {
            assertEquals(0, run("export", "--format", format), this::err);
            assertTrue(out().contains("/stage") && !out().contains("/temporary"), format + out());
        }
    }
}
