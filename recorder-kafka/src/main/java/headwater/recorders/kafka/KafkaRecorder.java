// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import headwater.kafka.BlockMessage;
import headwater.outputs.Stop;
import headwater.recorders.Recorded;
import headwater.recorders.Recorder;
import headwater.store.log.BlockHash;
import headwater.store.log.LogBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends each block as a message, several in one transaction with the number of blocks. That number is kept as an offset
 * of a consumer group that is the recorder's own, so that broker and recorder cannot disagree. For one thread.
 */
final class KafkaRecorder implements Recorder {
    private static final Duration CLOSE = Duration.ofSeconds(2);
    /** Brokers forget offsets that were not committed for a week. */
    private static final long REFRESH_NS = 3_600_000_000_000L;

    private final ClientSettings settings;
    private final Topic topic;
    private final String host;
    private KafkaProducer<byte[], byte[]> producer;
    private UUID store;
    private Recorded has;
    private ConsumerGroupMetadata groupMetadata;
    private boolean begun;
    private long refreshedNs;
    private volatile Exception failure;

    /** @param host null for this machine's name */
    KafkaRecorder(ClientSettings settings, Topic topic, String host) {
        this.settings = settings;
        this.topic = topic;
        this.host = host == null ? hostName() : host;
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public Recorded open(UUID id, Stop stop) throws IOException {
        store = id;
        begun = false;
        failure = null;
        try (Admin admin = Admin.create(settings.common())) {
            topic.make(admin);
            producer = new KafkaProducer<>(settings.producer("headwater-" + topic.name() + "-" + id),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            // Ends what another producer of this name had under way; from here on nobody else commits.
            producer.initTransactions();
            groupMetadata = metadata();
            OffsetAndMetadata kept = admin.listConsumerGroupOffsets(group(),
                    new ListConsumerGroupOffsetsOptions().requireStable(true)).partitionsToOffsetAndMetadata().get()
                    .get(place());
            has = kept == null ? new Newest(settings, topic).of(id)
                    : new Recorded(kept.offset(), BlockHash.parse(kept.metadata()));
            refreshedNs = System.nanoTime();
            return has;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException | KafkaException | IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /** Of a group that has no members; only a consumer gives it, though nothing is asked of a broker. */
    private ConsumerGroupMetadata metadata() throws IOException {
        Map<String, Object> all = settings.common();
        all.put("group.id", group());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    private String group() {
        return "headwater-recorder-" + store;
    }

    private TopicPartition place() {
        return new TopicPartition(topic.name(), 0);
    }

    @Override
    public void take(LogBlock block, Stop stop) throws IOException {
        try {
            if (!begun) {
                producer.beginTransaction();
                begun = true;
            }
            producer.send(new BlockMessage(store, host, block).toRecord(topic.name()), (metadata, e) -> {
                if (e != null) {
                    failure = e;
                }
            });
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    @Override
    public void commit(Recorded all, Stop stop) throws IOException {
        try {
            producer.flush();
            if (failure != null) {
                throw refused(failure);
            }
            producer.sendOffsetsToTransaction(Map.of(place(),
                    new OffsetAndMetadata(all.blocks(), all.hash().toString())), groupMetadata);
            producer.commitTransaction();
            begun = false;
            has = all;
            refreshedNs = System.nanoTime();
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    @Override
    public void idle() throws IOException {
        if (!begun && has.blocks() > 0 && System.nanoTime() - refreshedNs > REFRESH_NS) {
            try {
                producer.beginTransaction();
                begun = true;
                commit(has, null);
            } catch (KafkaException e) {
                throw refused(e);
            }
        }
    }

    private IOException refused(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        String deeper = cause.getCause() == null ? "" : " (" + cause.getCause().getMessage() + ")";
        return new IOException("Kafka does not take it: address=" + settings.address() + ", topic=" + topic.name()
                + ", cause="
                + cause.getMessage() + deeper, e);
    }

    @Override
    public void close() {
        if (producer != null) {
            try {
                producer.close(CLOSE);
            } catch (KafkaException e) {
                // What was not committed the broker undoes.
            }
            producer = null;
        }
    }
}
