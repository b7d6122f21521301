// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.query.FileNow;
import headwater.query.MemoryGraph;
import headwater.query.Scene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path store;

    private final Scene scene = Scene.pipeline().end();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private GraphSource source = path -> scene.graph();

    private int run(OutputStream to, String... arguments) {
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        Context context = new Context(to, new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HEADWATER_STORE", store.toString()), CLOCK, source, nothing);
        return Main.run(arguments, context);
    }

    private int run(String... arguments) {
        return run(out, arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldAnswerWhereAFileCameFrom() {
        assertEquals(0, run("ancestors", "/tmp/p.gz"), this::err);
        assertTrue(out().contains("/etc/passwd") && out().contains("sort /etc/passwd [102]"), out());
        assertTrue(out().endsWith("complete: nothing was lost; 42 nodes, 62 edges\n"), out());
        assertEquals("", err());
    }

    @Test
    void shouldAnswerWhereAFileWent() {
        assertEquals(0, run("descendants", "/etc/passwd"), this::err);
        assertTrue(out().contains("/tmp/p.gz  written by gzip [103]"), out());
        assertFalse(out().contains("/usr/bin/sort"), out());
    }

    @Test
    void shouldExplainAndSayIfThereIsNoPath() {
        assertEquals(0, run("explain", "/etc/passwd", "/tmp/p.gz"), this::err);
        assertTrue(out().startsWith("/etc/passwd → /tmp/p.gz, "), out());
        out.reset();
        assertEquals(0, run("explain", "/tmp/p.gz", "/etc/passwd"), this::err);
        assertTrue(out().contains("note: nothing flowed from /tmp/p.gz to /etc/passwd; this is the path"), out());
        out.reset();
        assertEquals(1, run("explain", "/usr/bin/sort", "/etc/passwd"), this::err);
        assertTrue(out().startsWith("No path joins /usr/bin/sort and /etc/passwd."), out());
    }

    @Test
    void shouldGoThroughWhatOnlyTellsAndNothingElseByThatOption() {
        assertEquals(0, run("ancestors", "/tmp/p.gz", "--through", "exit_status,signal"), this::err);
        assertEquals(2, run("ancestors", "/tmp/p.gz", "--through", "read"));
        assertTrue(err().contains("unknown value: --through=read, want one of ") && err().contains("exit_status"), err());
        err.reset();
        assertEquals(2, run("ancestors", "/tmp/p.gz", "--through", "signal", "--relation", "read,write"));
        assertTrue(err().contains("use one of both, --relation=write,read,"), err());
    }

    @Test
    void shouldReportWhatWasReached() {
        assertEquals(0, run("report", "/etc/passwd"), this::err);
        assertTrue(out().contains("Files (1)\n  /tmp/p.gz\n"), out());
    }

    @ParameterizedTest
    @CsvSource({"json,{\"query\":", "dot,digraph", "w3c,{\"prefix\":", "spade,{\"type\":"})
    void shouldWriteTheAskedFormat(String format, String beginning) {
        assertEquals(0, run("ancestors", "--format", format, "/tmp/p.gz"), this::err);
        assertTrue(out().startsWith(beginning), out());
    }

    @Test
    void shouldTakeJsonForFormatJson() {
        assertEquals(0, run("ancestors", "--json", "/tmp/p.gz"), this::err);
        assertTrue(out().startsWith("{\"query\":{\"verb\":\"ancestors\",\"what\":[\"/tmp/p.gz\"]"), out());
        assertEquals(2, run("ancestors", "--json", "--format", "dot", "/tmp/p.gz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w3c", "spade", "json"})
    void shouldExportEveryNodeAndEdge(String format) {
        assertEquals(0, run("export", "--format", format), this::err);
        String text = out();
        long edges = scene.graph().edges();
        switch (format) {
            case "w3c" -> assertEquals(edges, text.split("\"cf:allowed\"", -1).length - 1);
            case "spade" -> assertEquals(edges, text.lines().filter(line -> line.contains("\"relation_id\"")).count());
            default -> assertEquals(edges, text.split("\"relation\":", -1).length - 1);
        }
    }

    @Test
    void shouldWriteToAFileWholeOrNotAtAll() throws IOException {
        Path file = store.resolve("answer.json");
        assertEquals(0, run("ancestors", "--json", "-o", file.toString(), "/tmp/p.gz"), this::err);
        assertTrue(Files.readString(file).endsWith("}\n"));
        assertEquals("", out());
        assertEquals(1, run("ancestors", "-o", store.resolve("none").toString(), "/nope"));
        assertEquals(List.of(file), Files.list(store).toList());
        assertEquals(4, run("ancestors", "-o", "/no/such/folder/x", "/tmp/p.gz"));
        assertTrue(err().contains("cannot write: --output=/no/such/folder/x"), err());
    }

    @Test
    void shouldSayThatNothingIsKnownOfAPath() {
        assertEquals(1, run("ancestors", "/no/such"));
        assertEquals("", out());
        assertTrue(err().startsWith("headwater: the record has nothing named /no/such."), err());
    }

    @Test
    void shouldSayThatThereIsNoStore() {
        assertEquals(1, run("ancestors", "--store", "/no/store", "/tmp/p.gz"));
        assertEquals("headwater: there is no store: store=/no/store. Record one with `headwater run -- COMMAND`, or "
                + "name"
                + " another with --store DIR or HEADWATER_STORE.\n", err());
    }

    @Test
    void shouldEndWithThreeWhenTheStoreIsDamaged() {
        source = path -> {
            throw new Failure(ExitCode.DAMAGED, "damaged: segment=7");
        };
        assertEquals(3, run("ancestors", "/tmp/p.gz"));
        assertEquals("headwater: damaged: segment=7\n", err());
    }

    @Test
    void shouldEndWithThreeWhenDamageShowsOnlyWhileReading() {
        source = new GraphSource() {
            @Override
            public GraphView open(Path path) {
                throw new IllegalArgumentException("block 9");
            }

            @Override
            public Optional<Failure> failure(RuntimeException thrown) {
                return Optional.of(new Failure(ExitCode.DAMAGED, "damaged: " + thrown.getMessage()));
            }
        };
        assertEquals(3, run("report", "/tmp/p.gz"));
        assertEquals("headwater: damaged: block 9\n", err());
    }

    @Test
    void shouldNotTakeItsOwnFaultForNothingFound() {
        source = path -> {
            throw new IllegalStateException("a bug");
        };
        assertEquals(70, run("ancestors", "/tmp/p.gz"));
        assertTrue(err().contains("a fault of Headwater itself") && err().contains("a bug"), err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ancestors", "ancestors --format xml /x", "ancestors --depth x /x",
            "ancestors --depth -1 /x",
        "ancestors --limit 0 /x", "ancestors --kind potato /x", "ancestors --relation potato /x", "ancestors pid:x",
        "ancestors --since never /x", "ancestors --since 10:00 --until 09:00 /x", "ancestors /x /y",
        "ancestors --nonsense /x",
        "explain /x", "export --format svg", "export --format text", "export /x", "frobnicate", "--frobnicate",
        "help nope", "run", "run --", "run --quiet"})
    void shouldRefuseWrongUseWithALineThatHelps(String line) {
        assertEquals(2, run(line.split(" ")), this::err);
        assertEquals("", out());
        assertTrue(err().startsWith("headwater: ") && err().length() > 20, err());
    }

    @Test
    void shouldNameTheFormatsAndKindsThatThereAre() {
        run("ancestors", "--format", "xml", "/x");
        assertEquals("headwater: unknown format: --format=xml, want one of text json dot svg w3c spade\n", err());
        err.reset();
        run("ancestors", "--kind", "file,potato", "/x");
        assertTrue(err().startsWith("headwater: unknown value: --kind=potato, want one of task disc_activity machine"), err());
    }

    @ParameterizedTest
    @CsvSource({"ancestor,ancestors", "anc,ancestors", "descendents,descendants", "exlpain,explain", "exprot,export"})
    void shouldSuggestTheVerbThatWasMeant(String typed, String meant) {
        assertEquals(2, run(typed));
        assertEquals("headwater: unknown verb: verb=" + typed + ". Did you mean: headwater " + meant + "?\n", err());
    }

    @Test
    void shouldHelpWithEachVerb() {
        assertEquals(0, run("--help"));
        for (Verbs.Entry entry : Verbs.ALL) {
            assertTrue(out().contains("  " + entry.name() + " "), out());
        }
        for (Verbs.Entry entry : Verbs.ALL) {
            out.reset();
            assertEquals(0, run("help", entry.name()), this::err);
            String help = out();
            assertTrue(help.startsWith("Usage: headwater " + entry.name()), help);
            out.reset();
            assertEquals(0, run(entry.name(), "--help"), this::err);
            assertEquals(help, out());
        }
        out.reset();
        assertEquals(0, run("--version"));
        assertTrue(out().startsWith("headwater "), out());
        assertEquals(2, run());
    }

    @Test
    void shouldLimitDepthTimeKindAndRelation() {
        assertEquals(0, run("ancestors", "--json", "--kind", "argv,task", "--depth", "3", "--relation", "write,arg",
                "--since", "2026-11-20T10:00:00Z", "--until", "1h", "/tmp/p.gz"), this::err);
        String json = out();
        assertTrue(json.contains("\"depth\":3,"), json);
        assertTrue(json.contains("\"since\":\"2026-11-20T10:00:00Z\",\"until\":\"2026-11-20T11:00:00Z\""), json);
        assertTrue(json.contains("\"kinds\":[\"task\",\"argv\"]"), json);
        assertFalse(json.contains("/etc/passwd"), json);
    }

    @Test
    void shouldRefuseAPolicyThatTheFrontEndCannotKeep() {
        for (String frontEnd : List.of("trace", "fexit")) {
            for (String[] line : new String[][] {{"run", "--on-loss", "block", "--front-end", frontEnd, "--", "true"},
                    {"start", "--on-loss", "block", "--front-end", frontEnd}}) {
                err.reset();
                assertEquals(4, run(line), this::err);
                assertTrue(err().contains("front-end=" + frontEnd + ", on-loss=block; use --front-end lsm"), this::err);
            }
        }
        err.reset();
        assertEquals(2, run("run", "--on-loss", "drop", "--", "true"));
        assertTrue(err().contains("unknown policy: on-loss=drop; use record, shed, block"), this::err);
    }

    @Test
    void shouldFollowOpeningsOnlyIfAsked() {
        scene.exec(911, "/usr/bin/cp", "cp");
        scene.read(911, scene.file("/tmp/opened"), Relation.OPEN);
        scene.write(911, "/tmp/made");
        assertEquals(0, run("ancestors", "--json", "/tmp/made"), this::err);
        assertFalse(out().contains("/tmp/opened"), out());
        out.reset();
        assertEquals(0, run("ancestors", "--json", "--through", "open,accept", "/tmp/made"), this::err);
        assertTrue(out().contains("/tmp/opened"), out());
        out.reset();
        assertEquals(0, run("ancestors", "--json", "--relation", "open,memory_write,write", "/tmp/made"), this::err);
        assertTrue(out().contains("/tmp/opened"), out());
    }

    @Test
    void shouldShowGaps() {
        MemoryGraph graph = scene.graph();
        graph.gap(new Gap(Gap.Cause.RING_FULL, 1, Scene.T0, Scene.T0 + Scene.MS, 12));
        assertEquals(0, run("ancestors", "/tmp/p.gz"), this::err);
        assertTrue(out().contains("gap: the ring was full: 12 records on CPU 1, "), out());
        assertTrue(out().contains("\nincomplete: 1 gap; "), out());
        for (String verb : List.of("ancestors", "report", "export")) {
            err.reset();
            assertEquals(0, verb.equals("export") ? run(verb, "--format", "w3c") : run(verb, "--format", "w3c", "/etc/passwd"),
                    this::err);
            assertTrue(err().startsWith("headwater: incomplete: the ring was full: 12 records on CPU 1, "), this::err);
        }
        err.reset();
        assertEquals(1, run("ancestors", "/never/recorded"));
        assertTrue(err().contains("; it may be among what was lost: gaps=1 "), this::err);
    }

    @Test
    void shouldEndQuietlyWhenTheReaderHasGone() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        for (String format : List.of("text", "json", "w3c", "spade", "dot")) {
            assertEquals(0, run(closed, "ancestors", "--format", format, "/tmp/p.gz"));
        }
        assertEquals("", err());
    }

    @Test
    void shouldSayOnceThatStandardOutputFailed() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) {
            }

            @Override
            public void flush() throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertEquals(4, run(full, "ancestors", "/tmp/p.gz"));
        assertEquals("headwater: No space left on device\n", err());
    }

    @Test
    void shouldFindTheDefaultStore() {
        assertEquals(Path.of("/var/lib/headwater"), StorePath.of(Map.of("HOME", "/root"), true));
        assertEquals(Path.of("/s"), StorePath.of(Map.of("HEADWATER_STORE", "/s"), true));
        assertEquals(Path.of("/d/headwater"), StorePath.of(Map.of("XDG_DATA_HOME", "/d", "HOME", "/h"), false));
        assertEquals(Path.of("/h/.local/share/headwater"), StorePath.of(Map.of("HOME", "/h"), false));
    }

    @ParameterizedTest
    @CsvSource({"2026-11-20T10:00:00Z,2026-11-20T10:00:00Z", "2026-11-20T10:00:00.5+01:00,2026-11-20T09:00:00.5Z",
        "2026-11-20 10:00,2026-11-20T10:00:00Z", "2026-11-19,2026-11-19T00:00:00Z", "10:30,2026-11-20T10:30:00Z",
        "90s,2026-11-20T11:58:30Z", "2d,2026-11-18T12:00:00Z", "@1795168800.25,2026-11-20T10:00:00.25Z"})
    void shouldReadTimes(String text, Instant expected) throws Failure {
        long ns = When.parse("--since", text, CLOCK);
        assertEquals(expected, Instant.ofEpochSecond(ns / 1_000_000_000, ns % 1_000_000_000));
    }

    @Test
    void shouldKeepBytesThatTheLocaleLost() {
        byte[] line = "java\0-cp\0x\0headwater.cli.Main\0ancestors\0/tmp/?\0/tmp/é\0".getBytes(StandardCharsets.UTF_8);
        line["java\0-cp\0x\0headwater.cli.Main\0ancestors\0/tmp/".length()] = (byte) 0xe9;
        assertArrayEquals(new String[] {"ancestors", "/tmp/\\xe9", "/tmp/é"},
                RawArguments.merge(new String[] {"ancestors", "/tmp/\ufffd", "/tmp/\ufffd\ufffd"}, line));
    }
}
