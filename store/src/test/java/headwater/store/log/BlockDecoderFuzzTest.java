// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.RandomEvents;
import headwater.store.ReferenceGraph;
import headwater.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes are, the decoder gives events that keep the sink's rules, or its own exception. */
class BlockDecoderFuzzTest {
    @FuzzTest
    void decodesOrSaysWhatIsWrong(byte[] data) {
        if (data.length < BlockHeader.LENGTH_BYTES) {
            return;
        }
        decode(data);
    }

    @Test
    void shouldSurviveMutatedPayloads() {
        long seed = System.nanoTime();
        System.out.println("BlockDecoderFuzzTest seed=" + seed);
        Random random = new Random(seed);
        int decoded = 0;
        int refused = 0;
        for (int round = 0; round < 20; round++) {
            byte[] block = plainBlock(random.nextLong(), 1 + random.nextInt(300));
            assertTrue(decode(block));
            for (int i = 0; i < 1_000; i++) {
                byte[] mutated = block.clone();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    int at = BlockHeader.LENGTH_BYTES + random.nextInt(mutated.length - BlockHeader.LENGTH_BYTES);
                    mutated[at] = (byte) random.nextInt();
                }
                if (decode(mutated)) {
                    decoded++;
                } else {
                    refused++;
                }
            }
        }
        assertTrue(decoded > 0 && refused > 0, "decoded=" + decoded + ", refused=" + refused);
    }

    @Test
    void shouldSurviveMutatedZstdFramesAndHeaders() {
        Random random = new Random(3);
        byte[] block = storedBlock(9, 2_000);
        assertEquals(LogFormat.CODEC_ZSTD, BlockHeader.of(block).codec());
        assertTrue(decode(block));
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = block.clone();
            int limit = i % 2 == 0 ? BlockHeader.LENGTH_BYTES : mutated.length;
            mutated[8 + random.nextInt(limit - 8)] = (byte) random.nextInt();
            decode(mutated);
        }
    }

    @Test
    void shouldSurviveMutatedFiles(@TempDir Path temp) throws IOException {
        Random random = new Random(4);
        try (LogWriter writer = new LogWriter(LogRecovery.open(temp, SegmentFile.Opener.FILES, 1 << 20, 0))) {
            RandomEvents events = new RandomEvents(6);
            for (int i = 0; i < 3; i++) {
                events.feed(50, writer);
                writer.flush();
            }
        }
        Path segment = temp.resolve(LogFormat.segmentName(1));
        byte[] whole = Files.readAllBytes(segment);
        for (int i = 0; i < 1_000; i++) {
            byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(50) * random.nextInt(2));
            int from = random.nextInt(mutated.length);
            for (int at = from; at < Math.min(mutated.length, from + random.nextInt(20)); at++) {
                mutated[at] = (byte) random.nextInt();
            }
            Files.write(segment, mutated);
            try {
                new LogReader(temp).replay(new ReferenceGraph());
            } catch (StoreException e) {
                assertTrue(e.getMessage().contains(segment.toString()), e.getMessage());
            }
        }
    }

    /** Decodes a block without asking for its checksum; false if it says that something is wrong. */
    private static boolean decode(byte[] block) {
        BlockHeader header = BlockHeader.of(block);
        if (header.fault(block) != null || block.length < BlockHeader.LENGTH_BYTES + header.storedLength()) {
            return false;
        }
        try (BlockDecoder decoder = new BlockDecoder()) {
            decoder.decode(header, block, new RuleSink(header));
            return true;
        } catch (MalformedPayloadException e) {
            return false;
        }
    }

    private static byte[] storedBlock(long seed, int events) {
        LogPosition start = new LogPosition(1, SegmentHeader.LENGTH_BYTES, 0, 0, 0, 0, 0, false,
                BlockHash.root(new UUID(1, 2)), 0);
        try (BlockEncoder encoder = new BlockEncoder(start)) {
            new RandomEvents(seed).feed(events, new EncoderSink(encoder));
            encoder.finish();
            return Arrays.copyOf(encoder.block(), encoder.blockLength());
        }
    }

    /** The same block with its payload uncompressed, so that a changed byte reaches the columns. */
    private static byte[] plainBlock(long seed, int events) {
        byte[] stored = storedBlock(seed, events);
        BlockHeader header = BlockHeader.of(stored);
        byte[] raw = new byte[BlockHeader.LENGTH_BYTES + header.rawLength()];
        if (header.codec() == LogFormat.CODEC_NONE) {
            return stored;
        }
        try (com.github.luben.zstd.ZstdDecompressCtx zstd = new com.github.luben.zstd.ZstdDecompressCtx()) {
            zstd.decompressByteArray(raw, BlockHeader.LENGTH_BYTES, header.rawLength(), stored,
                    BlockHeader.LENGTH_BYTES, header.storedLength());
        }
        new BlockHeader(LogFormat.CODEC_NONE, header.sessionOpen(), 0, 0, header.events(), header.nodes(),
                header.edges(), header.objects(), 0, 0, 0, header.lowestNs(), header.highestNs(), header.rawLength(),
                header.rawLength(), header.previous()).write(raw);
        return raw;
    }

    /** Fails if an event breaks a rule of {@link GraphSink} that a reader relies on. */
    private static final class RuleSink implements GraphSink {
        private long nodes;
        private long edges;
        private long objects;

        private RuleSink(BlockHeader header) {
            nodes = header.firstNode();
            edges = header.firstEdge();
            objects = header.firstObject();
        }

        @Override
        public void sessionStart(Session session) {
        }

        @Override
        public void sessionEnd(long timeNs) {
        }

        @Override
        public void node(long node, long object, int version, NodeKind kind, long timeNs) {
            assertEquals(nodes++, node);
            assertTrue(object >= 0 && object <= objects && version >= 0);
            objects = Math.max(objects, object + 1);
        }

        @Override
        public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
                long offset) {
            assertEquals(edges++, edge);
            assertTrue(cause >= 0 && cause < nodes && effect >= 0 && effect < nodes && task >= -1 && task < nodes);
        }

        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            assertTrue(object >= 0 && object < objects && !attribute.isBytes());
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length,
                long timeNs) {
            assertTrue(object >= 0 && object < objects && attribute.isBytes());
            bytes.asSlice(offset, length);
        }

        @Override
        public void gap(Gap gap) {
        }
    }

    /** Feeds an encoder. */
    private record EncoderSink(BlockEncoder encoder) implements GraphSink {
        @Override
        public void sessionStart(Session session) {
            encoder.sessionStart(session);
        }

        @Override
        public void sessionEnd(long timeNs) {
            encoder.sessionEnd(timeNs);
        }

        @Override
        public void node(long node, long object, int version, NodeKind kind, long timeNs) {
            encoder.node(node, object, version, kind, timeNs);
        }

        @Override
        public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
                long offset) {
            encoder.edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        }

        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            encoder.attribute(object, attribute, value, timeNs);
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length,
                long timeNs) {
            encoder.attribute(object, attribute, bytes, offset, length, timeNs);
        }

        @Override
        public void gap(Gap gap) {
            encoder.gap(gap);
        }
    }
}
