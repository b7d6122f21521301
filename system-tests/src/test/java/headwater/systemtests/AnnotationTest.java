// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.query.SaidLines;
import headwater.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of logs become annotations of those who wrote them, on this machine's own kernel. Needs root. */
class AnnotationTest {
    private static final String REQUEST = "(?P<client>\\S+) \\S+ \\S+ \\[[^\\]]*\\] \"(?P<method>\\S+) (?P<path>\\S+) [^\"]*\" (?P<status>\\d+)";
    private static final List<String> SAID = List.of("write", "write", "writev", "pwrite", "pwritev", "parts", "renamed", "made", "thread",
            "child", "sendto", "sendmsg", "connected", "stream", "streamwrite");

    @TempDir
    Path folder;

    private List<SaidLines.Line> lines(Path store) {
        List<SaidLines.Line> lines = new ArrayList<>();
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            new SaidLines(view).each(null, Long.MIN_VALUE, Long.MAX_VALUE, lines::add);
        }
        return lines;
    }

    /** Those of the inputs that lie in this folder, by their names in it. */
    private static List<String> files(SaidLines.Line line, Path in) {
        return line.inputs().stream().map(SaidLines.Input::label).filter(label -> label.startsWith(in + "/"))
                .map(label -> label.substring(in.toString().length() + 1)).toList();
    }

    private CommandLine.Outcome run(Path store, List<String> annotations, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("run", "--store", store.toString(), "--front-end", "trace"));
        annotations.forEach(one -> words.addAll(List.of("--annotate", one)));
        words.add("--");
        words.addAll(Arrays.asList(command));
        return CommandLine.finish(CommandLine.start(folder, CommandLine.of(words.toArray(String[]::new))), folder);
    }

    @Test
    void shouldAttachEachLineToItsProcessAndToWhatWasReadForIt() throws Exception {
        Path work = Files.createDirectory(folder.toRealPath().resolve("work"));
        Files.createDirectory(work.resolve("logs"));
        Path in = Files.createDirectory(work.resolve("in"));
        for (String name : new TreeSet<>(SAID)) {
            Files.writeString(in.resolve(name), name);
        }
        Files.writeString(in.resolve("not-a-log"), "x");
        Path store = folder.resolve("store");
        CommandLine.Outcome outcome = run(store, List.of("all=" + work.resolve("logs") + "/",
                "messages=" + work.resolve("logs/messages")), "python3",
                Build.checkout().toRealPath().resolve("system-tests/src/test/python/lines.py").toString(), work.toString());
        assertEquals(0, outcome.status(), outcome::toString);
        List<SaidLines.Line> lines = lines(store);
        assertEquals(SAID, lines.stream().map(SaidLines.Line::text).toList());
        long parent = lines.getFirst().pid();
        for (SaidLines.Line line : lines) {
            assertEquals(line.text().equals("child"), line.pid() != parent, line::toString);
            assertTrue(files(line, in).contains(line.text()), line::toString);
            // What was sent to no log is read, and no line ends it: the next line has it too.
            assertTrue(List.of(List.of(line.text()), List.of("not-a-log", line.text())).contains(files(line, in)), line::toString);
        }
    }

    @Test
    void shouldAttachRequestsOfNginx() throws Exception {
        // The worker is another user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path work = Files.createDirectory(folder.toRealPath().resolve("nginx"));
        Path www = Files.createDirectory(work.resolve("www"));
        Files.createDirectory(work.resolve("logs"));
        Files.writeString(www.resolve("a.txt"), "a".repeat(5000));
        Files.writeString(www.resolve("b.txt"), "b");
        int port;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String temporary = String.join(" ", List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(kind -> kind + "_temp_path " + work.resolve(kind) + ";").toList());
        Files.writeString(work.resolve("nginx.conf"), """
                daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/logs/error.log;
                events { worker_connections 64; }
                http { access_log %1$s/logs/access.log; sendfile on; %3$s
                    server { listen 127.0.0.1:%2$d; root %1$s/www; } }
                """.formatted(work, port, temporary));
        String script = """
                /usr/sbin/nginx -p %1$s -c %1$s/nginx.conf & server=$!
                python3 -c '
                import http.client, time
                for i in range(100):
                    try:
                        client = http.client.HTTPConnection("127.0.0.1", %2$d); client.connect(); break
                    except OSError: time.sleep(0.1)
                for path in ["/a.txt", "/b.txt", "/a.txt", "/none", "/b.txt"]:
                    client.request("GET", path); client.getresponse().read()
                '
                kill $server; wait $server
                """.formatted(work, port);
        Path store = folder.resolve("store");
        CommandLine.Outcome outcome = run(store, List.of("nginx=" + work.resolve("logs/access.log") + ":" + REQUEST), "sh", "-c", script);
        assertEquals(0, outcome.status(), outcome::toString);
        List<SaidLines.Line> lines = lines(store);
        assertEquals(List.of("/a.txt 200 [a.txt]", "/b.txt 200 [b.txt]", "/a.txt 200 [a.txt]", "/none 404 []", "/b.txt 200 [b.txt]"),
                lines.stream().map(line -> line.fields().get("path") + " " + line.fields().get("status") + " " + files(line, www)).toList());
        assertEquals(1, lines.stream().map(SaidLines.Line::pid).distinct().count(), "all by one worker");
        assertTrue(lines.stream().allMatch(line -> line.process().contains("nginx")), lines::toString);
    }

    @Test
    void shouldNotBeFlooded() throws Exception {
        Path log = folder.toRealPath().resolve("flood.log");
        Path store = folder.resolve("store");
        int written = 200_000;
        CommandLine.Outcome outcome = run(store, List.of("flood=" + log), "python3", "-c",
                "import os; f = os.open('" + log + "', os.O_WRONLY | os.O_CREAT | os.O_APPEND)\nfor i in range(" + written
                        + "): os.write(f, b'line %d\\n' % i)");
        assertEquals(0, outcome.status(), outcome::toString);
        long kept = lines(store).size();
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            assertTrue(view.gaps().stream().allMatch(gap -> gap.kind() == Gap.Kind.LINE), "no flow is lost: " + view.gaps());
            assertEquals(written, kept + view.gaps().stream().mapToLong(Gap::count).sum(), "kept, or said to be left out");
        }
        assertTrue(kept < written / 2, "kept=" + kept);
        assertTrue(outcome.err().contains(" 0 lost") && outcome.err().contains("lines of logs left out"), outcome::toString);
    }
}
