// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The log's format, version 3: the truth of a store. It is only ever appended to.
 *
 * <p>Files: {@code log/00000001.hwlog}, {@code log/00000002.hwlog}, … All numbers are little-endian.
 *
 * <pre>
 * Log           --> Segment+                          numbered from 1 without a hole
 * Segment       --> SegmentHeader Block*
 * SegmentHeader --> 128 bytes, {@link SegmentHeader}
 * Block         --> BlockHeader StoredPayload
 * BlockHeader   --> 192 bytes, {@link BlockHeader}
 * StoredPayload --> Payload                           codec 0
 *                 | one zstd frame of Payload         codec 1
 * Payload       --> ColumnCount ColumnLength{ColumnCount} Column{ColumnCount}
 * ColumnCount   --> u32, {@value #COLUMNS}
 * ColumnLength  --> u32, bytes
 * Column        --> the bytes of one of the columns below, in the order of their numbers
 * </pre>
 *
 * <p>An event takes one byte from column KIND, and then from each column that its kind names, in this order:
 *
 * <pre>
 * SESSION_START  TIME, OTHER: Session
 * SESSION_END    TIME
 * NODE_FIRST     TIME, NODE_KIND, NODE_VERSION                    the object is the next new one
 * NODE_NEXT      TIME, NODE_KIND, NODE_OBJECT, NODE_VERSION
 * EDGE           TIME, EDGE_RELATION, EDGE_CAUSE, EDGE_EFFECT, EDGE_TASK, EDGE_FLAGS, EDGE_OFFSET
 * NUMBER         TIME, ATTRIBUTE_OBJECT, ATTRIBUTE_CODE, ATTRIBUTE_NUMBER
 * STRING         TIME, ATTRIBUTE_OBJECT, ATTRIBUTE_CODE, STRING_REFERENCE [, STRING_LENGTH, STRING_BYTES]
 * GAP            OTHER: Gap
 *
 * KIND              u8     one of the EVENT_ constants
 * TIME              zvar   less the time of the event before that has a TIME in this block; the first less 0
 * NODE_KIND         u8     NodeKind.code
 * NODE_OBJECT       var    number of objects so far, less the object
 * NODE_VERSION      var
 * EDGE_RELATION     u8     Relation.code
 * EDGE_CAUSE        var    newest node, less the cause
 * EDGE_EFFECT       var    newest node, less the effect
 * EDGE_TASK         var    0: none; 1: that of the edge before in this block; else 2 + newest node, less the task
 * EDGE_FLAGS        var
 * EDGE_OFFSET       var    the offset plus 1
 * ATTRIBUTE_OBJECT  var    newest object, less the object
 * ATTRIBUTE_CODE    u8     Attribute.code
 * ATTRIBUTE_NUMBER  zvar
 * STRING_REFERENCE  var    0: a new string, in STRING_LENGTH and STRING_BYTES; k: the k-th newest string of this block
 * STRING_LENGTH     var    bytes
 * STRING_BYTES      bytes
 * OTHER             Session --> zvar number, text bootId, zvar bootNumber, zvar machineId, text frontEnd, text scope,
 *                               text command, zvar endNs, text onLoss      (the start is in TIME)
 *                   Gap     --> var cause, zvar cpu, zvar fromNs, zvar toNs - fromNs, zvar count, var kind
 *                   text    --> var length, UTF-8 bytes
 *
 * var  --> 64-bit number, seven bits a byte, lowest first, high bit set on all but the last byte; at most 10 bytes
 * zvar --> var of (n &lt;&lt; 1) ^ (n &gt;&gt; 63)
 * </pre>
 *
 * <p>Node, edge and new object numbers are not written: they count up from the numbers in the block's header.
 * References go backwards, so that a reference to something that does not exist yet cannot be expressed except by going
 * below 0, which is damage.
 *
 * <p>The chain: each block header holds the SHA-256 of the whole block before it (header and stored payload). The first
 * block of a store holds the SHA-256 of the store's 16 id bytes. Each segment header repeats the hash that its first
 * block holds, so that a segment can be checked alone. The chain shows a change anywhere but at the tail: a tail that
 * was cut off at a block boundary can only be seen by comparing the head with a copy kept elsewhere.
 *
 * <p>The magic numbers and the place of the version in both headers never change. A segment of a higher version is
 * refused as a whole; one of a lower version is read, and never appended to. A new node kind, relation, attribute, gap cause
 * or gap kind raises the version. Version 1 had neither onLoss (it was {@code record}) nor kind (it was 0).
 */
public final class LogFormat {
    /** The newest format that this code reads, and the one that it writes. */
    public static final int VERSION = 3;

    /** The oldest format that this code reads. */
    public static final int OLDEST_VERSION = 1;

    /** Events after which the writer cuts a block. */
    public static final int BLOCK_EVENTS = 65_536;

    /** Most events in a block. A block only grows past {@link #BLOCK_EVENTS} while it cannot be written. */
    public static final int MAX_BLOCK_EVENTS = 1 << 20;

    /** Most bytes in a string of an attribute. */
    public static final int MAX_STRING_BYTES = 1 << 20;

    /** Bytes of payload from which a block takes no more events: bounds what a full disk makes the writer keep. */
    public static final int FULL_PAYLOAD_BYTES = 64 << 20;

    /** Most bytes of payload; a header that says more is damaged. */
    public static final int MAX_PAYLOAD_BYTES = FULL_PAYLOAD_BYTES + 4 * MAX_STRING_BYTES;

    /** Bytes after which a new segment is begun, unless its writer is told another size. */
    public static final long SEGMENT_BYTES = 256L << 20;

    public static final int CODEC_NONE = 0;
    public static final int CODEC_ZSTD = 1;

    static final int ZSTD_LEVEL = 3;

    static final int EVENT_SESSION_START = 1;
    static final int EVENT_SESSION_END = 2;
    static final int EVENT_NODE_FIRST = 3;
    static final int EVENT_NODE_NEXT = 4;
    static final int EVENT_EDGE = 5;
    static final int EVENT_NUMBER = 6;
    static final int EVENT_STRING = 7;
    static final int EVENT_GAP = 8;

    static final int KIND = 0;
    static final int TIME = 1;
    static final int NODE_KIND = 2;
    static final int NODE_OBJECT = 3;
    static final int NODE_VERSION = 4;
    static final int EDGE_RELATION = 5;
    static final int EDGE_CAUSE = 6;
    static final int EDGE_EFFECT = 7;
    static final int EDGE_TASK = 8;
    static final int EDGE_FLAGS = 9;
    static final int EDGE_OFFSET = 10;
    static final int ATTRIBUTE_OBJECT = 11;
    static final int ATTRIBUTE_CODE = 12;
    static final int ATTRIBUTE_NUMBER = 13;
    static final int STRING_REFERENCE = 14;
    static final int STRING_LENGTH = 15;
    static final int STRING_BYTES = 16;
    static final int OTHER = 17;
    static final int COLUMNS = 18;

    /** Bytes before the first column. */
    static final int DIRECTORY_BYTES = 4 + 4 * COLUMNS;

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final String SUFFIX = ".hwlog";

    private LogFormat() {
    }

    /** The file name of segment {@code number}, such as {@code 00000001.hwlog}. */
    public static String segmentName(int number) {
        return String.format("%08d%s", number, SUFFIX);
    }

    /** The number of the segment that {@code file} is named for, 0 if it is not named as a segment. */
    static int segmentNumber(Path file) {
        String name = file.getFileName().toString();
        if (!name.matches("[0-9]{8}\\" + SUFFIX)) {
            return 0;
        }
        return Integer.parseInt(name.substring(0, 8));
    }
}
