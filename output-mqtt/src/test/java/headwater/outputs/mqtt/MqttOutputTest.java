// SPDX-License-Identifier: Apache-2.0
package headwater.outputs.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.outputs.LongCapture;
import headwater.outputs.OutputFormat;
import headwater.outputs.OutputSpec;
import headwater.outputs.Outputs;
import headwater.outputs.StrictConsumer;
import headwater.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.InflaterInputStream;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long captures through a real broker, which dies and comes back. */
class MqttOutputTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final AtomicInteger alive = new AtomicInteger();

    private MqttClient subscribe(Broker broker) throws MqttException {
        MqttClient client = new MqttClient("tcp://" + broker.address(), "reader", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(Broker.USER);
        options.setPassword(Broker.PASSWORD.toCharArray());
        // The broker keeps for this reader what it has acknowledged and not delivered when it ends.
        options.setCleanSession(false);
        client.setCallback(new MqttCallback() {
            @Override
            public void messageArrived(String topic, MqttMessage message) throws IOException {
                if (topic.equals("keepalive")) {
                    alive.addAndGet(message.getPayload().length == 0 ? 1 : 1000);
                    return;
                }
                assertEquals("camflow/provenance/340646718", topic);
                byte[] packed = Base64.getDecoder().decode(message.getPayload());
                received.add(new String(new InflaterInputStream(new ByteArrayInputStream(packed)).readAllBytes(), StandardCharsets.UTF_8));
            }

            @Override
            public void connectionLost(Throwable cause) {
                // The test ends the broker itself.
            }

            @Override
            public void deliveryComplete(IMqttDeliveryToken token) {
                // A reader sends nothing.
            }
        });
        client.connect(options);
        client.subscribe("camflow/provenance/#", 1);
        client.subscribe("keepalive", 0);
        return client;
    }

    private OutputSpec spec(Broker broker, String password) {
        return new OutputSpec("broker", "mqtt", OutputFormat.W3C,
                Map.of("address", broker.address(), "username", Broker.USER, "password", password));
    }

    @Test
    void shouldPublishEverythingThoughTheBrokerDies() throws IOException, InterruptedException, MqttException {
        Path path = folder.resolve("store");
        try (Store store = Store.openForWriting(path, "test"); Broker broker = new Broker(Files.createDirectory(folder.resolve("broker")))) {
            LongCapture capture = new LongCapture(store.writer(), 3);
            capture.begin();
            capture.go(20_000);
            store.writer().sync();
            broker.start();
            MqttClient reader = subscribe(broker);
            StrictConsumer consumer = new StrictConsumer();
            try (Outputs outputs = Outputs.start(path, List.of(spec(broker, Broker.PASSWORD)), line -> { })) {
                for (int i = 0; i < 4; i++) {
                    consumer.w3c(received.poll(30, TimeUnit.SECONDS));
                }
                broker.stop();
                reader.close(true);
                capture.go(10_000);
                store.writer().sync();
                awaitError(outputs);
                consumer.mayRepeat();
                received.forEach(consumer::w3c);
                received.clear();
                broker.start();
                reader = subscribe(broker);
                assertTrue(outputs.await(LONG), () -> outputs.status().toString());
                while (consumer.edges() < capture.edges()) {
                    String document = received.poll(30, TimeUnit.SECONDS);
                    assertTrue(document != null, () -> "edges=" + consumer.edges() + ", want=" + capture.edges());
                    consumer.w3c(document);
                }
                assertTrue(alive.get() >= 1 && alive.get() < 1000, "keepalive=" + alive);
            } finally {
                reader.disconnectForcibly(100, 100);
                reader.close(true);
            }
            consumer.acyclic();
        }
    }

    private static void awaitError(Outputs outputs) throws InterruptedException {
        for (int i = 0; i < 1500 && outputs.status().getFirst().lastError().isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertTrue(outputs.status().getFirst().lastError().contains("broker does not take it"), () -> outputs.status().toString());
    }

    @Test
    void shouldSayThatTheBrokerRefusesThePassword() throws IOException, InterruptedException {
        Path path = folder.resolve("store");
        try (Store store = Store.openForWriting(path, "test"); Broker broker = new Broker(Files.createDirectory(folder.resolve("broker")))) {
            new LongCapture(store.writer(), 3).begin();
            store.writer().sync();
            broker.start();
            try (Outputs outputs = Outputs.start(path, List.of(spec(broker, "wrong")), line -> { })) {
                awaitError(outputs);
                assertTrue(outputs.status().getFirst().behind() > 0);
            }
        }
    }
}
