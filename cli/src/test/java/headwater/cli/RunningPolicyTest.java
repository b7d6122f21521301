// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.agent.Control;
import headwater.agent.NodeLookup;
import headwater.query.FileNow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What a daemon has in effect, as {@code config show --running}, {@code status} and {@code doctor} say it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RunningPolicyTest {
    /** Of each part of the file something, so that what is lost on the way shows. */
    private static final String POLICY = """
            [provenance]
            enabled=true
            all=true
            machine_id=42
            relation_filter=getpgid
            propagate_node_filter=char
            [compression]
            version=true
            node=true
            edge=true
            [file]
            opaque=/usr/bin/restic
            [taint]
            file=3 /etc/shadow
            [user]
            track=nobody
            [ipv4-egress]
            record=10.0.0.0/8:80
            [annotation]
            syslog=logins app
            journal=unit app.service
            pattern=logins (?P<result>Accepted|Failed) \\S+
            """;

    private static final String IN_A_LINE = "everything; 2 targets, 2 file marks, 1 type filter, 1 propagation filter";
    private static final String CHANGED_IN_A_LINE = "only what is tracked; 2 targets, 2 file marks, 2 type filters, 1 propagation filter; "
            + "changed since the configuration was read";

    @TempDir
    static Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private QuietDaemon daemon;

    @BeforeAll
    void start() throws IOException {
        daemon = QuietDaemon.start(folder, POLICY, NodeLookup.NONE);
    }

    @AfterAll
    void stop() throws IOException {
        daemon.close();
    }

    @BeforeEach
    void backToTheFile() throws IOException {
        assertTrue(ControlAnswer.parse(Control.ask(daemon.store(), Control.RELOAD)).ok());
    }

    private Context context() {
        out.reset();
        err.reset();
        return new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of("HEADWATER_STORE", daemon.store().toString(),
                Control.SOCKET_VARIABLE, daemon.socket().toString(), "PATH", "/usr/bin"), Clock.systemUTC(), path -> {
                    throw new AssertionError("no store is needed");
                }, FileNow::onThisMachine);
    }

    private int headwater(String... arguments) {
        return Main.run(arguments, context());
    }

    private void camflow(String line) {
        assertEquals(0, headwater(("camflow " + line).split(" ")), () -> line + ": " + out() + err());
    }

    /** What is above the line of the tamper window, which is there once something was signed. */
    private String firstLine() {
        return out().lines().findFirst().orElse("");
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Without the first line, which says whose it is. */
    private String settings() {
        return out().substring(out().indexOf('\n'));
    }

    private int running(String... more) {
        return headwater(Stream.concat(Stream.of("config", "show", "--running"), Arrays.stream(more)).toArray(String[]::new));
    }

    private void change() {
        camflow("-a false");
        camflow("--node-filter directory true");
        camflow("--track-user nobody delete");
        camflow("--track-group nogroup propagate");
    }

    @Test
    void shouldShowWhatTheFileSaysWhileNothingWasChanged() {
        String file = daemon.policy().toString();
        assertEquals(0, headwater("config", "show", file), this::err);
        String inFile = settings();
        assertEquals(0, running(file), this::err);
        assertEquals(inFile, settings());
        assertEquals("headwater: the daemon has in effect what " + file + " says\n", err());
        assertEquals(0, running("--json"), this::err);
        assertTrue(out().contains("\"machine_id\":42,\"enabled\":true,\"all\":true,"), this::out);
    }

    @Test
    void shouldShowWhatWasChangedWhileItRuns() throws IOException {
        change();
        String file = daemon.policy().toString();
        assertEquals(0, running(file), this::err);
        assertTrue(out().contains("\nall=false\nnode_filter=directory\n") && out().contains("\n[group]\npropagate=nogroup\n"), this::out);
        assertEquals(List.of("headwater: the daemon has not in effect what " + file + " says (-), but (+):",
                "- [provenance] all=true", "- [user] track=nobody",
                "+ [provenance] all=false", "+ [provenance] node_filter=directory", "+ [group] propagate=nogroup"), err().lines().toList());
        Path kept = Files.writeString(folder.resolve("kept.ini"), out());
        assertEquals(0, running(kept.toString()), this::err);
        assertEquals("headwater: the daemon has in effect what " + kept + " says\n", err(), "what it prints is a file that says the same");
        assertTrue(ControlAnswer.parse(Control.ask(daemon.store(), Control.RELOAD)).ok());
        assertEquals(0, running(file), this::err);
        assertEquals("headwater: the daemon has in effect what " + file + " says\n", err());
    }

    @Test
    void shouldSayThatNoDaemonRecords() {
        for (String more : new String[] {"", "--json"}) {
            assertEquals(1, running(Stream.of("--store", folder.resolve("none").toString(), more).filter(word -> !word.isEmpty())
                    .toArray(String[]::new)));
            assertEquals("", out());
            assertEquals("headwater: no daemon records: store=" + folder.resolve("none") + "; headwater config show says what a start would do\n",
                    err());
        }
        assertEquals(1, headwater("status", "--store", folder.resolve("none").toString()));
        assertEquals("not recording (store " + folder.resolve("none") + ")\n", out());
    }

    @Test
    void shouldCompareOnlyWithWhatCanBeCompared() throws IOException {
        assertEquals(1, running("/no/such.ini"));
        assertEquals("", out());
        assertTrue(err().startsWith("headwater: there is no such file: file=/no/such.ini; "), this::err);
        assertEquals(2, running(folder.resolve("camflowd.ini").toString()));
        assertEquals("", out());
        assertTrue(err().contains("a camflowd.ini says nothing of what is captured: file=" + folder.resolve("camflowd.ini")), this::err);
        assertEquals(2, headwater("config", "check", "--running", daemon.policy().toString()));
        assertTrue(err().contains("--running"), this::err);
        Path bad = Files.writeString(folder.resolve("bad.ini"), "[provenance]\nnode_filter=fil\n");
        assertEquals(0, running(bad.toString()), "what runs is shown all the same");
        assertTrue(out().contains("\n[provenance]\nmachine_id=42\n"), this::out);
        assertEquals(List.of(bad + ":2: error: unknown node type: section=provenance, key=node_filter, value=fil; did you mean file?",
                "headwater: not compared with a file that is refused: file=" + bad + ", errors=1; mend it, then: headwater config check " + bad),
                err().lines().toList());
    }

    @Test
    void shouldSayThePolicyInALineOfTheStatus() {
        assertEquals(0, headwater("status"), this::err);
        assertTrue(firstLine().matches("recording: trace, pid \\d+, store " + daemon.store() + ": .*; policy: " + IN_A_LINE), this::out);
        change();
        assertEquals(0, headwater("status"), this::err);
        assertTrue(firstLine().endsWith("; policy: " + CHANGED_IN_A_LINE), this::out);
        assertEquals(0, headwater("status", "--json"), this::err);
        assertTrue(out().contains("\"policy\":\"" + CHANGED_IN_A_LINE + "\""), this::out);
        camflow("-e false");
        assertEquals(0, headwater("status"), this::err);
        assertTrue(firstLine().endsWith("; policy: nothing, as enabled is not true; changed since the configuration was read"), this::out);
    }

    /** The line of doctor's answer that tells the policy. */
    private String doctor(Path policy, Path store) throws Failure, IOException {
        DoctorVerb verb = new DoctorVerb(policy, folder.resolve("no-camflowd.ini"));
        CommandSpec spec = CommandSpec.create();
        verb.describe(spec);
        assertEquals(0, verb.run(new CommandLine(spec).parseArgs("--store", store.toString()), context()), this::out);
        List<String> lines = out().lines().filter(line -> line.substring(Math.min(5, line.length())).startsWith("policy ")).toList();
        assertEquals(1, lines.size(), this::out);
        return lines.getFirst().replaceAll(" +", " ");
    }

    @Test
    void shouldSayThePolicyInALineOfDoctor() throws Exception {
        Path none = folder.resolve("none");
        change();
        assertEquals("yes policy running: " + CHANGED_IN_A_LINE, doctor(daemon.policy(), daemon.store()));
        assertEquals("yes policy at the next start: " + IN_A_LINE + ", by " + daemon.policy(), doctor(daemon.policy(), none));
        assertEquals("yes policy at the next start: everything, as there is no " + none, doctor(none, none));
        Path bad = Files.writeString(folder.resolve("bad-for-doctor.ini"), "[provenance]\nnode_filter=fil\n");
        assertEquals("no policy at the next start: " + bad + ":2: error: unknown node type: section=provenance, key=node_filter, value=fil; "
                + "did you mean file?", doctor(bad, none));
    }
}
