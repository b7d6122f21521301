// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlTest {
    private static final int UID = uid();

    @TempDir
    Path store;

    private static int uid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ControlListener listener(Path store, Function<String, String> answerer) throws IOException {
        return new ControlListener(Control.socket(store), -1, UID,
                (line, length, from) -> answerer.apply(new String(line, 0, length, StandardCharsets.UTF_8)));
    }

    @Test
    void shouldAnswer() throws Exception {
        assertNull(Control.ask(store, Control.STATUS), "nobody listens yet");
        try (ControlListener listener = listener(store, line -> "you said " + line)) {
            assertEquals("you said " + Control.STATUS, Control.ask(store, Control.STATUS));
            listener.awaitEnd();
        }
        assertNull(Control.ask(store, Control.STATUS), "nobody listens any more");
        assertFalse(Files.exists(Control.socket(store)));
    }

    @Test
    void shouldLetNoOtherUserIn() throws Exception {
        ControlListener listener = listener(store, line -> line);
        try (listener) {
            assertEquals("rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(Control.socket(store))));
        }
    }

    @Test
    void shouldNotWaitForOneWhoSaysNothing() throws Exception {
        ControlListener listener = listener(store, line -> line);
        try (listener; SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(Control.socket(store)))) {
            assertTrue(silent.isConnected());
            assertEquals(Control.STATUS, Control.ask(store, Control.STATUS));
        }
    }

    @Test
    void shouldAnswerOthersWhileItStops() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Function<String, String> answerer = line -> {
            if (line.equals(Control.STOP)) {
                asked.countDown();
                try {
                    assertTrue(ended.await(20, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return line;
        };
        CompletableFuture<String> stop;
        ControlListener listener = listener(store, answerer);
        try (listener) {
            stop = CompletableFuture.supplyAsync(() -> {
                try {
                    return Control.ask(store, Control.STOP);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertTrue(asked.await(10, TimeUnit.SECONDS));
            assertEquals(Control.STATUS, Control.ask(store, Control.STATUS));
        }
        ended.countDown();
        listener.awaitEnd();
        assertEquals(Control.STOP, stop.get(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldTakeThePlaceOfOneThatWasKilled() throws Exception {
        Files.createFile(Control.socket(store));
        assertNull(Control.ask(store, Control.STATUS));
        ControlListener listener = listener(store, line -> line);
        try (listener) {
            assertEquals(Control.STOP, Control.ask(store, Control.STOP));
        }
    }

    @Test
    void shouldSayThatAPathIsTooLong() throws Exception {
        Path deep = Files.createDirectories(store.resolve("x".repeat(120)));
        IOException refused = assertThrows(IOException.class, () -> listener(deep, line -> line));
        assertTrue(refused.getMessage().contains("max=107") && refused.getMessage().contains("--store"), refused::getMessage);
        assertNull(Control.ask(deep, Control.STATUS));
    }

    private Path machine() throws IOException {
        // The store's folder is the owner's; this one is for all, so that only the socket itself decides.
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "hwc");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder.resolve("control.sock");
    }

    /** What a process of another user and group gets that asks at {@code socket}: an answer, or the name of the error. */
    private static String askAs(int uid, int gid, String groups, Path socket, String line) throws Exception {
        String program = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                try:
                    s.connect(sys.argv[1])
                    s.sendall(sys.argv[2].encode() + b'\\n')
                    print(s.makefile().readline().strip())
                except OSError as e:
                    print(type(e).__name__)
                """;
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid", "" + uid, "--regid", "" + gid));
        words.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + groups);
        words.addAll(List.of("/usr/bin/python3", "-c", program, socket.toString(), line));
        Process process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor());
        return said;
    }

    @Test
    void shouldLetTheGroupInAndNobodyElse() throws Exception {
        Path socket = machine();
        ControlListener.Answerer answerer = (line, length, from) -> "uid " + from.peer().uid() + " pid lives " + from.peerLives();
        MachineSocket listening = MachineSocket.listen(socket, 4242, answerer);
        try (listening) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals("uid 65534 pid lives true", askAs(65534, 4242, "", socket, "x"));
            assertEquals("uid 65534 pid lives true", askAs(65534, 65534, "7,4242", socket, "x"), "as a supplementary group");
            assertEquals("PermissionError", askAs(65534, 65534, "7", socket, "x"));
            // What the mode lets pass the credentials do not.
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
            assertTrue(askAs(65534, 65534, "7", socket, "x").contains("not allowed: uid=65534"));
            assertEquals("uid 0 pid lives true", askAs(0, 0, "", socket, "x"));
            assertNull(MachineSocket.listen(socket, 4242, answerer), "one daemon has it");
        }
        MachineSocket again = MachineSocket.listen(socket, -1, answerer);
        try (again) {
            assertEquals("PermissionError", askAs(65534, 4242, "", socket, "x"));
        }
    }

    @Test
    void shouldBearFloods() throws Exception {
        Path socket = Control.socket(store);
        List<SocketChannel> silent = new ArrayList<>();
        ControlListener listener = listener(store, line -> line);
        try (listener) {
            for (int i = 0; i < ControlListener.CONNECTIONS_MAX - 1; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
            assertEquals(Control.STATUS, Control.ask(store, Control.STATUS), "one is left");
            try (SocketChannel loud = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                ByteBuffer much = ByteBuffer.wrap("x".repeat(ControlRequest.LINE_BYTES_MAX + 1).getBytes(StandardCharsets.UTF_8));
                while (much.hasRemaining()) {
                    loud.write(much);
                }
                ByteBuffer answer = ByteBuffer.allocate(4096);
                assertTrue(loud.read(answer) > 0);
                assertTrue(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8).contains("the line is too long"));
                assertEquals(-1, loud.read(answer.clear()), "and the connection is closed");
            }
            for (SocketChannel one : silent) {
                one.close();
            }
            assertEquals(Control.STATUS, Control.ask(store, Control.STATUS));
        }
    }

    @Test
    void shouldAnswerSeveralLinesOfOneConnectionHoweverTheyCome() throws Exception {
        ControlListener listener = listener(store, line -> "<" + line + ">");
        try (listener; SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Control.socket(store)))) {
            for (String part : List.of("a\nb", "c\n\n", "d\n")) {
                channel.write(ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)));
                Thread.sleep(30);
            }
            ByteBuffer answers = ByteBuffer.allocate(64);
            String want = "<a>\n<bc>\n<>\n<d>\n";
            while (answers.position() < want.length() && channel.read(answers) >= 0) {
                // Until all have come.
            }
            assertEquals(want, new String(answers.array(), 0, answers.position(), StandardCharsets.UTF_8));
        }
    }
}
