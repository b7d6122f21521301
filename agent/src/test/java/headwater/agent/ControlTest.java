// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlTest {
    @TempDir
    Path store;

    @Test
    void shouldAnswer() throws Exception {
        assertNull(Control.ask(store, Control.STATUS), "nobody listens yet");
        try (Control.Listener listener = new Control.Listener(store, line -> "you said " + line)) {
            assertEquals("you said status", Control.ask(store, Control.STATUS));
            listener.awaitEnd();
        }
        assertNull(Control.ask(store, Control.STATUS), "nobody listens any more");
        assertFalse(Files.exists(Control.socket(store)));
    }

    @Test
    void shouldLetNoOtherUserIn() throws Exception {
        Control.Listener listener = new Control.Listener(store, line -> line);
        try (listener) {
            assertEquals("rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(Control.socket(store))));
        }
    }

    @Test
    void shouldNotWaitForOneWhoSaysNothing() throws Exception {
        Control.Listener listener = new Control.Listener(store, line -> line);
        try (listener; SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(Control.socket(store)))) {
            assertTrue(silent.isConnected());
            assertEquals("status", Control.ask(store, Control.STATUS));
        }
    }

    @Test
    void shouldAnswerOthersWhileItStops() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Control.Answerer answerer = line -> {
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
        Control.Listener listener = new Control.Listener(store, answerer);
        try (listener) {
            stop = CompletableFuture.supplyAsync(() -> {
                try {
                    return Control.ask(store, Control.STOP);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertTrue(asked.await(10, TimeUnit.SECONDS));
            assertEquals("status", Control.ask(store, Control.STATUS));
        }
        ended.countDown();
        listener.awaitEnd();
        assertEquals("stop", stop.get(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldTakeThePlaceOfOneThatWasKilled() throws Exception {
        Files.createFile(Control.socket(store));
        assertNull(Control.ask(store, Control.STATUS));
        Control.Listener listener = new Control.Listener(store, line -> line);
        try (listener) {
            assertEquals("stop", Control.ask(store, Control.STOP));
        }
    }

    @Test
    void shouldSayThatAPathIsTooLong() throws Exception {
        Path deep = Files.createDirectories(store.resolve("x".repeat(120)));
        IOException refused = assertThrows(IOException.class, () -> new Control.Listener(deep, line -> line));
        assertTrue(refused.getMessage().contains("max=107") && refused.getMessage().contains("--store"), refused::getMessage);
        assertNull(Control.ask(deep, Control.STATUS));
    }
}
