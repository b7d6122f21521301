// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.outputs.LogFollower;
import headwater.outputs.OutputFormat;
import headwater.outputs.StrictConsumer;
import headwater.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon itself, on this machine's kernel, with a recording of the test's own processes: its files, outputs and control. */
@Timeout(120)
class DaemonTest {
    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private RecordedDaemon daemon;

    private Path store() {
        return folder.resolve("store");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Starts a daemon that records {@code script}, which begins when {@code go} is made. */
    private void start(Path config, Path outputs, Path socket, String script) throws Exception {
        daemon = RecordedDaemon.start(folder, config, outputs, socket, script);
    }

    private String ask(String request) throws IOException {
        return daemon.ask(request);
    }

    private void stop() throws IOException {
        daemon.stop();
    }

    private void go() throws Exception {
        daemon.go();
    }

    @AfterEach
    void end() throws Exception {
        if (daemon != null) {
            daemon.close();
        }
        processes.forEach(process -> process.destroyForcibly().onExit().join());
    }

    private Process process(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(folder.resolve("process." + processes.size()).toFile()).start();
        processes.add(process);
        return process;
    }

    private static void await(String what, Condition holds) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!holds.holds()) {
            assertTrue(System.nanoTime() < deadline, "not so in time: " + what);
            Thread.sleep(20);
        }
    }

    /** Something that becomes true. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private int broker() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path config = file("mosquitto.conf", "listener " + port + " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nuser root\n");
        process("/usr/sbin/mosquitto", "-c", config.toString());
        await("the broker listens", () -> {
            try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
        return port;
    }

    /** A program that receives datagrams at {@code address}, and appends each to {@code into} with a newline for its NUL. */
    private void receiver(Path address, Path into) throws Exception {
        process("/usr/bin/python3", "-c", """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind(sys.argv[1])
                with open(sys.argv[2], 'wb', 0) as f:
                    while True:
                        f.write(s.recv(1 << 22).replace(b'\\0', b'\\n'))
                """, address.toString(), into.toString());
        await("the receiver listens", () -> Files.exists(address));
    }

    private long[] consumed(Stream<String> documents) {
        StrictConsumer consumer = new StrictConsumer();
        documents.filter(document -> !document.isEmpty()).forEach(consumer::w3c);
        consumer.acyclic();
        return new long[] {consumer.nodes(), consumer.edges()};
    }

    @Test
    void shouldRunRecordersAndNotWaitForOneThatIsDead() throws Exception {
        Path prov = folder.resolve("prov");
        Path outputs = file("camflowd.ini", "[general]\noutput=null\nformat=w3c\nrecorder=gzip\nrecorder=spade\n[gzip]\npath=" + prov
                + "\n[spade]\npath=" + folder.resolve("nobody-makes-this") + "\n");
        start(file("camflow.ini", "[provenance]\nenabled=true\nall=true\n"), outputs, null, "for i in 1 2 3; do sort /etc/passwd >f$i; done");
        go();
        await("gzip has caught up", () -> ask(Control.STATUS)
                .matches(".*\"name\":\"gzip\",\"kind\":\"gzip\",\"state\":\"caught_up\",\"behind\":0,.*\"recorded\":[1-9].*"));
        String status = ask(Control.STATUS);
        assertTrue(status.matches(".*\"name\":\"spade\",\"kind\":\"spade\",\"state\":\"opening\",\"behind\":[1-9][0-9]*,.*"), status);
        assertTrue(status.contains("\"lost\":0"), status);
        stop();
        StrictConsumer consumer = new StrictConsumer();
        Process zcat = new ProcessBuilder("sh", "-c", "zcat " + prov + "/*.gz").redirectError(ProcessBuilder.Redirect.INHERIT).start();
        zcat.inputReader(StandardCharsets.UTF_8).lines().forEach(consumer::w3c);
        assertEquals(0, zcat.waitFor());
        try (Store store = Store.openForReading(store()); GraphView view = store.view()) {
            // What came with the end itself may be left for the next start.
            assertTrue(consumer.edges() > 20 && consumer.edges() <= view.edges(), consumer.edges() + " of " + view.edges());
        }
    }

    @Test
    void shouldSendToAllOutputsAtOnceAndNotWaitForOneThatDoesNotRead() throws Exception {
        int port = broker();
        Path address = folder.resolve("graph.sock");
        Path datagrams = folder.resolve("datagrams");
        receiver(address, datagrams);
        Path log = folder.resolve("graph.log");
        Path fifo = folder.resolve("graph.fifo");
        List<byte[]> messages = subscribe(port);
        Path outputs = file("camflowd.ini", "[general]\noutput=log\noutput=unix\noutput=fifo\noutput=mqtt\nformat=w3c\n[log]\npath="
                + log + "\nrotate_size=64K\nrotate_count=1000\n[unix]\naddress=" + address + "\n[fifo]\npath=" + fifo
                + "\n[mqtt]\naddress=127.0.0.1:" + port + "\nqos=2\ntopic=camflow/provenance/\n");
        start(file("camflow.ini", "[provenance]\nenabled=true\nall=true\nmachine_id=4711\n"), outputs, null,
                "for i in $(seq 60); do sort /etc/passwd | gzip >p.gz; gunzip <p.gz >q; cp q r; done");
        go();
        // The FIFO's reader has not come: capture and the other three do not mind.
        long[] want;
        await("all but the FIFO have caught up", () -> {
            String status = ask(Control.STATUS);
            return count(status, "\"state\":\"caught_up\"") == 3 && count(status, "\"behind\":0") == 3
                    && status.contains("\"destination\":\"fifo\",\"format\":\"w3c\",\"state\":\"opening\"");
        });
        assertTrue(ask(Control.STATUS).contains("\"lost\":0"));
        // Now it comes, is stopped in the middle, goes on, and gets everything.
        Process reader = process("/bin/sh", "-c", "exec tr '\\0' '\\n' <" + fifo + " >" + folder.resolve("read"));
        signal(reader, "STOP");
        Thread.sleep(300);
        assertTrue(ask(Control.STATUS).contains("\"running\":true"));
        signal(reader, "CONT");
        await("the FIFO has caught up", () -> count(ask(Control.STATUS), "\"behind\":0") == 4);
        stop();
        reader.waitFor();
        try (GraphView view = Store.openForReading(store()).view()) {
            want = new long[] {view.nodes(), view.edges()};
            assertEquals(4711, view.sessions().getFirst().machineId());
            assertTrue(want[1] > 3000, () -> "edges: " + want[1]);
        }
        List<Path> files = rotated(log);
        assertTrue(files.size() > 3, files::toString);
        assertEquals(want(want), want(consumed(files.stream().flatMap(DaemonTest::lines))), "log");
        assertEquals(want(want), want(consumed(lines(folder.resolve("read")))), "fifo");
        await("all datagrams are written", () -> lines(datagrams).filter(line -> line.startsWith("{")).count() > 0
                && want(want).equals(want(consumed(lines(datagrams)))));
        await("all messages have come", () -> want(want).equals(want(consumed(messages.stream().map(DaemonTest::document)))));
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-s", name, "" + process.pid()).start().waitFor());
    }

    private static String want(long[] counts) {
        return counts[0] + " nodes, " + counts[1] + " edges";
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is published below CamFlow's topic from now on, in the order in which it comes. */
    private static List<byte[]> subscribe(int port) throws Exception {
        List<byte[]> messages = new java.util.concurrent.CopyOnWriteArrayList<>();
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + port, "reader", new MemoryPersistence());
        client.connect();
        client.subscribe("camflow/provenance/#", 2, (topic, message) -> {
            assertEquals("camflow/provenance/4711", topic);
            messages.add(message.getPayload());
        });
        return messages;
    }

    /** The document of a message: base64 of its zlib form. */
    private static String document(byte[] message) {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(message)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The files of a rotated log, the oldest first. */
    private static List<Path> rotated(Path log) {
        List<Path> files = new ArrayList<>(IntStream.range(1, 1000).mapToObj(n -> log.resolveSibling(log.getFileName() + "." + n))
                .takeWhile(Files::exists).toList());
        Collections.reverse(files);
        files.add(log);
        return files;
    }

    @Test
    void shouldTakeAnotherFileWhileItRecords() throws Exception {
        Path log = folder.resolve("a.log");
        Path config = file("camflow.ini", "[provenance]\nenabled=true\nall=true\n");
        Path outputs = file("camflowd.ini", "[general]\noutput=log\nformat=w3c\n[log]\npath=" + log + "\n");
        Path followed = folder.resolve("followed");
        boolean[] goesOn = {true};
        CompletableFuture<Void> follower;
        start(config, outputs, null, "cp /etc/passwd one; until [ -e on ]; do sleep 0.05; done; cp one two");
        Files.createFile(folder.resolve("go"));
        await("the first file is written", () -> Files.exists(log) && Files.readString(log).contains(folder + "/one"));
        Files.writeString(outputs, "[general]\noutput=log\nformat=w3x\n[log]\npath=" + log + "\n");
        follower = CompletableFuture.runAsync(() -> {
            try (OutputStream out = Files.newOutputStream(followed)) {
                LogFollower.follow(store(), OutputFormat.W3C, true, out, said -> { }, () -> goesOn[0]);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        await("a follower has what the first file has", () -> Files.exists(followed) && Files.readString(followed).contains(folder + "/one"));
        String refused = Control.ask(store(), Control.RELOAD);
        assertTrue(refused.contains("\"ok\":false") && refused.contains(outputs + ":3: error: "), refused);
        Path other = folder.resolve("b.log");
        Files.writeString(outputs, "[general]\noutput=log\nformat=spade_json\n[log]\npath=" + other + "\n");
        Files.writeString(config, "[provenance]\nenabled=true\nall=true\n[headwater]\nfront_end=lsm\nall=true\n");
        String notes = ask(Control.RELOAD);
        assertTrue(notes.contains("takes effect at the next start: section=headwater, key=front_end"), notes);
        assertTrue(notes.contains("unknown key"), notes);
        Files.createFile(folder.resolve("on"));
        await("the second file is written", () -> Files.exists(other) && Files.readString(other).contains(folder + "/two"));
        assertFalse(Files.readString(log).contains(folder + "/two"));
        await("the follower too", () -> Files.readString(followed).contains(folder + "/two"));
        stop();
        goesOn[0] = false;
        follower.join();
        try (GraphView view = Store.openForReading(store()).view()) {
            assertEquals(want(new long[] {view.nodes(), view.edges()}), want(consumed(lines(followed))), "with its ends again at each edge");
            assertEquals(2, strings(view, "policy of " + config).size(), "at the start, and at the reload");
        }
    }

    private static List<Long> strings(GraphView view, String value) {
        List<Long> found = new ArrayList<>();
        for (long node = 0; node < view.nodes(); node++) {
            long object = view.object(node);
            byte[] bytes = view.kind(object) == NodeKind.STRING ? view.attributes(object).bytes(Attribute.VALUE) : null;
            if (bytes != null && new String(bytes, StandardCharsets.UTF_8).equals(value)) {
                found.add(node);
            }
        }
        return found;
    }

    @Test
    void shouldRecordWhoChangedWhat() throws Exception {
        Path socket = Files.createDirectory(folder.resolve("run")).resolve("control.sock");
        Path config = file("camflow.ini", "[provenance]\nenabled=true\nall=true\n");
        Path outputs = file("camflowd.ini", "[general]\noutput=null\nformat=w3c\n");
        Path asks = file("ask.py", """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                s.connect(sys.argv[1])
                s.sendall(sys.argv[2].encode() + b'\\n')
                sys.exit(0 if '"ok":true' in s.makefile().readline() else 1)
                """);
        String edit = "{\"version\":1,\"request\":\"edit\",\"edits\":[{\"do\":\"set\",\"section\":\"compression\",\"key\":\"duplicate\","
                + "\"value\":true}]}";
        start(config, outputs, socket, "/usr/bin/python3 ask.py " + socket + " '" + edit + "'");
        assertTrue(Files.exists(asks));
        go();
        String policy = ask("{\"version\":1,\"request\":\"policy\"}");
        assertTrue(new String(Base64.getDecoder().decode(policy.replaceAll(".*\"ini\":\"([^\"]*)\".*", "$1")), StandardCharsets.UTF_8)
                .contains("\nduplicate=true\n"), policy);
        String impossible = Control.ask(store(), "{\"version\":1,\"request\":\"edit\",\"edits\":[{\"do\":\"set\",\"section\":\"headwater\","
                + "\"key\":\"front_end\",\"value\":\"lsm\"}]}");
        assertTrue(impossible.contains("cannot be changed while the capture runs"), impossible);
        String wrong = Control.ask(store(), "{\"version\":1,\"request\":\"edit\",\"edits\":[{\"do\":\"add\",\"section\":\"provenance\","
                + "\"key\":\"node_filter\",\"value\":\"directoy\"}]}");
        assertTrue(wrong.contains("unknown node type: value=directoy; did you mean directory?"), wrong);
        stop();
        try (GraphView view = Store.openForReading(store()).view()) {
            List<Long> changes = strings(view, "policy: compression.duplicate = true");
            assertEquals(1, changes.size());
            GraphView.Attributes said = view.attributes(view.object(changes.getFirst()));
            assertEquals(0, said.number(Attribute.UID, -1));
            assertTrue(new String(said.bytes(Attribute.COMMAND), StandardCharsets.UTF_8).startsWith("/usr/bin/python3 ask.py "));
            List<Long> writers = new ArrayList<>();
            view.causes(changes.getFirst(), (edge, relation, other, time) -> {
                assertEquals(Relation.WRITE, relation);
                return writers.add(other);
            });
            assertEquals(1, writers.size());
            GraphView.Attributes task = view.attributes(view.object(writers.getFirst()));
            assertEquals(said.number(Attribute.TGID, -1), task.number(Attribute.TGID, -2));
            assertTrue(new String(task.bytes(Attribute.COMMAND), StandardCharsets.UTF_8).startsWith("python3"));
        }
    }


    @Test
    void shouldSelectOtherwiseWhileItRecords() throws Exception {
        Path secret = file("secret", "secret\n");
        Path config = file("camflow.ini", "[provenance]\nenabled=true\nall=true\n[taint]\nfile=5 " + secret + "\n");
        Path outputs = file("camflowd.ini", "[general]\noutput=null\nformat=w3c\n");
        start(config, outputs, null, "cp /etc/passwd before; touch d1; until [ -e on1 ]; do sleep 0.05; done\n"
                + "cp /etc/passwd during; touch d2; until [ -e on2 ]; do sleep 0.05; done\ncp secret after");
        Files.createFile(folder.resolve("go"));
        await("the first part", () -> Files.exists(folder.resolve("d1")));
        long changed = System.nanoTime();
        ask(set("enabled", "false"));
        assertTrue(System.nanoTime() - changed < TimeUnit.SECONDS.toNanos(5), "takes effect in under a second, unless the machine is busy");
        Files.createFile(folder.resolve("on1"));
        await("the second part", () -> Files.exists(folder.resolve("d2")));
        ask(set("enabled", "true"));
        String marks = ask("{\"version\":1,\"request\":\"node\",\"path\":\"" + secret + "\"}");
        assertTrue(marks.contains("\"taint\":\"20\""), marks);
        Files.createFile(folder.resolve("on2"));
        daemon.awaitScript();
        stop();
        try (GraphView view = Store.openForReading(store()).view()) {
            assertEquals(1, view.find(Attribute.NAME, (folder + "/before").getBytes(StandardCharsets.UTF_8)).length);
            assertEquals(0, view.find(Attribute.NAME, (folder + "/during").getBytes(StandardCharsets.UTF_8)).length);
            assertEquals(1, view.find(Attribute.NAME, (folder + "/after").getBytes(StandardCharsets.UTF_8)).length);
            assertEquals(1, strings(view, "policy: provenance.enabled = false").size());
            assertEquals(1, strings(view, "policy: provenance.enabled = true").size());
        }
    }

    private static String set(String key, String value) {
        return "{\"version\":1,\"request\":\"edit\",\"edits\":[{\"do\":\"set\",\"section\":\"provenance\",\"key\":\"" + key
                + "\",\"value\":" + value + "}]}";
    }
}
