// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.kafka.BlockChains;
import headwater.kafka.BlockConsumer;
import headwater.kafka.BlockMessage;
import headwater.kafka.MalformedMessageException;
import headwater.outputs.Outputs;
import headwater.recorders.KeptGraph;
import headwater.recorders.LongStore;
import headwater.recorders.RecorderSpec;
import headwater.recorders.Recorders;
import headwater.store.log.LogBlock;
import headwater.store.log.MalformedPayloadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker, read by a plain consumer and by the reader; broker and recorder are killed in the middle. */
class KafkaRecorderTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir
    static Path brokerFolder;

    private static Broker broker;
    private static int topics;

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private LongStore store;
    private String topic;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        broker = new Broker(brokerFolder);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (broker != null) {
            broker.kill();
        }
    }

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = new LongStore(path, 3);
        topic = "headwater-" + ++topics;
    }

    @AfterEach
    void end() {
        store.close();
    }

    private RecorderSpec spec(String name) {
        return new RecorderSpec(name, "kafka", Map.of("address", broker.address(), "topic", topic, "partitions", "3",
                "host", "web1"));
    }

    private Recorders start(Path from) {
        return Recorders.start(from, List.of(spec("kafka")), from.equals(path) ? Outputs.durable(store.store().writer())
                : position -> true, said::add);
    }

    /** All messages, as any consumer of the committed ones gets them. */
    private List<ConsumerRecord<byte[], byte[]>> messages() {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", broker.address(),
                "isolation.level", "read_committed"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(500)).forEach(all::add);
            }
        }
        return all;
    }

    private void assertKept(Path from, List<ConsumerRecord<byte[], byte[]>> records, UUID id) throws IOException,
            MalformedPayloadException {
        KeptGraph want = KeptGraph.of(from);
        KeptGraph is = new KeptGraph();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BlockChains chains = new BlockChains();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            BlockMessage message = chains.take(record).orElseThrow(() -> new AssertionError("twice: " + record));
            if (message.store().equals(id)) {
                message.block().replay(is);
                bytes.writeBytes(record.value());
            }
        }
        KeptGraph.assertSame("sessions", want.sessions(), is.sessions());
        KeptGraph.assertSame("nodes", want.nodes(), is.nodes());
        KeptGraph.assertSame("edges", want.edges(), is.edges());
        KeptGraph.assertSame("attributes", want.attributes(), is.attributes());
        KeptGraph.assertSame("gaps", want.gaps(), is.gaps());
        // Byte for byte what the log has behind the header of its only segment.
        byte[] segment = Files.readAllBytes(from.resolve("log/00000001.hwlog"));
        assertArrayEquals(java.util.Arrays.copyOfRange(segment, 128, segment.length), bytes.toByteArray());
    }

    @Test
    void shouldHaveEveryBlockOnceThoughBrokerAndRecorderAreKilled() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (Recorders recorders = start(path)) {
                store.grow(6_000, 12);
                store.turn();
                if (round == 0) {
                    assertTrue(recorders.await(LONG), () -> recorders.status().toString());
                }
                broker.kill();
                store.grow(4_000, 8);
                assertTrue(recorders.status().getFirst().behind() > 0);
                broker.start();
                if (round == 1) {
                    assertTrue(recorders.await(LONG), () -> recorders.status().toString());
                }
            }
        }
        assertKept(path, messages(), store.store().log().store());
    }

    @Test
    void shouldCarrySeveralStoresAndGiveThemToTheReader() throws Exception {
        store.grow(2_000, 5);
        Path otherPath = folder.resolve("other");
        try (LongStore other = new LongStore(otherPath, 8)) {
            other.grow(3_000, 4);
            try (Recorders first = start(path); Recorders second = start(otherPath)) {
                assertTrue(first.await(LONG), () -> first.status().toString());
                assertTrue(second.await(LONG), () -> second.status().toString());
            }
            assertKept(path, messages(), store.store().log().store());
            assertKept(otherPath, messages(), other.store().log().store());
        }
        KeptGraph graph = new KeptGraph();
        UUID id = store.store().log().store();
        try (BlockConsumer blocks = new BlockConsumer(Map.of("bootstrap.servers", broker.address()), topic)) {
            while (graph.edges().size() < store.edges()) {
                for (BlockMessage message : blocks.poll(Duration.ofSeconds(5))) {
                    assertEquals("web1", message.host());
                    if (message.store().equals(id)) {
                        message.block().replay(graph);
                    }
                }
            }
        }
        KeptGraph.assertSame("edges", KeptGraph.of(path).edges(), graph.edges());
        for (ConsumerRecord<byte[], byte[]> record : messages()) {
            assertTrue(new String(record.key()).equals(id + "/0") || !id.equals(BlockMessage.storeOf(record)));
        }
    }

    /** As docs/recorders-kafka.md says: with the topic, one statement of the store, and its public key. */
    @Test
    void shouldLetAReaderHoldTheTopicAgainstASignature() throws Exception {
        Path closed = folder.resolve("closed");
        try (LongStore other = new LongStore(closed, 21)) {
            other.grow(500, 5);
            other.end();
        }
        try (Recorders recorders = start(closed)) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        String line = Files.readAllLines(closed.resolve("log/00000001.hwseal")).getLast();
        String chain = Files.readAllLines(closed.resolve("keys/chain")).getLast();
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(
                Base64.getDecoder().decode(chain.replaceFirst(".* pub=(\\S+) .*", "$1"))));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(line.substring(0, line.indexOf(" sig=")).getBytes(StandardCharsets.US_ASCII));
        assertTrue(signature.verify(Base64.getDecoder().decode(line.substring(line.indexOf(" sig=") + 5))), line);
        long blocks = Long.parseLong(line.replaceFirst(".* blocks=(\\d+) .*", "$1"));
        BlockChains chains = new BlockChains();
        String hash = "";
        for (ConsumerRecord<byte[], byte[]> record : messages()) {
            BlockMessage message = chains.take(record).orElseThrow();
            hash = message.block().number() == blocks - 1 ? message.block().hash().toString() : hash;
        }
        assertTrue(blocks > 2, line);
        assertEquals(line.replaceFirst(".* hash=(\\S+) .*", "$1"), hash);
    }

    @Test
    void shouldFindWhereItWasWhenTheBrokerForgotIt() throws Exception {
        store.grow(2_000, 5);
        try (Recorders recorders = start(path)) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        UUID id = store.store().log().store();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.deleteConsumerGroupOffsets("headwater-recorder-" + id, Set.of(new TopicPartition(topic, 0))).all()
                    .get();
        }
        store.grow(2_000, 5);
        try (Recorders recorders = start(path)) {
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
        }
        assertKept(path, messages(), id);
    }

    @Test
    void shouldSeeWhateverIsWrongWithAMessage() throws Exception {
        store.grow(500, 6);
        List<LogBlock> blocks = new ArrayList<>();
        var log = store.store().log();
        for (var at = log.start();;) {
            var after = log.readBlock(at, position -> true, blocks::add);
            if (after.block() == at.block()) {
                break;
            }
            at = after;
        }
        UUID id = log.store();
        BlockChains chains = new BlockChains();
        assertTrue(chains.take(record(id, blocks.get(0), 0)).isPresent());
        assertTrue(chains.take(record(id, blocks.get(1), 1)).isPresent());
        assertTrue(chains.take(record(id, blocks.get(1), 2)).isEmpty(), "the same again");
        assertThrown(chains, record(id, blocks.get(3), 3), "blocks are missing: store=" + id + ", is=3, want=2");
        assertThrown(chains, record(UUID.randomUUID(), blocks.get(0), 3), "root of the store");
        ConsumerRecord<byte[], byte[]> flipped = record(id, blocks.get(2), 3);
        flipped.value()[300] ^= 4;
        assertThrown(chains, flipped, "checksum of the block is wrong");
        flipped.value()[300] ^= 4;
        assertTrue(chains.take(flipped).isPresent());
        try (LongStore fork = new LongStore(folder.resolve("fork"), 12)) {
            fork.grow(500, 6);
            List<LogBlock> others = new ArrayList<>();
            var at = fork.store().log().start();
            for (int i = 0; i < 4; i++) {
                at = fork.store().log().readBlock(at, position -> true, others::add);
            }
            assertThrown(chains, record(id, others.get(3), 3), "chain broken: store=" + id + ", block=3");
        }
        ConsumerRecord<byte[], byte[]> foreign = new ConsumerRecord<>("t", 0, 9, new byte[0], new byte[0]);
        assertThrown(chains, foreign, "header is missing: header=headwater.store");
    }

    private static void assertThrown(BlockChains chains, ConsumerRecord<byte[], byte[]> record, String what) {
        String message = assertThrows(MalformedMessageException.class, () -> chains.take(record)).getMessage();
        assertTrue(message.contains(what), message);
    }

    private static ConsumerRecord<byte[], byte[]> record(UUID id, LogBlock block, long offset) {
        var sent = new BlockMessage(id, "web1", block).toRecord("t");
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, offset, sent.key(), sent.value().clone());
        sent.headers().forEach(record.headers()::add);
        return record;
    }

    @Test
    void shouldSayWhatIsWrong() throws InterruptedException {
        assertFalse(assertThrows(IllegalArgumentException.class, () -> new KafkaDriver()
                .recorder(new RecorderSpec("x", "kafka",
                Map.of()))).getMessage().isEmpty());
        RecorderSpec missing = new RecorderSpec("x", "kafka", Map.of("address", broker.address(), "properties_file",
                "/no/such"));
        try (Recorders recorders = Recorders.start(path, List.of(missing), position -> true, said::add)) {
            for (int i = 0; i < 1000 && recorders.status().getFirst().lastError().isEmpty(); i++) {
                Thread.sleep(10);
            }
            assertTrue(recorders.status().getFirst().lastError().contains("properties_file=/no/such"),
                    recorders.status().toString());
        }
    }
}
