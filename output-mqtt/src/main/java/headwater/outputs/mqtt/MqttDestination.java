// SPDX-License-Identifier: Apache-2.0
package headwater.outputs.mqtt;

import headwater.outputs.Destination;
import headwater.outputs.Document;
import headwater.outputs.Stop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Publishes each document as base64 of its zlib form, to the topic prefix and the decimal machine id, and waits until the broker has it
 * (QoS 1 and 2). About every ten seconds an empty message goes to {@code keepalive}. Connects with the first document, as the
 * machine's id is also the client's. For one thread.
 */
final class MqttDestination implements Destination {
    private static final String KEEPALIVE_TOPIC = "keepalive";
    private static final long KEEPALIVE_INTERVAL_NS = 10_000_000_000L;
    private static final int CONNECT_SECONDS = 10;
    private static final int INFLIGHT = 1000;
    private static final long ANSWER_MS = 20_000;

    private final String uri;
    private final String username;
    private final String password;
    private final int qos;
    private final String topic;
    private final String clientId;
    private MqttClient client;
    private long aliveNs;

    /** @param clientId empty for the machine id */
    MqttDestination(String uri, String username, String password, int qos, String topic, String clientId) {
        this.uri = uri;
        this.username = username;
        this.password = password;
        this.qos = qos;
        this.topic = topic;
        this.clientId = clientId;
    }

    @Override
    public void open(Stop stop) {
        // Connected with the first document.
    }

    private void connect(String machine) throws MqttException {
        client = new MqttClient(uri, clientId.isEmpty() ? machine : clientId, new MemoryPersistence());
        client.setTimeToWait(ANSWER_MS);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(true);
        options.setAutomaticReconnect(false);
        options.setConnectionTimeout(CONNECT_SECONDS);
        // One is under way at a time; but the client counts some of those before it as well.
        options.setMaxInflight(INFLIGHT);
        if (!username.isEmpty()) {
            options.setUserName(username);
            options.setPassword(password.toCharArray());
        }
        client.connect(options);
        aliveNs = System.nanoTime() - KEEPALIVE_INTERVAL_NS;
    }

    @Override
    public void send(Document document, Stop stop) throws IOException {
        stop.check();
        String machine = Integer.toUnsignedString(document.machineId());
        try {
            if (client == null) {
                connect(machine);
            }
            client.publish(topic + machine, payload(document), qos, false);
        } catch (MqttException e) {
            throw named(e);
        }
        idle();
    }

    static byte[] payload(Document document) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater zlib = new Deflater();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, zlib)) {
            out.write(document.bytes());
        } finally {
            zlib.end();
        }
        return Base64.getEncoder().encode(packed.toByteArray());
    }

    @Override
    public void idle() throws IOException {
        if (client == null || System.nanoTime() - aliveNs < KEEPALIVE_INTERVAL_NS) {
            return;
        }
        try {
            client.publish(KEEPALIVE_TOPIC, new byte[0], 0, false);
        } catch (MqttException e) {
            throw named(e);
        }
        aliveNs = System.nanoTime();
    }

    /** With QoS 0 nobody knows what arrived; with 1 and 2 the broker has said so. */
    @Override
    public boolean keeps() {
        return qos > 0;
    }

    private IOException named(MqttException e) {
        String cause = e.getCause() == null ? e.getMessage() : e.getMessage() + " (" + e.getCause().getMessage() + ")";
        return new IOException("broker does not take it: address=" + uri + ", reason=" + e.getReasonCode() + ", cause=" + cause, e);
    }

    @Override
    public void close() {
        if (client == null) {
            return;
        }
        try {
            if (client.isConnected()) {
                client.disconnect(ANSWER_MS);
            }
        } catch (MqttException e) {
            // It is let go all the same.
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            // Closed already.
        }
        client = null;
    }
}
