// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A hot segment, version 1: the graph that the log tells from one of its blocks on, written by the store's one writer while any number
 * read it. In a file each table has a place of its own of a fixed size, so that nothing ever moves; what is not used yet is a
 * hole that takes no room. In memory the same tables stand alone and grow.
 *
 * <pre>
 * Hot    --> Header Snapshot{64} Table{19}      each table starts at a multiple of 4,096 bytes
 *
 * Header, 4,096 bytes:
 *     0   8  magic "HWHOTSEG"
 *     8   4  format version
 *    12   4  state: 1 written to, 2 complete, 3 given up
 *    16  16  store id
 *    32  96  Position where it starts
 *   128  16  id of the boot in which it is written
 *   144   8  writer: process id
 *   152   8  writer: when that process started, clock ticks since the boot
 *   160   4  events after which it is complete
 *   164   4  CRC32C of the bytes 8 to 12 and 16 to 164
 *   168   8  ns since the Unix epoch that a time of 0 stands for
 *   192   8  number of snapshots published
 *   256 152  for each table: offset u64
 *   448  12  log2 of the slots in use, of FOREIGN_NODE_SLOTS, FOREIGN_OBJECT_SLOTS, VALUE_SLOTS: u32 each
 *
 * Snapshot, 256 bytes; the n-th published is at n mod 64:
 *     0  96  Position up to which it goes; own nodes, edges and objects are those before it
 *    96   8  ATTRIBUTES in it
 *   104   8  POSTINGS in it
 *   112   8  bytes of EVENTS in it
 *   120   8  its number n
 *
 * NODES          20 {ref u32, tail of causes u32, tail of effects u32, Stamp}
 *                   ref: own object; or with the high bit set, row of VERSIONS. Stamp's code: NodeKind.code
 * VERSIONS       12 {object u32 (of the store), version u32, node before u32}   of nodes that are not version 0 of a new object
 * OBJECTS         8 {newest node u32, newest row of ATTRIBUTES u32}
 *                   or, with the high bit set, in place of a row the one value that the object has, if it was given in the block in
 *                   which the object appeared: tag in bits 24-30, value in bits 0-23. So whoever sees the object may see the value
 * EDGES          24 {cause u32, effect u32 (of the store), next of causes u32, next of effects u32, Stamp}
 *                   Stamp's code: Relation.code; its flags say what EXTRA has
 * EXTRA_AT        4 where in EXTRA the first of 16 edges starts
 * EXTRA           1 for each edge what its flags say: task var (the node plus 1; 0: none), flags var, offset var
 * ATTRIBUTES      8 {row before of the object u32, value u32}; row before 2^32 - 1: stood in OBJECTS, and is older than any snapshot
 * TAGS            1 by row of ATTRIBUTES: Attribute.code; the high bit set if the value is a row of NUMBERS; else it is the number, or
 *                   if the attribute is a string, a row of STRINGS
 * NUMBERS         8 i64
 * STRINGS         8 {start u32, length u32}
 * STRING_BYTES    1
 * FOREIGN_NODES  12 {node u32 (of the store), tail of causes u32, tail of effects u32}
 * FOREIGN_OBJECTS 12 {object u32 (of the store), newest node u32, newest row of ATTRIBUTES u32}
 * VALUES         16 {hash u32, tag as in TAGS u8, zero u8{3}, value u32, newest row of POSTINGS u32}   indexed attributes
 * POSTINGS        8 {object u32 (of the store), row before u32}
 * EVENTS          1 as in {@link SealedFormat}
 * FOREIGN_NODE_SLOTS, FOREIGN_OBJECT_SLOTS, VALUE_SLOTS
 *                 4 hash tables by linear probing, of 2^10, 2^11, … slots one behind the other, of which the last in use counts:
 *                   row of the table plus 1
 *
 * Stamp          --> u64: bits 0-47 time less the header's, or row of NUMBERS if bit 56 is set; bits 48-55 code; bits 57-59 flags
 *                    of an edge: task, flags, offset are in EXTRA; else task is that of the edge before, flags 0, offset -1
 * </pre>
 *
 * <p>Rows of 32 bits that may be absent (tails, newest, before) are kept plus 1; 0 says that there is none. The edges of a node are a
 * ring: the tail is the newest, and its next is the oldest; numbers rise round the ring but for that one step. A reader that knows how many
 * edges its snapshot has starts at the oldest and ends at the first number that does not rise or is not in the snapshot.
 *
 * <p>Order of stores: all rows of a block, then the snapshot, then with release the number of snapshots published. Tails, newest and slots
 * are stored with release after the row that they name. A reader takes a number of snapshots with acquire, copies the snapshot, and
 * tries again if by then 63 more have been published.
 *
 * <p>It is not crash-consistent and need not be: the log has everything. A reader believes a hot segment of another process only
 * as long as that process lives, in this boot: then the kernel's page cache shows what it stored. One that was left behind is
 * deleted by the next writer, and its range read from the log.
 */
final class HotFormat {
    static final int VERSION = 1;
    static final long MAGIC = 0x474553544f485748L;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int STATE_AT = 12;
    static final int STORE_AT = 16;
    static final int START_AT = 32;
    static final int BOOT_AT = 128;
    static final int PID_AT = 144;
    static final int STARTED_AT = 152;
    static final int LIMIT_AT = 160;
    static final int CRC_AT = 164;
    static final int EPOCH_AT = 168;
    static final int PUBLISHED_AT = 192;
    static final int TABLE_AT = 256;
    static final int SLOTS_AT = 448;
    static final int HEADER_BYTES = 4096;

    static final int STATE_WRITTEN = 1;
    static final int STATE_COMPLETE = 2;
    static final int STATE_GIVEN_UP = 3;

    static final int SNAPSHOTS = 64;
    static final int SNAPSHOT_BYTES = 256;
    static final int SNAPSHOT_ATTRIBUTES = 96;
    static final int SNAPSHOT_POSTINGS = 104;
    static final int SNAPSHOT_EVENTS = 112;
    static final int SNAPSHOT_NUMBER = 120;

    static final int NODE_BYTES = 20;
    static final int NODE_CAUSES = 4;
    static final int NODE_EFFECTS = 8;
    static final int NODE_STAMP = 12;
    static final int IS_VERSION = 0x8000_0000;

    static final int VERSION_BYTES = 12;
    static final int OBJECT_BYTES = 8;

    static final int EDGE_BYTES = 24;
    static final int EDGE_EFFECT = 4;
    static final int EDGE_NEXT_CAUSE = 8;
    static final int EDGE_NEXT_EFFECT = 12;
    static final int EDGE_STAMP = 16;
    static final int EXTRA_EDGES = 16;

    static final int ATTRIBUTE_BYTES = 8;
    static final int TAG_NUMBER = 0x80;
    static final int TAG_CODE_MASK = 0x7f;
    /** In place of the row before: this one is in every snapshot that has the object. */
    static final int BEFORE_ALL = -1;
    private static final int STAND_IN_SHIFT = 24;
    private static final int STAND_IN_MASK = (1 << STAND_IN_SHIFT) - 1;

    static final int FOREIGN_BYTES = 12;
    static final int VALUE_BYTES = 16;
    static final int POSTING_BYTES = 8;
    static final int STRING_BYTES = 8;

    static final long STAMP_TIME_MASK = (1L << 48) - 1;
    static final int STAMP_CODE_SHIFT = 48;
    static final long STAMP_FAR = 1L << 56;
    static final int STAMP_TASK = 1 << 25;
    static final int STAMP_FLAGS = 1 << 26;
    static final int STAMP_OFFSET = 1 << 27;
    /** A time of the middle of what 48 bits hold: 39 hours either way. */
    static final long STAMP_MIDDLE = 1L << 47;

    static final int FIRST_SLOTS_POWER = 10;

    /** Stored with release, read with acquire; all of these stand at multiples of 4. */
    static final VarHandle LINK = ValueLayout.JAVA_INT.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN).varHandle();
    static final VarHandle COUNTER = ValueLayout.JAVA_LONG.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN).varHandle();

    /** In the order of the file. */
    enum Table {
        NODES, VERSIONS, OBJECTS, EDGES, EXTRA_AT, EXTRA, ATTRIBUTES, TAGS, NUMBERS, STRINGS, STRING_BYTES, FOREIGN_NODES, FOREIGN_OBJECTS,
        VALUES, POSTINGS, EVENTS, FOREIGN_NODE_SLOTS, FOREIGN_OBJECT_SLOTS, VALUE_SLOTS;

        static final int COUNT = values().length;

        /**
         * The most bytes that the table can need in a segment of {@code events} events, whose last block may be as large as a full
         * disk lets it become.
         */
        long most(long events) {
            return switch (this) {
                case NODES -> NODE_BYTES * events;
                case VERSIONS -> 12 * events;
                case TAGS -> events;
                case OBJECTS, ATTRIBUTES, NUMBERS, STRINGS, POSTINGS -> 8 * events;
                case EDGES -> EDGE_BYTES * events;
                case EXTRA_AT -> 4 * (events / EXTRA_EDGES + 1);
                case EXTRA -> 30 * events;
                case STRING_BYTES -> 1L << 29;
                case EVENTS -> 1L << 28;
                case FOREIGN_NODES -> 2L * FOREIGN_BYTES * events;
                case FOREIGN_OBJECTS -> FOREIGN_BYTES * events;
                case VALUES -> VALUE_BYTES * events;
                case FOREIGN_NODE_SLOTS -> 4L * 16 * Math.max(1024, Long.highestOneBit(events) * 2);
                case FOREIGN_OBJECT_SLOTS, VALUE_SLOTS -> 4L * 8 * Math.max(1024, Long.highestOneBit(events) * 2);
            };
        }
    }

    private HotFormat() {
    }

    /** True if a value can stand in OBJECTS in place of a row. */
    static boolean canStandIn(int tag, int word) {
        return tag <= TAG_CODE_MASK && word >>> STAND_IN_SHIFT == 0;
    }

    static int standIn(int tag, int word) {
        return 1 << 31 | tag << STAND_IN_SHIFT | word;
    }

    static boolean isStandIn(int newest) {
        return newest < 0;
    }

    static int standInTag(int newest) {
        return newest >>> STAND_IN_SHIFT & TAG_CODE_MASK;
    }

    static int standInWord(int newest) {
        return newest & STAND_IN_MASK;
    }

    /** Where the slots of 2^{@code power} start in their table. */
    static long slotsAt(int power) {
        return 4L * ((1L << power) - (1L << FIRST_SLOTS_POWER));
    }
}
