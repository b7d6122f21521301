// SPDX-License-Identifier: Apache-2.0
package headwater.outputs.mqtt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A mosquitto of its own, on a port of the loopback, that knows one user. */
final class Broker implements AutoCloseable {
    static final String USER = "headwater";
    static final String PASSWORD = "geheim";

    private final Path folder;
    private final int port;
    private Process process;

    Broker(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path passwords = Files.writeString(folder.resolve("passwords"), "");
        Process made = new ProcessBuilder("mosquitto_passwd", "-b", passwords.toString(), USER, PASSWORD).inheritIO().start();
        assertTrue(made.waitFor() == 0, "mosquitto_passwd");
        Files.writeString(folder.resolve("mosquitto.conf"), "listener " + port + " 127.0.0.1\nallow_anonymous false\npassword_file "
                + passwords + "\nuser root\npersistence true\npersistence_location " + folder + "/\nmax_queued_messages 0\n");
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    void start() throws IOException, InterruptedException {
        process = new ProcessBuilder("/usr/sbin/mosquitto", "-c", folder.resolve("mosquitto.conf").toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("mosquitto.log").toFile()).start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!listens()) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, Files.readString(folder.resolve("mosquitto.log")));
            Thread.sleep(20);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends it; what it has acknowledged it keeps for readers that come back. */
    void stop() {
        if (process != null) {
            process.destroy();
            process.onExit().join();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
