// SPDX-License-Identifier: Apache-2.0
package headwater.cli.camflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.agent.Control;
import headwater.agent.NodeLookup;
import headwater.cli.Context;
import headwater.cli.Main;
import headwater.cli.QuietDaemon;
import headwater.config.CamflowConfig;
import headwater.config.Machine;
import headwater.query.FileNow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command against a daemon that follows no process: what it says, and how it ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CamflowCommandTest {
    @TempDir
    static Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private QuietDaemon daemon;

    /** Knows one file, and all processes. */
    private static final NodeLookup NODES = new NodeLookup() {
        @Override
        public Optional<Node> file(Path store, String path) {
            return path.equals(CamflowCommandTest.file().toString()) ? Optional.of(new Node("AAEAAAAAACDKAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=", "file",
                    0x2000000000000100L, 202, 3, 340646718, 3)) : Optional.empty();
        }

        @Override
        public Optional<Node> process(Path store, int pid) {
            return pid == 0x7ffffff0 ? Optional.empty() : Optional.of(new Node("x=", "process_memory", 0x2000000000080000L, 9, 3, -1, 0));
        }
    };

    private static Path file() {
        return folder.resolve("marked");
    }

    @BeforeAll
    void start() throws IOException {
        Files.writeString(file(), "x");
        daemon = QuietDaemon.start(folder,
                "[provenance]\nenabled=true\nall=true\nmachine_id=42\n[compression]\nversion=true\nnode=true\nedge=true\n", NODES);
    }

    @AfterAll
    void stop() throws IOException {
        daemon.close();
    }

    private int camflow(String... arguments) {
        return camflow(daemon.socket(), arguments);
    }

    private int camflow(Path at, String... arguments) {
        out.reset();
        err.reset();
        Context context = new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of(Control.SOCKET_VARIABLE, at.toString()),
                Clock.systemUTC(), path -> {
                    throw new AssertionError("no store is needed");
                }, FileNow::onThisMachine);
        return Main.run(Stream.concat(Stream.of("camflow"), Stream.of(arguments)).toArray(String[]::new), context);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayThatNoDaemonListens() {
        assertEquals(255, camflow(folder.resolve("none"), "-s"));
        assertEquals(2, out().lines().filter(line -> line.startsWith("\u001b[31m")).count(), this::out);
        assertTrue(out().contains("headwater start"), this::out);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"255 |", "0 | --bad", "255 | -e", "255 | --node-filter file", "255 | --track-file /x", "255 | --track-file /x maybe",
        "255 | --track-user root both", "0 | -h"})
    void shouldShowTheUsageAsCamflowDoes(int code, String line) {
        assertEquals(code, line == null ? camflow() : camflow(line.split(" ")));
        assertTrue(out().startsWith("Usage: camflow OPTION"), this::out);
        assertTrue(Stream.of("-h", "-v", "-s", "-c", "-p", "-e", "-a", "--enable-version", "--compress-node", "--compress-edge", "--duplicate",
                "--file", "--track-file", "--taint-file", "--opaque-file", "--process", "--track-process", "--taint-process",
                "--opaque-process", "--track-ipv4-ingress", "--track-ipv4-egress", "--track-secctx", "--track-cgroup", "--track-user",
                "--track-group", "--node-filter", "--edge-filter", "--node-propagate-filter", "--edge-propagate-filter",
                "--reset-filter", "--change-epoch", "--drop").allMatch(option -> out().contains("  " + option + " ")), this::out);
    }

    @Test
    void shouldShowTheStateLineByLine() {
        assertEquals(0, camflow("--duplicate", "false"), this::err);
        assertEquals(0, camflow("-c"), this::err);
        String policy = out();
        assertEquals(0, camflow("-p"));
        String hash = out().strip();
        assertTrue(hash.matches("[0-9a-f]{64}"), hash);
        assertEquals(0, camflow("-c"), this::err);
        assertEquals(policy, out(), "nothing was changed meanwhile");
        assertEquals(0, camflow("-s"), this::err);
        // A process that another test marks is recorded with what it has.
        assertTrue(out().matches("(?s)Machine id: 42\nPolicy hash: " + hash + "\nProvenance capture:\n- capture enabled;\n- all enabled;\n"
                + "- provenance (was not|has been) captured;\n.*"), this::out);
        assertTrue(out().contains(";\n- node compression enabled;\n- edge compression enabled;\n- duplication disabled;\n\nNode filter (0):\n"
                + "Derived filter (0):\nGenerated filter (0):\nUsed filter (0):\nInformed filter (0):\n\nPropagate node filter (0):\n"
                + "Propagate derived filter (0):\nPropagate generated filter (0):\nPropagate used filter (0):\n"
                + "Propagate informed filter (0):\n\nIPv4 ingress filter (0).\nIPv4 egress filter (0).\n"
                + "Security context filter (0).\nNamespace filter (0).\nUser filter (0).\nGroup filter (0).\n"), this::out);
    }

    @Test
    void shouldChangeSwitches() {
        assertEquals(0, camflow("-e", "true"), this::err);
        assertEquals("", out());
        assertEquals(255, camflow("-e", "yes"));
        assertEquals("Excepted a boolean, got yes.\n", out());
        assertEquals(0, camflow("--duplicate", "true"));
        assertEquals(0, camflow("-s"));
        assertTrue(out().contains("- duplication enabled;"), this::out);
        assertEquals(0, camflow("--compress-node", "false"));
        assertTrue(err().contains("without effect"), this::err);
        assertEquals(0, camflow("--compress-node", "true"));
        assertEquals("", err());
        assertEquals(0, camflow("--duplicate", "false"));
        assertEquals(0, camflow("--change-epoch"), this::err);
        assertEquals(0, camflow("--drop"));
        assertEquals("Graph elements dropped: \t\t0\n", out());
    }

    @Test
    void shouldPrintAFileThatSaysTheSame() throws IOException {
        assertEquals(0, camflow("-c"), this::err);
        assertTrue(out().startsWith(";Auto-generated configuration\n\n[provenance]\nmachine_id=42\nenabled=true\nall=true\n"), this::out);
        assertTrue(out().contains("\n[compression]\nversion=true\n"), this::out);
        CamflowConfig again = CamflowConfig.parse("c", out.toByteArray(), Machine.ANY).config().orElseThrow();
        assertEquals(42, again.provenance().machineId());
        assertEquals(out(), new String(again.toIni("Auto-generated configuration"), StandardCharsets.UTF_8));
    }

    private String node(String option, String what) {
        assertEquals(0, camflow(option, what), this::err);
        return out();
    }

    @Test
    void shouldMarkAndShowFiles() {
        String file = file().toString();
        String head = "Identifier: AAEAAAAAACDKAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=\nType: file\nID: 202\nBoot ID: 3\nMachine ID: 340646718\n"
                + "Version: 3\nTaint: ";
        assertEquals(head + "0\n\nFile is not tracked.\nFile is not opaque.\nFile is not propagating tracking.\n", node("--file", file));
        assertEquals(0, camflow("--track-file", file, "propagate"), this::err);
        assertEquals("", out());
        assertEquals(0, camflow("--taint-file", file, "63"), this::err);
        assertEquals(0, camflow("--taint-file", file, "0"), this::err);
        assertEquals(head + "8000000000000001\n\nFile is tracked.\nFile is not opaque.\nFile propagates tracking.\n", node("--file", file));
        assertEquals(0, camflow("--track-file", file, "false"), this::err);
        assertEquals(0, camflow("--opaque-file", file, "true"), this::err);
        assertTrue(node("--file", file).endsWith("\n\nFile is not tracked.\nFile is opaque.\nFile is not propagating tracking.\n"), this::out);
        assertEquals(0, camflow("--opaque-file", file, "false"), this::err);
        assertEquals(0, camflow("--track-file", file, "true"), this::err);
        assertTrue(node("--file", file).endsWith("\n\nFile is tracked.\nFile is not opaque.\nFile is not propagating tracking.\n"), this::out);
        assertEquals(1, camflow("--track-file", "/half-a-character-\ud800", "true"), "no path of this locale, nor of any");
        assertEquals(1, camflow("--track-file", "/no/such/file", "true"));
        assertTrue(err().contains("/no/such/file"), this::err);
    }

    @Test
    void shouldShowProcesses() {
        String said = node("--process", Long.toString(ProcessHandle.current().pid()));
        assertEquals("Identifier: x=\nType: 2305843009214218240\nID: 9\nBoot ID: 3\nMachine ID: 4294967295\nTaint: 0\n\n"
                + "Process is not tracked.\nProcess is not opaque.\nProcess is not propagating tracking.\n", said);
        assertEquals(255, camflow("--process", Integer.toString(0x7ffffff0)), "as CamFlow, which shows nothing then");
        assertTrue(err().contains("the record has nothing of it: pid=2147483632"), this::err);
        assertEquals(1, camflow("--track-process", Integer.toString(0x7ffffff0), "true"));
        assertTrue(err().contains("no such process"), this::err);
    }

    @Test
    void shouldFilterAndSelect() {
        for (String line : new String[] {"-a false", "--node-filter directory true", "--node-filter file true", "--edge-filter read true",
            "--edge-filter named true", "--edge-propagate-filter write true", "--node-propagate-filter char true",
            "--node-filter file false", "--track-user nobody track", "--track-user nobody propagate", "--track-group nogroup opaque",
            "--track-ipv4-egress 10.1.2.3/8:80 track", "--track-ipv4-egress 10.0.0.0/8:80 record",
            "--track-ipv4-ingress 0.0.0.0/0:22 propagate", "--track-cgroup 4026531835 track"}) {
            assertEquals(0, camflow(line.split(" ")), () -> line + ": " + err());
            assertEquals(line.contains("ipv4") ? "\u001b[31mOnly apply to newly created connection.\u001b[0m\n" : "", out());
        }
        assertEquals(0, camflow("-s"));
        String state = out();
        assertTrue(state.contains("- all disabled;\n"), state);
        assertTrue(state.contains("\nNode filter (200):\ndirectory\nDerived filter (1):\nnamed\nGenerated filter (0):\nUsed filter (1):\n"
                + "read\nInformed filter (0):\n\nPropagate node filter (400):\nchar\nPropagate derived filter (0):\n"
                + "Propagate generated filter (20):\nwrite\n"), state);
        assertTrue(state.contains("\nIPv4 ingress filter (1).\n0.0.0.0/0:22 propagate\nIPv4 egress filter (1).\n10.0.0.0/8:80 track record\n"
                + "Security context filter (0).\nNamespace filter (1).\n4026531835 track\nUser filter (1).\nnobody propagate\n"
                + "Group filter (1).\nnogroup opaque\n"), state);
        for (String line : new String[] {"--reset-filter", "--track-user nobody delete", "--track-group nogroup delete",
            "--track-ipv4-egress 10.0.0.0/8:80 delete", "--track-ipv4-ingress 0.0.0.0/0:22 delete", "--track-cgroup 4026531835 delete",
            "-a true"}) {
            assertEquals(0, camflow(line.split(" ")), () -> line + ": " + err());
        }
        shouldShowTheStateLineByLine();
        assertEquals(1, camflow("--track-user", "no-such-user", "track"));
    }

    @Test
    void shouldRefuseWhatIsNoType() {
        assertEquals(255, camflow("--node-filter", "fil", "true"));
        assertEquals("Error invalid node type\n", out());
        for (String type : new String[] {"file", "mmap_read", ""}) {
            assertEquals(255, camflow("--edge-filter", type, "true"));
            assertEquals("Error invalid relation type\n", out());
            assertEquals(255, camflow("--edge-propagate-filter", type, "true"));
        }
        for (String type : new String[] {"ran_on", "load_module"}) {
            assertEquals(1, camflow("--edge-filter", type, "true"), "a type, but not one that can be filtered");
            assertEquals("", out());
            assertTrue(err().contains("this relation type cannot be filtered"), this::err);
        }
        assertEquals(1, camflow("--taint-file", file().toString(), "64"));
        assertEquals(1, camflow("--track-ipv4-egress", "10.0.0.0/33:0", "track"));
        assertTrue(err().contains("prefix"), this::err);
    }

    /** CamFlow counts only what is lacking. */
    @Test
    void shouldPassOverWhatIsTooMuch() {
        assertEquals(0, camflow("-p"));
        String hash = out();
        assertEquals(0, camflow("-p", "--verbose", "x\ny"));
        assertEquals(hash, out());
        assertEquals("camflow: not looked at, one option for each call: --verbose x\\x0ay\n", err());
        assertEquals(0, camflow("-e", "true", "now"), this::err);
    }

    /** The calls of the scripts that there are, in the order in which they make them. */
    @ParameterizedTest
    @ValueSource(strings = {
        "0 -s;0 -e false;0 -a true;0 -a false;0 --compress-node true;0 --compress-edge true;0 --track-file . true;0 --track-file . false;"
            + "0 --label-file . test;0 --opaque-file . true;0 --opaque-file . false;0 --track-ipv4-ingress 0.0.0.0/32:0 track;0 -s;"
            + "0 --track-ipv4-ingress 0.0.0.0/32:0 delete;0 --track-user root track;0 -s;0 --track-user root delete;"
            + "0 --track-group root track;0 --track-group root delete;0 --node-filter file true;0 --node-filter file false;"
            + "0 --node-propagate-filter file true;0 --node-propagate-filter file false;255 --edge-filter mmap_read true;0 --reset-filter;"
            + "0 --channel test;0 -e true;0 -a true",
        "0 --opaque-file /usr/bin/sh false;0 --track-file /usr/bin/sh propagate;0 --duplicate true;0 -e true;0 -e false;"
            + "0 --track-file /usr/bin/sh false;0 -e true;0 --duplicate false",
        "0 --compress-node false;0 --compress-edge false;0 --duplicate false;0 --reset-filter;0 -v;0 -c;0 -s;0 --compress-node true;"
            + "0 --compress-edge true",
        "0 --track-user root opaque;0 -a true;0 -e true;0 --track-user root delete"})
    void shouldEndAsTheScriptsExpect(String script) {
        for (String call : script.split(";")) {
            String[] words = call.split(" ");
            assertEquals(Integer.parseInt(words[0]), camflow(Arrays.copyOfRange(words, 1, words.length)), () -> call + ": " + out() + err());
        }
    }

    @Test
    void shouldListTypesInTheOrderOfTheirBits() {
        for (String type : new String[] {"envp", "char", "directory"}) {
            assertEquals(0, camflow("--node-filter", type, "true"), this::err);
        }
        for (String type : new String[] {"open", "read"}) {
            assertEquals(0, camflow("--edge-filter", type, "true"), this::err);
        }
        assertEquals(0, camflow("-s"));
        assertTrue(out().contains("\nNode filter (4000600):\ndirectory\nchar\nenvp\nDerived filter (0):\n"), this::out);
        assertTrue(out().contains("\nUsed filter (81):\nread\nopen\nInformed filter"), this::out);
        assertEquals(0, camflow("--reset-filter"));
    }

    @Test
    void shouldSayTheVersionThatItIsLike() {
        assertEquals(0, camflow("-v"));
        assertTrue(out().startsWith("CamFlow v0.9.0\n") && out().contains("\n\nlibprovenance v0.5.5\n"), this::out);
    }
}
