// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.Store;
import headwater.store.index.StoreView;
import headwater.store.log.LogWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb import, and what can be asked of what it brought, from the outside. */
class ImportVerbTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path temp;

    private Calls calls;

    @BeforeEach
    void begin() {
        calls = new Calls(store(), CLOCK);
    }

    private int run(String... arguments) {
        return calls.run(arguments);
    }

    private Path store() {
        return temp.resolve("store");
    }

    private String out() {
        return calls.out();
    }

    private String err() {
        return calls.err();
    }

    private static String open(int serial, String path, int inode, boolean write) {
        return "type=SYSCALL msg=audit(1700000000." + serial + "00:" + serial
                + "): arch=c000003e syscall=257 success=yes exit=3"
                + " a0=ffffff9c a1=7f a2=" + (write ? "241" : "0")
                + " a3=1b6 items=1 ppid=100 pid=200 uid=1000 gid=1000 comm=\"cat\""
                + " exe=\"/usr/bin/cat\"\ntype=PATH msg=audit(1700000000." + serial + "00:" + serial
                + "): item=0 name=\"" + path
                + "\" inode=" + inode + " dev=08:01 mode=0100644 nametype=NORMAL\ntype=PROCTITLE msg=audit(1700000000."
                + serial + "00:"
                + serial + "): proctitle=\"cat\"\n";
    }

    /** cat opens /srv/secret to read, then /srv/copy to write. */
    private Path audit() throws IOException {
        return Files.writeString(temp.resolve("audit.log"), open(1, "/srv/secret", 90, false)
                + open(2, "/srv/copy", 91, true));
    }

    /** A session of this machine, with a file of its own. */
    private void capture(String frontEnd) {
        try (Store open = Store.openForWriting(store(), "test")) {
            LogWriter writer = open.writer();
            long now = 1_790_000_000_000_000_000L;
            writer.sessionStart(new Session(open.continuation().nextSession(), "boot", 1, 7, frontEnd, "tree", "true",
                    now, 0));
            writer.node(writer.nextNode(), writer.nextObject(), 0, NodeKind.FILE, now);
            writer.sessionEnd(now + 1);
            writer.sync();
        }
    }

    @Test
    void shouldAnswerOfAnAuditLogWhicheverSegmentItLiesIn() throws IOException {
        capture("trace");
        assertEquals(0, run("import", audit().toString()), this::err);
        assertTrue(err().contains("headwater: imported " + temp.resolve("audit.log") + " (audit) as session 2: "),
                err());
        capture("lsm");
        String answer = ancestors();
        assertTrue(answer.contains("not captured here: imported as audit from " + temp.resolve("audit.log")), answer);
        assertTrue(answer.contains("/srv/secret  used by /usr/bin/cat [200]"), answer);
        assertTrue(answer.contains("\ncomplete: "), answer);
        // Imported data are in segments that are sealed by now; the same, built anew from the log, give the same
        // answer.
        try (StoreView view = Store.openForReading(store()).view()) {
            assertTrue(view.segments() > 1, "segments=" + view.segments());
        }
        assertTrue(indexFiles().stream().anyMatch(file -> file.getFileName().toString().endsWith(".hwsealed")),
                () -> indexFiles().toString());
        for (Path file : indexFiles()) {
            Files.delete(file);
        }
        assertEquals(answer, ancestors());
        assertEquals(0, run("verify"), this::out);
        assertEquals(1, run("descendants", "/srv/none"));
        assertEquals(0, run("runs"), this::err);
        assertTrue(out().contains("import"), out());
    }

    private String ancestors() {
        assertEquals(0, run("ancestors", "/srv/copy"), this::err);
        return out();
    }

    private List<Path> indexFiles() {
        try (Stream<Path> files = Files.walk(store().resolve("index"))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldImportASourceOnceUnlessAskedAgain() throws IOException {
        String file = audit().toString();
        assertEquals(0, run("import", file), this::err);
        assertEquals(1, run("import", file));
        assertTrue(err().contains("imported already, as session 1: file=" + file) && err().contains("--again"), err());
        assertEquals(0, run("import", "--again", "--format", "audit", file), this::err);
        assertTrue(err().contains("as session 2: "), err());
        // The same log in a wrapping of its own is another source; one source of two is enough to have imported
        // something.
        Path zipped = temp.resolve("audit.log.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            gzip.write(Files.readAllBytes(Path.of(file)));
        }
        assertEquals(0, run("import", file, zipped.toString()), this::err);
        assertTrue(err().contains("imported already")
                && err().contains("imported " + zipped + " (audit) as session 3: "), err());
    }

    @Test
    void shouldTakeStandardInput() throws IOException {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(audit())));
        try {
            assertEquals(0, run("import", "-"), this::err);
        } finally {
            System.setIn(before);
        }
        assertTrue(err().contains("imported standard input (audit) as session 1: "), err());
        assertEquals(0, run("descendants", "/srv/secret"), this::err);
        assertTrue(out().contains("/srv/copy"), out());
    }

    @Test
    void shouldSayWhatCannotBeRead() throws IOException {
        assertEquals(2, run("import", "--format", "pcap", audit().toString()));
        assertTrue(err()
                .contains("unknown format: --format=pcap, want auto or one of w3c spade prov-json prov-n audit"),
                err());
        assertEquals(2, run("import", temp.resolve("none").toString()));
        assertTrue(err().contains("cannot be read: file=" + temp.resolve("none")), err());
        assertEquals(2, run("import", audit().toString(), temp.resolve("none").toString()));
        assertEquals(2, run("import"));
        assertFalse(Files.exists(store()), "a store was made for nothing");
        assertEquals(2, run("import", Files.writeString(temp.resolve("text"), "Dear diary,\n").toString()));
        assertTrue(err().contains("the format cannot be told from the content: file=" + temp.resolve("text")), err());
        assertEquals(1, run("import", "--format", "audit", temp.resolve("text").toString()));
        assertTrue(err().contains("nothing was imported: ") && err().contains("bad=1"), err());
        assertFalse(err().contains("Exception"), err());
        Path half = Files.writeString(temp.resolve("half.log"), open(1, "/srv/secret", 90, false) + "what is this\n"
                + open(2, "/srv/copy", 91, true));
        assertEquals(0, run("import", half.toString()), this::err);
        assertTrue(err().contains("line 4: ") && err().contains("1 bad and skipped"), err());
        assertEquals(0, run("ancestors", "/srv/copy"), this::err);
        assertTrue(out().contains("gap: imported evidence could not be read: 1 record")
                && out().contains("\nincomplete: 1 gap; "), out());
    }

    @Test
    void shouldGiveBackWhatItWasGiven() throws IOException {
        assertEquals(0, run("import", audit().toString()), this::err);
        for (String format : List.of("w3c", "spade", "prov-n")) {
            Path file = temp.resolve("exported." + format);
            assertEquals(0, run("export", "--format", format, "--output", file.toString()), this::err);
            Path other = temp.resolve("other-" + format);
            assertEquals(0, run("import", "--store", other.toString(), file.toString()), this::err);
            assertTrue(err().contains(" (" + format + ") as session 1: ") && err().contains(" 0 bad and skipped"),
                    err());
            assertEquals(0, run("descendants", "--store", other.toString(), "/srv/secret"), this::err);
            assertTrue(out().contains("/srv/copy"), format + ": " + out());
        }
    }
}
