// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.Store;
import headwater.store.log.LogWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb export: every format, of a store and of one run of it, from the outside. */
class ExportVerbTest {
    private static final long FIRST_NS = 1_790_000_000_000_000_000L;
    private static final long SECOND_NS = FIRST_NS + 3_600_000_000_000L;

    @TempDir
    Path temp;

    private Calls calls;

    private int run(String... arguments) {
        return calls.run(arguments);
    }

    private String out() {
        return calls.out();
    }

    private String err() {
        return calls.err();
    }

    /** Two runs of a task: the first makes /b of /a, the second /d of /c, and loses a record. */
    @BeforeEach
    void record() {
        calls = new Calls(temp.resolve("store"), Clock.systemUTC());
        try (Store store = Store.openForWriting(temp.resolve("store"), "test")) {
            LogWriter log = store.writer();
            session(log, 1, "first", FIRST_NS, "/nowhere/a", "/nowhere/b");
            session(log, 2, "second", SECOND_NS, "/nowhere/c", "/nowhere/d");
            log.gap(new Gap(Gap.Cause.RING_FULL, 0, SECOND_NS + 1, SECOND_NS + 2, 3));
            log.sessionEnd(SECOND_NS + 1_000);
            log.sync();
        }
    }

    private static void session(LogWriter log, int number, String command, long startNs, String from, String to) {
        if (number > 1) {
            log.sessionEnd(startNs - 1);
        }
        log.sessionStart(new Session(number, "boot", 1, 7, "trace", "tree", command, startNs, 0));
        long first = log.nextObject();
        file(log, from, startNs + 1);
        file(log, to, startNs + 2);
        log.node(log.nextNode(), first + 2, 0, NodeKind.TASK, startNs + 3);
        log.edge(log.nextEdge(), Relation.READ, first, first + 2, startNs + 4, first + 2, 0, -1);
        log.edge(log.nextEdge(), Relation.WRITE, first + 2, first + 1, startNs + 5, first + 2, 0, -1);
    }

    private static void file(LogWriter log, String name, long timeNs) {
        long object = log.nextObject();
        log.node(log.nextNode(), object, 0, NodeKind.FILE, timeNs);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        log.attribute(object, Attribute.NAME, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }

    private String exported(String... arguments) {
        assertEquals(0, run(arguments), this::err);
        assertTrue(err().contains("incomplete: the ring was full: 3 records"), "no word of the loss: " + err());
        return out();
    }

    @Test
    void shouldWriteTheStoreOrARunForOtherTools() {
        Map<String, String> begins = Map.of("prov-n", "document", "json-ld", "{", "graphml", "<?xml", "dot", "digraph");
        begins.forEach((format, begin) -> {
            String all = exported("export", "--format", format);
            assertTrue(all.startsWith(begin), format + ": " + all);
            for (String name : List.of("/nowhere/a", "/nowhere/b", "/nowhere/c", "/nowhere/d")) {
                assertTrue(all.contains(name), format + ", name=" + name + ": " + all);
            }
            String first = exported("export", "--format", format, "--run", "1");
            assertTrue(first.contains("/nowhere/a") && first.contains("/nowhere/b") && !first.contains("/nowhere/c"),
                    format + ": " + first);
            String last = exported("export", "--format", format, "--run", "last");
            assertTrue(last.contains("/nowhere/d") && !last.contains("/nowhere/b"), format + ": " + last);
            String shown = exported("export", "--format", format, "--where", "path == '/nowhere/a'");
            assertTrue(shown.contains("/nowhere/a") && !shown.contains("/nowhere/b"), format + ": " + shown);
        });
        for (String format : List.of("w3c", "spade", "json")) {
            assertEquals(0, run("export", "--format", format), this::err);
            assertTrue(out().contains("/nowhere/a") && out().contains("/nowhere/d"), format + ": " + out());
            assertEquals(2, run("export", "--format", format, "--run", "1"));
            assertTrue(err().contains("--run is for in-toto, ") && err().contains("--format=" + format), err());
        }
    }

    @Test
    void shouldWriteEvidenceOfARunAndOfWhatOneFileCameFrom() {
        Map<String, String> marks = Map.of("in-toto", "\"_type\":\"https://in-toto.io/Statement/v1\"", "cyclonedx",
                "\"CycloneDX\"", "spdx",
                "\"SPDX-2.3\"", "ro-crate", "https://w3id.org/ro/crate/1.1");
        marks.forEach((format, mark) -> {
            // Without --run it is the newest.
            String last = exported("export", "--format", format);
            assertTrue(last.replaceAll("\\s", "").contains(mark), format + ": " + last);
            assertTrue(last.contains("/nowhere/c") && !last.contains("/nowhere/a"),
                    format + ": " + last);
            assertEquals(0, run("export", "--format", format, "--run", "1"), this::err);
            assertTrue(err()
                    .contains("without a digest, as they are gone or have changed since the run: 1 written files, 1 read"), err());
            assertTrue(out().contains("/nowhere/a") && !out().contains("/nowhere/c"),
                    format + ": " + out());
            assertEquals(0, run("export", "--format", format, "--run", "1", "--of", "/nowhere/b"), this::err);
            assertTrue(out().contains("/nowhere/a"), format + ": " + out());
        });
        String lossy = exported("export", "--format", "in-toto");
        assertTrue(lossy.replaceAll("\\s", "").contains("\"complete\":false"), lossy);
        // What is gone is no subject, but told of.
        assertTrue(lossy.contains("/nowhere/d") && lossy.replaceAll("\\s", "").contains("\"subject\":[]"), lossy);
        assertEquals(0, run("export", "--format", "in-toto", "--run", "1"), this::err);
        assertTrue(out().replaceAll("\\s", "").contains("\"complete\":true"), out());
    }

    @Test
    void shouldSayWhatIsNotToBeHad() throws IOException {
        assertEquals(2, run("export", "--format", "visio"));
        assertTrue(err().contains("unknown format: --format=visio, want one of ") && err().contains(" in-toto "),
                err());
        assertEquals(1, run("export", "--format", "in-toto", "--run", "9"));
        assertTrue(err().contains("no such session: --run=9, sessions=2"), err());
        assertEquals(1, run("export", "--format", "in-toto", "--of", "/nowhere/else"));
        assertEquals(2, run("export", "--format", "spdx", "--of", "pid:x"));
        assertEquals(2, run("export", "--format", "spdx", "--path", "*.c"));
        assertTrue(err().contains("evidence is of a whole run: --format=spdx"), err());
        assertEquals(2, run("export", "--format", "prov-n", "--follow"));
        Path file = temp.resolve("kept");
        Files.writeString(file, "before");
        assertEquals(1, run("export", "--format", "in-toto", "--run", "9", "--output", file.toString()));
        assertEquals("before", Files.readString(file));
        assertEquals(0, run("export", "--format", "in-toto", "--output", file.toString()), this::err);
        assertTrue(Files.readString(file).contains("/nowhere/d") && out().isEmpty(), out());
        assertFalse(Files.exists(temp.resolve("kept." + ProcessHandle.current().pid() + ".part")));
    }
}
