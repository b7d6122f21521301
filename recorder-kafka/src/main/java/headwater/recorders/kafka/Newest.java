// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import headwater.kafka.BlockMessage;
import headwater.kafka.MalformedMessageException;
import headwater.recorders.Recorded;
import headwater.store.log.LogBlock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks for the newest block of a store among the newest messages of a topic: for where the broker has forgotten how
 * far the recorder had come.
 *
 * @param topic which is there
 */
record Newest(ClientSettings settings, Topic topic) {
    /** Of each partition. */
    private static final long MESSAGES = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(2);

    /**
     * Nothing, if none of the messages is of {@code store}; then what may be there comes once more, and readers leave
     * it out.
     */
    Recorded of(UUID store) throws IOException {
        Map<String, Object> all = settings.common();
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", false);
        Recorded newest = Recorded.nothing(store);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition())).toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            consumer.beginningOffsets(partitions).forEach((partition, from) ->
                    consumer.seek(partition, Math.max(from, ends.get(partition) - MESSAGES)));
            ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            while (!ends.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
                    newest = later(newest, record, store);
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        return newest;
    }

    private static Recorded later(Recorded newest, ConsumerRecord<byte[], byte[]> record, UUID store) {
        if (!store.equals(BlockMessage.storeOf(record))) {
            return newest;
        }
        try {
            LogBlock block = BlockMessage.of(record).block();
            return block.number() < newest.blocks() ? newest : new Recorded(block.number() + 1, block.hash());
        } catch (MalformedMessageException e) {
            // Not what a recorder wrote.
            return newest;
        }
    }
}
