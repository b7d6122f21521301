// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The layout of {@code log/NNNNNNNN.hwcarried}: what is still known of the segments before segment NNNNNNNN, which were dropped. All
 * numbers are little-endian; each table begins at a multiple of 8 and stands right behind the one before.
 *
 * <pre>
 * Carried --> Header Object* Node* ObjectNode* Value* Posting* Events Strings
 *
 * Header, 256 bytes
 *     0   8  magic "HWCARRY1"
 *     8   4  format version of the log
 *    12   4  length of this header, 256
 *    16  16  store id: the UUID's high, then low 64 bits
 *    32   4  segment that the log begins with now
 *    36   4  flags: bit 0, a session was open there
 *    40   8  blocks before it
 *    48   8  nodes before it
 *    56   8  edges before it
 *    64   8  objects before it
 *    72   8  highest time before it, ns since the Unix epoch
 *    80  32  SHA-256 of the block before it
 *   112   8  lowest time before it
 *   120   8  how many objects are carried; likewise
 *   128   8  nodes
 *   136   8  values
 *   144   8  postings
 *   152   8  bytes of events
 *   160   8  bytes of strings
 *   168   8  number of the newest session that had begun
 *   176  76  zero
 *   252   4  CRC32C of the bytes before
 *
 * Object, 24 bytes, ascending              Node, 32 bytes, ascending
 *     0   8  object                            0   8  node
 *     8   4  row of its first ObjectNode       8   8  object
 *    12   4  row of its first Value           16   8  time, ns since the Unix epoch
 *    16   4  how many Values it has           24   4  version
 *    20   1  NodeKind.code                    28   1  flags: bit 0, something flowed into it in dropped time;
 *    21   1  flags: bit 0, versions                   bit 1, something flowed out of it
 *            of it are not carried            29   3  zero
 *    22   2  zero
 *
 * ObjectNode, 4 bytes: the row of a Node, by object, then by node
 *
 * Value, 16 bytes, by object, then by code
 *     0   4  Attribute.code
 *     4   4  length of a string, bytes; 0 for a number
 *     8   8  the number, or where the string begins in Strings
 *
 * Posting, 16 bytes, by hash (unsigned), then by object: one for each value of an indexed attribute
 *     0   4  hash: CRC32C of the code (u32) and of the value (u64, or the string's bytes)
 *     4   4  row of the Object
 *     8   4  row of the Value
 *    12   4  zero
 *
 * Events  --> Boot* Session* Gap*        what of them matters to the rest; the session that was open is the last
 * Boot    --> u8 1, text bootId, zvar bootNumber
 * Session --> u8 2, zvar startNs, Session of the log
 * Gap     --> u8 3, Gap of the log
 * </pre>
 */
final class CarriedFormat {
    static final long MAGIC = 0x3159525241435748L;
    static final int HEADER_BYTES = 256;
    static final int VERSION_AT = 8;
    static final int LENGTH_AT = 12;
    static final int STORE_AT = 16;
    static final int SEGMENT_AT = 32;
    static final int FLAGS_AT = 36;
    static final int BLOCK_AT = 40;
    static final int NODE_AT = 48;
    static final int EDGE_AT = 56;
    static final int OBJECT_AT = 64;
    static final int TIME_AT = 72;
    static final int HASH_AT = 80;
    static final int FROM_AT = 112;
    static final int OBJECTS_AT = 120;
    static final int NODES_AT = 128;
    static final int VALUES_AT = 136;
    static final int POSTINGS_AT = 144;
    static final int EVENTS_AT = 152;
    static final int STRINGS_AT = 160;
    static final int SESSION_AT = 168;
    static final int CRC_AT = 252;

    static final int EVENT_BOOT = 1;
    static final int EVENT_SESSION = 2;
    static final int EVENT_GAP = 3;

    static final int OBJECT_BYTES = 24;
    static final int OBJECT_NODES_AT = 8;
    static final int OBJECT_VALUES_AT = 12;
    static final int OBJECT_VALUE_COUNT_AT = 16;
    static final int OBJECT_KIND_AT = 20;
    static final int OBJECT_FLAGS_AT = 21;

    static final int NODE_BYTES = 32;
    static final int NODE_OBJECT_AT = 8;
    static final int NODE_TIME_AT = 16;
    static final int NODE_VERSION_AT = 24;
    static final int NODE_FLAGS_AT = 28;

    static final int OBJECT_NODE_BYTES = 4;

    static final int VALUE_BYTES = 16;
    static final int VALUE_LENGTH_AT = 4;
    static final int VALUE_NUMBER_AT = 8;

    static final int POSTING_BYTES = 16;
    static final int POSTING_OBJECT_AT = 4;
    static final int POSTING_VALUE_AT = 8;

    /** Flags of nodes. */
    static final int LACKS_CAUSES = 1;
    static final int LACKS_EFFECTS = 2;
    /** Flag of objects. */
    static final int LACKS_VERSIONS = 1;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final String SUFFIX = ".hwcarried";

    private CarriedFormat() {
    }

    /** The name of the file for a log that begins with this segment. */
    static String name(int segment) {
        return String.format("%08d%s", segment, SUFFIX);
    }

    /** The segment that {@code name} is for, 0 if it is no such name. */
    static int segment(String name) {
        return name.matches("[0-9]{8}\\" + SUFFIX) ? Integer.parseInt(name.substring(0, 8)) : 0;
    }

    static long aligned(long bytes) {
        return bytes + 7 & ~7L;
    }

    static int hash(int code, long number) {
        CRC32C crc = new CRC32C();
        put(crc, code, 4);
        put(crc, number, 8);
        return (int) crc.getValue();
    }

    static int hash(int code, byte[] string) {
        CRC32C crc = new CRC32C();
        put(crc, code, 4);
        crc.update(string, 0, string.length);
        return (int) crc.getValue();
    }

    private static void put(CRC32C crc, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            crc.update((int) (value >>> 8 * i) & 0xff);
        }
    }
}
