// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.lang.foreign.MemorySegment;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The head of a segment file.
 *
 * <pre>
 *     0   8  magic "HWLOGSEG"
 *     8   4  format version
 *    12   4  length of this header, 128
 *    16  16  store id: the UUID's high, then low 64 bits
 *    32   4  segment number
 *    36   4  flags: bit 0, a session is open
 *    40   8  number of the first block
 *    48   8  number of the first node
 *    56   8  number of the first edge
 *    64   8  number of the first object
 *    72   8  highest time so far, ns since the Unix epoch
 *    80  32  SHA-256 of the block before
 *   112  12  zero
 *   124   4  CRC32C of the bytes before
 * </pre>
 *
 * @param start where its first block stands, and what the log holds before it
 */
record SegmentHeader(UUID store, LogPosition start) {
    static final int LENGTH_BYTES = 128;

    private static final long MAGIC = 0x474553474f4c5748L;
    private static final int MAGIC_AT = 0;
    private static final int VERSION_AT = 8;
    private static final int LENGTH_AT = 12;
    private static final int STORE_AT = 16;
    private static final int SEGMENT_AT = 32;
    private static final int FLAGS_AT = 36;
    private static final int BLOCK_AT = 40;
    private static final int NODE_AT = 48;
    private static final int EDGE_AT = 56;
    private static final int OBJECT_AT = 64;
    private static final int TIME_AT = 72;
    private static final int HASH_AT = 80;
    private static final int CRC_AT = 124;

    byte[] toBytes() {
        byte[] bytes = new byte[LENGTH_BYTES];
        MemorySegment to = MemorySegment.ofArray(bytes);
        to.set(LogFormat.LONG, MAGIC_AT, MAGIC);
        to.set(LogFormat.INT, VERSION_AT, LogFormat.VERSION);
        to.set(LogFormat.INT, LENGTH_AT, LENGTH_BYTES);
        to.set(LogFormat.LONG, STORE_AT, store.getMostSignificantBits());
        to.set(LogFormat.LONG, STORE_AT + 8, store.getLeastSignificantBits());
        to.set(LogFormat.INT, SEGMENT_AT, start.segment());
        to.set(LogFormat.INT, FLAGS_AT, start.sessionOpen() ? 1 : 0);
        to.set(LogFormat.LONG, BLOCK_AT, start.block());
        to.set(LogFormat.LONG, NODE_AT, start.nodes());
        to.set(LogFormat.LONG, EDGE_AT, start.edges());
        to.set(LogFormat.LONG, OBJECT_AT, start.objects());
        to.set(LogFormat.LONG, TIME_AT, start.timeNs());
        start.hash().write(to, HASH_AT);
        to.set(LogFormat.INT, CRC_AT, crc(bytes));
        return bytes;
    }

    /** The version in a header, 0 if the bytes are no segment header at all. */
    static int version(byte[] bytes) {
        MemorySegment from = MemorySegment.ofArray(bytes);
        return from.get(LogFormat.LONG, MAGIC_AT) == MAGIC ? from.get(LogFormat.INT, VERSION_AT) : 0;
    }

    /** What is wrong with a header of a version that this code reads, null if nothing is. */
    static String fault(byte[] bytes, int segment) {
        MemorySegment from = MemorySegment.ofArray(bytes);
        if (version(bytes) < LogFormat.OLDEST_VERSION || version(bytes) > LogFormat.VERSION) {
            return "not a segment header";
        }
        if (from.get(LogFormat.INT, CRC_AT) != crc(bytes)) {
            return "checksum of the segment header is wrong";
        }
        int number = from.get(LogFormat.INT, SEGMENT_AT);
        return number == segment ? null : "segment number: is=" + number + ", want=" + segment;
    }

    /** Reads a header that has no {@link #fault}. */
    static SegmentHeader of(byte[] bytes) {
        MemorySegment from = MemorySegment.ofArray(bytes);
        UUID store = new UUID(from.get(LogFormat.LONG, STORE_AT), from.get(LogFormat.LONG, STORE_AT + 8));
        return new SegmentHeader(store, new LogPosition(from.get(LogFormat.INT, SEGMENT_AT), LENGTH_BYTES,
                from.get(LogFormat.LONG, BLOCK_AT), from.get(LogFormat.LONG, NODE_AT),
                from.get(LogFormat.LONG, EDGE_AT), from.get(LogFormat.LONG, OBJECT_AT),
                from.get(LogFormat.LONG, TIME_AT), (from.get(LogFormat.INT, FLAGS_AT) & 1) != 0,
                BlockHash.read(from, HASH_AT), 0));
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
