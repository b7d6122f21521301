// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;

/** A Kafka broker in a process of its own, which is also its own controller. For one thread. */
final class Broker {
    private static final long START_MS = 90_000;

    private final Path folder;
    private final Path properties;
    private final int port;
    private Process process;

    Broker(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        port = freePort();
        int controller = freePort();
        properties = Files.writeString(folder.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%d
                listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                controller.listener.names=CONTROLLER
                log.dirs=%s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=1
                group.initial.rebalance.delay.ms=0
                """.formatted(controller, port, controller, folder.resolve("data")));
        Process format = java("kafka.tools.StorageTool", "format", "-t", Uuid.randomUuid().toString(), "-c",
                properties.toString());
        if (format.waitFor() != 0) {
            throw new IOException("storage cannot be formatted: " + Files.readString(folder.resolve("log")));
        }
        start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process java(String... words) throws IOException {
        List<String> all = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx300m", "-cp",
                System.getProperty("java.class.path")));
        all.addAll(List.of(words));
        return new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException, InterruptedException {
        process = java("kafka.Kafka", properties.toString());
        long deadline = System.nanoTime() + START_MS * 1_000_000;
        while (!answers()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("broker does not start: " + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(200);
        }
    }

    private boolean answers() throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address(), "default.api.timeout.ms", 2_000,
                "request.timeout.ms", 1_000))) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException | KafkaException e) {
            return false;
        }
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    String address() {
        return "127.0.0.1:" + port;
    }
}
