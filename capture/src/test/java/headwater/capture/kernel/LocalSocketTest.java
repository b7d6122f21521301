// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends are this process: the kernel says so. */
class LocalSocketTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path folder;

    private LocalSocket listen() throws IOException {
        return LocalSocket.listen(folder.resolve("s"), "rw-rw-rw-", 8);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
        return channel;
    }

    @Test
    void shouldSayWhoConnectedAndWhoSent() throws IOException {
        try (LocalSocket listening = listen(); SocketChannel client = connect(); LocalSocket accepted = listening.accept();
                ForeignProcess process = ForeignProcess.ofPeer(accepted); Arena arena = Arena.ofConfined()) {
            assertEquals(PosixFilePermissions.fromString("rw-rw-rw-"), Files.getPosixFilePermissions(folder.resolve("s")));
            long self = ProcessHandle.current().pid();
            assertEquals(self, process.peer().pid());
            assertEquals(Files.getAttribute(folder, "unix:uid"), process.peer().uid());
            assertTrue(process.holdsId());
            client.write(ByteBuffer.wrap(bytes("hello")));
            MemorySegment into = arena.allocate(100);
            LocalSocket.Received received = accepted.receive(into);
            assertEquals(self, received.pid());
            assertArrayEquals(bytes("hello"), into.asSlice(0, received.length()).toArray(ValueLayout.JAVA_BYTE));
            assertTrue(received.descriptors().isEmpty() && !received.cut());
            accepted.send(bytes("answer"));
            ByteBuffer answer = ByteBuffer.allocate(100);
            assertEquals(6, client.read(answer));
            client.shutdownOutput();
            assertEquals(0, accepted.receive(into).length());
        }
    }

    @Test
    void shouldGiveUpInTimeAndAtTheEnd() throws Exception {
        try (LocalSocket listening = listen(); SocketChannel client = connect(); LocalSocket accepted = listening.accept();
                Arena arena = Arena.ofConfined()) {
            accepted.receiveTimeout(20);
            MemorySegment into = arena.allocate(10);
            assertEquals(Errno.EAGAIN, assertThrows(KernelException.class, () -> accepted.receive(into)).errno());
            CompletableFuture<KernelException> ended = CompletableFuture.supplyAsync(
                    () -> assertThrows(KernelException.class, listening::accept));
            Thread.sleep(50);
            listening.end();
            ended.get(10, TimeUnit.SECONDS);
            assertTrue(client.isOpen());
        }
    }

    @Test
    void shouldRefuseAPathThatIsTooLong() {
        Path path = folder.resolve("x".repeat(108));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LocalSocket.listen(path, "rw-------", 1)).getMessage()
                .contains("max=107"));
    }

    @Test
    void shouldKnowAProcessThatHasGone() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try (ForeignProcess process = ForeignProcess.byId(new LocalSocket.Peer((int) sleep.pid(), 0, 0, new int[0]))) {
            assertTrue(process.holdsId());
            sleep.destroyForcibly().waitFor();
            assertFalse(process.holdsId());
            assertThrows(KernelException.class, () -> process.openByPath(bytes("/"), false));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldOpenWithTheRightsOfTheOther() throws Exception {
        Assumptions.assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid")), "root takes on another's rights");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path open = Files.writeString(folder.resolve("open"), "");
        Path hidden = Files.createDirectory(folder.resolve("hidden"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwx------")));
        Files.writeString(hidden.resolve("file"), "");
        int self = (int) ProcessHandle.current().pid();
        try (ForeignProcess nobody = ForeignProcess.byId(new LocalSocket.Peer(self, NOBODY, NOBODY, new int[] {7}));
                ForeignProcess root = ForeignProcess.byId(new LocalSocket.Peer(self, 0, 0, new int[0]))) {
            Libc.close(nobody.openByPath(bytes(open.toString()), false));
            assertEquals(Errno.EACCES, refusal(nobody, open, true));
            assertEquals(Errno.EACCES, refusal(nobody, hidden.resolve("file"), false));
            assertEquals(Errno.EACCES, refusal(nobody, hidden.resolve("none"), false), "whether it is there is hidden too");
            int fd = root.openByPath(bytes(hidden.resolve("file").toString()), true);
            assertFalse(ForeignProcess.isOpen(fd, false), "only named");
            assertFalse(ForeignProcess.isOfProc(fd));
            Libc.close(fd);
            Files.writeString(hidden.resolve("again"), "root has its rights again");
            int proc = root.openByPath(bytes("/proc/self/environ"), false);
            assertTrue(ForeignProcess.isOfProc(proc));
            Libc.close(proc);
            assertThrows(KernelException.class, () -> root.openByPath(bytes("/proc/self/root/etc"), false), "a link to what another has");
            // A user's rights include his groups'.
            Files.setAttribute(open, "unix:gid", 7);
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-r--"));
            Libc.close(nobody.openByPath(bytes(open.toString()), true));
        }
    }

    private static int refusal(ForeignProcess process, Path path, boolean toWrite) {
        return assertThrows(KernelException.class, () -> process.openByPath(bytes(path.toString()), toWrite)).errno();
    }
}
