// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends are this process: the kernel says so. */
class PeerSocketTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path folder;

    private PeerSocket listen() {
        return PeerSocket.listen(folder.resolve("s"), 8);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
        return channel;
    }

    @Test
    void shouldSayWhoConnectedAndWhoSent() throws IOException {
        try (PeerSocket listening = listen(); SocketChannel client = connect(); PeerSocket accepted = listening.accept(1000)) {
            ForeignProcess process = ForeignProcess.ofPeer(accepted);
            long self = ProcessHandle.current().pid();
            assertEquals(self, process.peer().pid());
            assertEquals(Files.getAttribute(folder, "unix:uid"), process.peer().uid());
            assertTrue(process.lives());
            accepted.askWhoSends();
            byte[] into = new byte[100];
            assertNull(accepted.receive(into, 10), "nothing yet");
            client.write(ByteBuffer.wrap(bytes("hello")));
            PeerSocket.Received received = accepted.receive(into, 1000);
            assertEquals(self, received.pid());
            assertEquals("hello", new String(into, 0, received.length(), StandardCharsets.UTF_8));
            assertTrue(received.descriptors().isEmpty() && !received.cut());
            assertTrue(accepted.write(bytes("answer"), 1000));
            ByteBuffer answer = ByteBuffer.allocate(100);
            assertEquals(6, client.read(answer));
            client.shutdownOutput();
            assertEquals(-1, accepted.receive(into, 1000).length());
        }
    }

    @Test
    void shouldKnowAProcessThatHasGone() {
        ForeignProcess process = new ForeignProcess(new PeerSocket.Peer((int) ProcessHandle.current().pid(), 0, 0, new int[0]), () -> false);
        assertEquals(Errno.ESRCH, assertThrows(KernelException.class, () -> process.openByPath(bytes("/"), false)).errno());
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
        ForeignProcess nobody = new ForeignProcess(new PeerSocket.Peer(self, NOBODY, NOBODY, new int[] {7}), () -> true);
        ForeignProcess root = new ForeignProcess(new PeerSocket.Peer(self, 0, 0, new int[0]), () -> true);
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

    private static int refusal(ForeignProcess process, Path path, boolean toWrite) {
        return assertThrows(KernelException.class, () -> process.openByPath(bytes(path.toString()), toWrite)).errno();
    }
}
