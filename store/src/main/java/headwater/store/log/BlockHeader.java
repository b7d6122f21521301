// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * The head of a block.
 *
 * <pre>
 *     0   4  magic "HWBK"
 *     4   2  format version
 *     6   1  codec
 *     7   1  zero
 *     8   4  flags: bit 0, a session is open after this block
 *    12   4  lane: whose order the events are in; 0
 *    16   8  block number, from 0, over all segments
 *    24   4  events
 *    28   4  nodes
 *    32   4  edges
 *    36   4  new objects
 *    40   8  number of the first node
 *    48   8  number of the first edge
 *    56   8  number of the first new object
 *    64   8  lowest time in the block, ns since the Unix epoch
 *    72   8  highest time
 *    80   4  length of the payload before compression
 *    84   4  length of the payload as it is stored
 *    88  32  SHA-256 of the block before
 *   120  32  where this block's signature is; zero: nowhere (no version defines it yet)
 *   152  36  zero
 *   188   4  CRC32C of the bytes before and the stored payload
 * </pre>
 */
record BlockHeader(int codec, boolean sessionOpen, int lane, long block, int events, int nodes, int edges, int objects,
        long firstNode, long firstEdge, long firstObject, long lowestNs, long highestNs, int rawLength,
        int storedLength, BlockHash previous) {
    static final int LENGTH_BYTES = 192;
    static final int MAGIC = 0x4b425748;

    /** Numbers beyond this would overflow when counted up. */
    private static final long MAX_NUMBER = 1L << 62;

    private static final int MAGIC_AT = 0;
    private static final int VERSION_AT = 4;
    private static final int CODEC_AT = 6;
    private static final int FLAGS_AT = 8;
    private static final int LANE_AT = 12;
    private static final int BLOCK_AT = 16;
    private static final int EVENTS_AT = 24;
    private static final int NODES_AT = 28;
    private static final int EDGES_AT = 32;
    private static final int OBJECTS_AT = 36;
    private static final int FIRST_NODE_AT = 40;
    private static final int FIRST_EDGE_AT = 48;
    private static final int FIRST_OBJECT_AT = 56;
    private static final int LOWEST_AT = 64;
    private static final int HIGHEST_AT = 72;
    private static final int RAW_LENGTH_AT = 80;
    private static final int STORED_LENGTH_AT = 84;
    private static final int PREVIOUS_AT = 88;
    private static final int CRC_AT = 188;

    /** Writes the header in front of a stored payload that already stands in {@code block}. */
    void write(byte[] block) {
        MemorySegment to = MemorySegment.ofArray(block);
        to.asSlice(0, LENGTH_BYTES).fill((byte) 0);
        to.set(LogFormat.INT, MAGIC_AT, MAGIC);
        to.set(LogFormat.SHORT, VERSION_AT, (short) LogFormat.VERSION);
        block[CODEC_AT] = (byte) codec;
        to.set(LogFormat.INT, FLAGS_AT, sessionOpen ? 1 : 0);
        to.set(LogFormat.INT, LANE_AT, lane);
        to.set(LogFormat.LONG, BLOCK_AT, this.block);
        to.set(LogFormat.INT, EVENTS_AT, events);
        to.set(LogFormat.INT, NODES_AT, nodes);
        to.set(LogFormat.INT, EDGES_AT, edges);
        to.set(LogFormat.INT, OBJECTS_AT, objects);
        to.set(LogFormat.LONG, FIRST_NODE_AT, firstNode);
        to.set(LogFormat.LONG, FIRST_EDGE_AT, firstEdge);
        to.set(LogFormat.LONG, FIRST_OBJECT_AT, firstObject);
        to.set(LogFormat.LONG, LOWEST_AT, lowestNs);
        to.set(LogFormat.LONG, HIGHEST_AT, highestNs);
        to.set(LogFormat.INT, RAW_LENGTH_AT, rawLength);
        to.set(LogFormat.INT, STORED_LENGTH_AT, storedLength);
        previous.write(to, PREVIOUS_AT);
        to.set(LogFormat.INT, CRC_AT, crc(block, LENGTH_BYTES + storedLength));
    }

    /** Reads a header from the start of {@code block}; nothing in it is to be believed before {@link #fault}. */
    static BlockHeader of(byte[] block) {
        MemorySegment from = MemorySegment.ofArray(block);
        return new BlockHeader(block[CODEC_AT] & 0xff, (from.get(LogFormat.INT, FLAGS_AT) & 1) != 0,
                from.get(LogFormat.INT, LANE_AT), from.get(LogFormat.LONG, BLOCK_AT),
                from.get(LogFormat.INT, EVENTS_AT), from.get(LogFormat.INT, NODES_AT),
                from.get(LogFormat.INT, EDGES_AT), from.get(LogFormat.INT, OBJECTS_AT),
                from.get(LogFormat.LONG, FIRST_NODE_AT), from.get(LogFormat.LONG, FIRST_EDGE_AT),
                from.get(LogFormat.LONG, FIRST_OBJECT_AT), from.get(LogFormat.LONG, LOWEST_AT),
                from.get(LogFormat.LONG, HIGHEST_AT), from.get(LogFormat.INT, RAW_LENGTH_AT),
                from.get(LogFormat.INT, STORED_LENGTH_AT), BlockHash.read(from, PREVIOUS_AT));
    }

    /** The version that {@code block} was written in. */
    static int version(byte[] block) {
        return MemorySegment.ofArray(block).get(LogFormat.SHORT, VERSION_AT) & 0xffff;
    }

    /** What makes the header impossible, null if nothing does; lengths are safe to allocate once this is null. */
    String fault(byte[] bytes) {
        MemorySegment from = MemorySegment.ofArray(bytes);
        if (from.get(LogFormat.INT, MAGIC_AT) != MAGIC) {
            return "not a block";
        }
        if (version(bytes) < LogFormat.OLDEST_VERSION || version(bytes) > LogFormat.VERSION) {
            return "block of another format: format=" + version(bytes);
        }
        if (codec != LogFormat.CODEC_NONE && codec != LogFormat.CODEC_ZSTD) {
            return "unknown codec: codec=" + codec;
        }
        if (rawLength < LogFormat.DIRECTORY_BYTES || rawLength > LogFormat.MAX_PAYLOAD_BYTES
                || storedLength < 1 || storedLength > rawLength
                || codec == LogFormat.CODEC_NONE && storedLength != rawLength) {
            return "impossible payload: raw length=" + rawLength + ", stored length=" + storedLength;
        }
        if (events < 1 || events > LogFormat.MAX_BLOCK_EVENTS || nodes < 0 || edges < 0 || objects < 0
                || (long) nodes + edges > events || objects > nodes) {
            return "impossible counts: events=" + events + ", nodes=" + nodes + ", edges=" + edges + ", objects="
                    + objects;
        }
        if (block < 0 || firstNode < 0 || firstNode > MAX_NUMBER || firstEdge < 0 || firstEdge > MAX_NUMBER
                || firstObject < 0 || firstObject > firstNode) {
            return "impossible numbers: block=" + block + ", first node=" + firstNode + ", first edge=" + firstEdge
                    + ", first object=" + firstObject;
        }
        return null;
    }

    /** True if the whole block, {@link #LENGTH_BYTES} + stored length bytes of {@code bytes}, has its checksum. */
    boolean checksumHolds(byte[] bytes) {
        int is = MemorySegment.ofArray(bytes).get(LogFormat.INT, CRC_AT);
        return is == crc(bytes, LENGTH_BYTES + storedLength);
    }

    /** Why this block cannot be the one that stands at {@code at}, null if it can. */
    String misfit(LogPosition at) {
        if (block != at.block()) {
            return "block number: is=" + block + ", want=" + at.block();
        }
        if (!previous.equals(at.hash())) {
            return "chain broken: hash of the block before: is=" + previous + ", want=" + at.hash();
        }
        if (firstNode != at.nodes() || firstEdge != at.edges() || firstObject != at.objects()) {
            return "first numbers: node=" + firstNode + ", edge=" + firstEdge + ", object=" + firstObject
                    + ", want node=" + at.nodes() + ", edge=" + at.edges() + ", object=" + at.objects();
        }
        return null;
    }

    private static int crc(byte[] block, int length) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, CRC_AT);
        crc.update(block, LENGTH_BYTES, length - LENGTH_BYTES);
        return (int) crc.getValue();
    }
}
