// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The index's format, version 2: one immutable file that holds the graph as the log tells it up to one position. It can
 * be thrown away at any time. Numbers of nodes, edges and objects are below {@value #MAX_ROWS}, strings below 2 GiB.
 *
 * <p>Files: {@code index/BLOCKS.hwidx}, named for the number of log blocks covered, 16 hexadecimal digits.
 *
 * <pre>
 * Index    --> Header Section{18}     each section starts at a multiple of 8 bytes; all numbers are little-endian
 *
 * Header, 576 bytes:
 *     0   8  magic "HWINDEX\n"
 *     8   4  format version
 *    12   4  number of sections, 18
 *    16  16  store id: the UUID's high, then low 64 bits
 *    32   4  log position: segment
 *    36   4  flags: bit 0, a session is open
 *    40   8  log position: offset in the segment
 *    48   8  log position: block
 *    56   8  nodes
 *    64   8  edges
 *    72   8  objects
 *    80   8  highest time, ns since the Unix epoch
 *    88   8  offset of the last block covered, 0 if it is in an earlier segment
 *    96  32  SHA-256 of the last block covered
 *   128 432  for each section: offset u64, length u64, CRC32C u32, zero u32
 *   560  12  zero
 *   572   4  CRC32C of the bytes before
 *
 * NODES            --> {timeNs i64, object u32, version u32}                       by node
 * OBJECT_KINDS     --> {NodeKind.code u8}                                          by object
 * VERSION_STARTS   --> u32{objects + 1}       first row of an object in VERSIONS
 * VERSIONS         --> node u32               grouped by object, ascending
 * EDGES            --> {timeNs i64, cause u32, effect u32, task i32, relation u8, zero u8{3}, flags u64, offset i64}
 * CAUSE_STARTS     --> u32{nodes + 1}         first row of a node in CAUSES
 * CAUSES           --> edge u32               grouped by the edge's effect, ascending
 * EFFECT_STARTS    --> u32{nodes + 1}         first row of a node in EFFECTS
 * EFFECTS          --> edge u32               grouped by the edge's cause, ascending
 * ATTRIBUTE_STARTS --> u32{objects + 1}       first row of an object in ATTRIBUTES
 * ATTRIBUTES       --> Value                  newest values, grouped by object, ascending by code
 * STRINGS          --> bytes                  each different string once
 * VALUE_SLOTS      --> u32{power of two}      open addressing by {@link #hash}: row in VALUES plus 1, 0 if free
 * VALUES           --> Value                  each different value that an indexed attribute has or had
 * VALUE_STARTS     --> u32{values + 1}        first row of a value in VALUE_OBJECTS
 * VALUE_OBJECTS    --> object u32             grouped by value, ascending, each once
 * SESSIONS         --> {zvar startNs, Session}          Session and Gap as in the log
 * GAPS             --> {Gap}
 *
 * Value            --> {number i64, length i32, Attribute.code u32}    length -1: the number is the value;
 *                                                                      else a string of STRINGS that starts at number
 * </pre>
 */
final class IndexFormat {
    static final int VERSION = 2;
    static final long MAGIC = 0x0a5845444e495748L;
    static final String SUFFIX = ".hwidx";
    static final int MAX_ROWS = Integer.MAX_VALUE - 16;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int SECTIONS_AT = 12;
    static final int STORE_AT = 16;
    static final int SEGMENT_AT = 32;
    static final int FLAGS_AT = 36;
    static final int OFFSET_AT = 40;
    static final int BLOCK_AT = 48;
    static final int NODES_AT = 56;
    static final int EDGES_AT = 64;
    static final int OBJECTS_AT = 72;
    static final int TIME_AT = 80;
    static final int BEFORE_AT = 88;
    static final int HASH_AT = 96;
    static final int TABLE_AT = 128;
    static final int TABLE_ROW_BYTES = 24;
    static final int CRC_AT = 572;
    static final int HEADER_BYTES = 576;

    static final int NODE_BYTES = 16;
    static final int NODE_TIME = 0;
    static final int NODE_OBJECT = 8;
    static final int NODE_VERSION = 12;

    static final int EDGE_BYTES = 40;
    static final int EDGE_TIME = 0;
    static final int EDGE_CAUSE = 8;
    static final int EDGE_EFFECT = 12;
    static final int EDGE_TASK = 16;
    static final int EDGE_RELATION = 20;
    static final int EDGE_FLAGS = 24;
    static final int EDGE_OFFSET = 32;

    static final int VALUE_BYTES = 16;
    static final int VALUE_NUMBER = 0;
    static final int VALUE_LENGTH = 8;
    static final int VALUE_CODE = 12;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** In the order of the file. */
    enum Section {
        NODES, OBJECT_KINDS, VERSION_STARTS, VERSIONS, EDGES, CAUSE_STARTS, CAUSES, EFFECT_STARTS, EFFECTS,
        ATTRIBUTE_STARTS, ATTRIBUTES, STRINGS, VALUE_SLOTS, VALUES, VALUE_STARTS, VALUE_OBJECTS, SESSIONS, GAPS;

        static final int COUNT = values().length;
    }

    private IndexFormat() {
    }

    /** The hash of a number of attribute {@code code}: SplitMix64's finisher. */
    static int hash(int code, long number) {
        return mix(number * 0x9e3779b97f4a7c15L + code);
    }

    /** The hash of a string of attribute {@code code}: FNV-1a of 64 bits, then SplitMix64's finisher. */
    static int hash(int code, MemorySegment bytes, long offset, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ bytes.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff) * 0x100000001b3L;
        }
        return mix(hash + code);
    }

    private static int mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return (int) (mixed ^ mixed >>> 31);
    }
}
