// SPDX-License-Identifier: Apache-2.0
package headwater.kafka;

import headwater.store.log.BlockHash;
import headwater.store.log.LogBlock;
import headwater.store.log.MalformedPayloadException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * One message: one block of a log, as it stands there.
 *
 * <pre>
 *   key      STORE/LANE         the store's UUID, which stands for its host, and the lane, decimal; all blocks of a key are in order
 *   value    the block          header and stored payload, byte for byte (docs/log-format.md)
 *   headers  headwater.store    as in the key
 *            headwater.block    the block's number, decimal, from 0
 *            headwater.lane     decimal
 *            headwater.hash     SHA-256 of the value, hexadecimal
 *            headwater.previous SHA-256 of the block before
 *            headwater.host     the name of the host that recorded, for people
 * </pre>
 *
 * Headers that are not named here are to be passed over. Nothing here is signed: a statement of the store signs a block
 * some time after it was sent (docs/recorders-kafka.md says how to hold a topic against one).
 *
 * @param store whose log it is
 * @param host for people; nothing proves it
 */
public record BlockMessage(UUID store, String host, LogBlock block) {
    static final String STORE = "headwater.store";
    static final String BLOCK = "headwater.block";
    static final String LANE = "headwater.lane";
    static final String HASH = "headwater.hash";
    static final String PREVIOUS = "headwater.previous";
    static final String HOST = "headwater.host";

    /** Where all blocks of this lane go. */
    public String key() {
        return store + "/" + block.lane();
    }

    /** The message, for a topic. */
    public ProducerRecord<byte[], byte[]> toRecord(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key()), block.bytes());
        record.headers().add(STORE, bytes(store.toString())).add(BLOCK, bytes(Long.toString(block.number())))
                .add(LANE, bytes(Integer.toString(block.lane()))).add(HASH, bytes(block.hash().toString()))
                .add(PREVIOUS, bytes(block.previous().toString())).add(HOST, bytes(host));
        return record;
    }

    /**
     * The message that came.
     *
     * @throws MalformedMessageException if it is none, or key and headers do not say what the block says
     */
    public static BlockMessage of(ConsumerRecord<byte[], byte[]> record) throws MalformedMessageException {
        Headers headers = record.headers();
        try {
            UUID store = UUID.fromString(text(headers, STORE));
            LogBlock block = LogBlock.of(record.value());
            BlockMessage message = new BlockMessage(store, headers.lastHeader(HOST) == null ? "" : text(headers, HOST),
                    block);
            same(record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8), message.key(), "key");
            same(text(headers, BLOCK), Long.toString(block.number()), BLOCK);
            same(text(headers, LANE), Integer.toString(block.lane()), LANE);
            same(text(headers, HASH), block.hash().toString(), HASH);
            same(text(headers, PREVIOUS), block.previous().toString(), PREVIOUS);
            if (block.number() == 0) {
                same(block.previous().toString(), BlockHash.root(store).toString(), "root of the store");
            }
            return message;
        } catch (IllegalArgumentException | MalformedPayloadException e) {
            throw new MalformedMessageException(record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    /** The store that a message is of, without looking at its value; null if it does not say. */
    public static UUID storeOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return UUID.fromString(text(record.headers(), STORE));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void same(String is, String want, String what) {
        if (!is.equals(want)) {
            throw new IllegalArgumentException(what + ": is=" + is + ", want=" + want);
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new IllegalArgumentException("header is missing: header=" + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
