// SPDX-License-Identifier: Apache-2.0
package headwater.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all of a topic from its beginning, as it grows: blocks of all stores, of each in order and once. For one
 * thread.
 *
 * <pre>
 * try (BlockConsumer blocks = new BlockConsumer(Map.of("bootstrap.servers", "localhost:9092"), "headwater")) {
 *     while (true) {
 *         for (BlockMessage message : blocks.poll(Duration.ofSeconds(1))) {
 *             message.block().replay(sink);
 *         }
 *     }
 * }
 * </pre>
 */
public final class BlockConsumer implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockChains chains = new BlockChains();

    /**
     * @param settings of Kafka's consumer, at least {@code bootstrap.servers}; what was not committed is never read
     * @throws IOException if the topic is not there
     */
    public BlockConsumer(Map<String, Object> settings, String topic) throws IOException {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try {
            consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            if (partitions.isEmpty()) {
                consumer.close();
                throw new IOException("no such topic: topic=" + topic);
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (KafkaException e) {
            throw new IOException("Kafka does not answer: topic=" + topic + ", cause=" + e.getMessage(), e);
        }
    }

    /**
     * The next blocks; none if nothing came within {@code time}.
     *
     * @throws MalformedMessageException at a message that is none, or does not follow
     * @throws IOException if Kafka does not answer
     */
    public List<BlockMessage> poll(Duration time) throws IOException {
        List<BlockMessage> blocks = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(time)) {
                chains.take(record).ifPresent(blocks::add);
            }
        } catch (KafkaException e) {
            throw new IOException("Kafka does not answer: cause=" + e.getMessage(), e);
        }
        return blocks;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
