// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.neo4j;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.exceptions.Neo4jException;

/** A Neo4j server in a process of its own. For one thread. */
final class Server {
    private static final long START_MS = 120_000;

    private final Path folder;
    private final int port;
    private Process process;

    Server(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        start();
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException, InterruptedException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xmx500m", "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), ServerMain.class.getName(), folder.resolve("server").toString(),
                Integer.toString(port)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
        long deadline = System.nanoTime() + START_MS * 1_000_000;
        while (!answers()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("server does not start: " + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(300);
        }
    }

    Driver driver() {
        return GraphDatabase.driver(address(), AuthTokens.none());
    }

    private boolean answers() {
        try (Driver driver = driver()) {
            driver.executableQuery("RETURN 1").execute();
            return true;
        } catch (Neo4jException e) {
            return false;
        }
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    String address() {
        return "bolt://127.0.0.1:" + port;
    }
}
