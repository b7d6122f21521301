// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.model.GraphSink;
import java.util.Arrays;

/**
 * One whole block, as it stands in a log or came from one: bytes that can be handed on as they are, and the events in them. Its own
 * checksum holds; whether it follows the block that one has before is for whoever holds both to see ({@link #previous}). Immutable, but
 * for the bytes, which nobody may change.
 */
public final class LogBlock {
    private final byte[] bytes;
    private final BlockHeader header;
    private final BlockHash hash;

    private LogBlock(byte[] bytes, BlockHeader header, BlockHash hash) {
        this.bytes = bytes;
        this.header = header;
        this.hash = hash;
    }

    /** The block that a reader stands on. */
    static LogBlock of(SegmentReader reader) {
        BlockHeader header = reader.header();
        return new LogBlock(Arrays.copyOf(reader.block(), BlockHeader.LENGTH_BYTES + header.storedLength()), header, reader.hash());
    }

    /**
     * A block that came from elsewhere, such as a message.
     *
     * @param bytes header and stored payload, and nothing else; taken over
     * @throws MalformedPayloadException if that is not what they are, or the checksum is wrong
     */
    public static LogBlock of(byte[] bytes) throws MalformedPayloadException {
        if (bytes.length < BlockHeader.LENGTH_BYTES) {
            throw new MalformedPayloadException("block is incomplete: bytes=" + bytes.length);
        }
        BlockHeader header = BlockHeader.of(bytes);
        String fault = header.fault(bytes);
        if (fault == null && bytes.length != BlockHeader.LENGTH_BYTES + header.storedLength()) {
            fault = "length of the block: is=" + bytes.length + ", want=" + (BlockHeader.LENGTH_BYTES + header.storedLength());
        }
        if (fault == null && !header.checksumHolds(bytes)) {
            fault = "checksum of the block is wrong: block=" + header.block();
        }
        if (fault != null) {
            throw new MalformedPayloadException(fault);
        }
        return new LogBlock(bytes, header, BlockHash.of(bytes, 0, bytes.length));
    }

    /** Its number: 0 is the first of a store. */
    public long number() {
        return header.block();
    }

    /** Whose order the events are in. */
    public int lane() {
        return header.lane();
    }

    public int events() {
        return header.events();
    }

    public int nodes() {
        return header.nodes();
    }

    public int edges() {
        return header.edges();
    }

    /** The number of the first object that is new in it. */
    public long firstObject() {
        return header.firstObject();
    }

    /** The lowest time in it, nanoseconds since the Unix epoch. */
    public long lowestNs() {
        return header.lowestNs();
    }

    /** SHA-256 of the whole block. */
    public BlockHash hash() {
        return hash;
    }

    /** SHA-256 of the block before; of block 0, {@link BlockHash#root}. */
    public BlockHash previous() {
        return header.previous();
    }

    /** Header and stored payload, as in the log; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Feeds its events to {@code sink}, in order.
     *
     * @throws MalformedPayloadException if the payload does not follow the grammar; the sink may have had events by then
     */
    public void replay(GraphSink sink) throws MalformedPayloadException {
        try (BlockDecoder decoder = new BlockDecoder()) {
            decoder.decode(header, bytes, sink);
        }
    }
}
