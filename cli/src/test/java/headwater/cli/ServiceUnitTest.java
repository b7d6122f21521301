// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.query.FileNow;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit by which systemd runs the daemon, and its readiness as the daemon tells it. */
class ServiceUnitTest {
    private static final Path UNIT = Path.of("..", "dist", "systemd", "headwater.service");
    private static final String LAUNCHER = "/usr/local/bin/headwater";
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    /** Stands in for the service manager; another program is the better witness. */
    private static final String RECEIVER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1].replace('@', '\\0'))
            s.settimeout(30)
            print('bound', flush=True)
            print(repr(s.recv(4096)))
            """;

    @TempDir
    Path folder;

    private static Map<String, Map<String, List<String>>> unit() throws IOException {
        Map<String, Map<String, List<String>>> sections = new LinkedHashMap<>();
        String section = "";
        for (String line : Files.readAllLines(UNIT)) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                sections.computeIfAbsent(section, key -> new LinkedHashMap<>())
                        .computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>()).add(line.substring(equals + 1));
            }
        }
        return sections;
    }

    @Test
    void shouldRunTheDaemonUnderTheNameOfCamflowsToo() throws IOException {
        Map<String, Map<String, List<String>>> unit = unit();
        Map<String, List<String>> service = unit.get("Service");
        assertEquals(List.of("camflowd.service"), unit.get("Install").get("Alias"));
        assertEquals(List.of("multi-user.target"), unit.get("Install").get("WantedBy"));
        assertEquals(List.of(LAUNCHER + " start --foreground"), service.get("ExecStart"));
        assertEquals(List.of("/bin/kill -HUP $MAINPID"), service.get("ExecReload"), "the daemon reads its configuration again at SIGHUP");
        assertEquals(List.of("notify"), service.get("Type"));
        assertEquals(List.of(ExitCode.WRONG_USE + " " + ExitCode.DAMAGED + " " + ExitCode.NOT_POSSIBLE),
                service.get("RestartPreventExitStatus"));
        assertEquals(List.of("143"), service.get("SuccessExitStatus"), "stopped by SIGTERM, it has not failed");
        for (String sandbox : List.of("ProtectSystem", "PrivateTmp", "PrivateDevices", "PrivateNetwork", "ProtectHome", "RootDirectory",
                "DynamicUser", "User")) {
            assertTrue(!service.containsKey(sandbox), sandbox + ": the daemon would not see the machine's own files and processes");
        }
    }

    @Test
    void shouldBeRightToSystemd() throws IOException, InterruptedException {
        // With the launcher of this checkout, as no other need be installed.
        String text = Files.readString(UNIT);
        Path copy = Files.writeString(folder.resolve("headwater.service"),
                text.replace(LAUNCHER, Path.of("..", "headwater").toRealPath().toString()));
        assertTrue(Files.isExecutable(Path.of("..", "headwater")));
        if (!Files.exists(ANALYZE)) {
            // The structure is held by the other test; here what systemd is strict about: no line but sections, keys and comments.
            assertTrue(text.lines().allMatch(line -> line.isEmpty() || line.startsWith("# ") || line.matches("\\[\\w+]|\\w+=\\S.*")));
            return;
        }
        Process process = new ProcessBuilder(ANALYZE.toString(), "verify", "--man=no", copy.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Of the machine's own units it may say something too.
        assertEquals(List.of(), said.lines().filter(line -> line.contains("headwater")).toList());
        assertEquals(0, process.waitFor(), said);
    }

    private String told(String address) throws IOException, InterruptedException {
        Process receiver = new ProcessBuilder("python3", "-c", RECEIVER, address).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = receiver.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("bound", lines.readLine());
            assertEquals("", ready(address));
            return lines.readLine();
        } finally {
            receiver.destroyForcibly().waitFor();
        }
    }

    /** What is said on standard error. */
    private static String ready(String address) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Context context = new Context(OutputStream.nullOutputStream(), new PrintStream(err, true, StandardCharsets.UTF_8),
                address == null ? Map.of() : Map.of(ReadyNotice.SOCKET_VARIABLE, address), Clock.systemUTC(), path -> {
                    throw new AssertionError("no store is needed");
                }, FileNow::onThisMachine);
        ReadyNotice.ready("recording the whole system (trace,\nstore /x)", context);
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellTheServiceManagerThatItRecords() throws IOException, InterruptedException {
        String message = "b'READY=1\\nSTATUS=recording the whole system (trace, store /x)\\n'";
        assertEquals(message, told(folder.resolve("notify").toString()));
        assertEquals(message, told("@headwater-test-" + ProcessHandle.current().pid()));
        assertEquals("", ready(null));
        String gone = ready(folder.resolve("gone").toString());
        assertTrue(gone.startsWith("headwater: the service manager cannot be told") && gone.contains("NOTIFY_SOCKET=" + folder.resolve("gone")),
                gone);
    }
}
