// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import headwater.recorders.Recorder;
import headwater.recorders.RecorderDriver;
import headwater.recorders.RecorderSpec;
import java.util.Set;

/**
 * {@code kafka}: {@code address} ({@code HOST:PORT}, or several with commas), {@code topic} (default
 * {@code headwater}), {@code partitions} (8) and {@code replication} (0: the broker's default) of a topic that is not
 * there yet, {@code properties_file} (settings of Kafka's client, such as for TLS and passwords), {@code host} (the
 * host's name, for readers).
 */
public final class KafkaDriver implements RecorderDriver {
    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Recorder recorder(RecorderSpec spec) {
        spec.allow(Set.of("address", "topic", "partitions", "replication", "properties_file", "host"));
        String topic = spec.setting("topic", "headwater");
        if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
            throw new IllegalArgumentException("recorder " + spec.name() + ": not a topic: topic=" + topic
                    + ", want letters, digits, . _ -");
        }
        return new KafkaRecorder(new ClientSettings(spec),
                new Topic(topic, (int) spec.number("partitions", 8, 1, 10_000),
                (short) spec.number("replication", 0, 0, 100)), spec.settings().get("host"));
    }
}
