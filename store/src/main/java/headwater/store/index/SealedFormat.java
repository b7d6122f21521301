// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

/**
 * A sealed segment, version 1: the graph that the log tells between two of its blocks, immutable. Nodes, edges and objects that are
 * told of first in its range are its <em>own</em>, and numbered from 0 within it; those of earlier segments are <em>foreign</em>
 * to it and have their numbers of the store.
 *
 * <pre>
 * Sealed  --> Header Section{31}     each section starts at a multiple of 8 bytes
 *
 * Header, 1,088 bytes:
 *     0   8  magic "HWSEALED"
 *     8   4  format version
 *    12   4  number of sections, 31
 *    16  16  store id: the UUID's high, then low 64 bits
 *    32  96  Position where it starts
 *   128  96  Position where it ends
 *   224   8  zero
 *   232   8  length of the file
 *   240  16  zero
 *   256 744  for each section: offset u64, length u64, CRC32C u32, zero u32
 *  1000  84  zero
 *  1084   4  CRC32C of the bytes before
 *
 * NODE_FIRST       --> RankBitmap    by node: its object has no earlier one; the object is the rank
 * NODE_OBJECT      --> PackedColumn  by place among the other nodes: the object, negative
 * NODE_VERSION     --> PackedColumn  by node
 * NODE_TIME        --> RunColumn     by node: ns since the Unix epoch
 * NODE_EDGES       --> PackedColumn  by node: own edges before it
 * OBJECT_KIND      --> RunColumn     by object: NodeKind.code
 * OBJECT_VERSIONS  --> EdgeLists     by object: its nodes but the first; base 0
 * FOREIGN_OBJECTS  --> PackedColumn  foreign objects that have nodes here, ascending
 * FOREIGN_VERSIONS --> EdgeLists     by place in FOREIGN_OBJECTS: its nodes; base 0
 * EDGE_RELATION    --> RunColumn     by edge: Relation.code
 * EDGE_CAUSE       --> PackedColumn  by edge: the node, negative
 * EDGE_EFFECT      --> RunColumn     likewise
 * EDGE_TIME        --> RunColumn     by edge
 * EDGE_TASK        --> RunColumn     by edge: the node, negative; 1 if there is none
 * EDGE_FLAGS       --> RunColumn     by edge
 * EDGE_OFFSET      --> RunColumn     by edge
 * CAUSES           --> EdgeLists     by node: edges into it; base NODE_EDGES
 * EFFECTS          --> EdgeLists     by node: edges out of it; base NODE_EDGES
 * CAUSED           --> PackedColumn  foreign nodes that edges lead into, ascending
 * CAUSED_FILTER    --> NodeFilter    of these
 * CAUSED_CAUSES    --> EdgeLists     by place in CAUSED: the edges; base 0
 * CAUSING          --> PackedColumn  foreign nodes that edges lead out of, ascending
 * CAUSING_FILTER   --> NodeFilter    of these
 * CAUSING_EFFECTS  --> EdgeLists     by place in CAUSING: the edges; base 0
 * ATTRIBUTE_CODES  --> {code u32, zero u32, length of objects u64, length of values u64}     ascending by code
 * ATTRIBUTES       --> {PackedColumn PackedColumn}  for each code: the objects, ascending, as often as they were given a value;
 *                                    and, oldest first, the values: a number, or the number of a string
 * STRING_STARTS    --> PackedColumn  by string; and where the last one ends
 * STRINGS          --> bytes         each different string once
 * FIND_HASH        --> PackedColumn  hashes of the values of indexed attributes, ascending, unsigned
 * FIND_OBJECT      --> PackedColumn  by place in FIND_HASH: the object that has, or had, such a value
 * EVENTS           --> Event*        in the order of the log
 *
 * Event            --> 1 zvar startNs Session | 2 zvar endNs | 3 Gap     Session and Gap as in the log
 * </pre>
 */
final class SealedFormat {
    static final int VERSION = 1;
    static final long MAGIC = 0x44454c4145535748L;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int SECTIONS_AT = 12;
    static final int STORE_AT = 16;
    static final int START_AT = 32;
    static final int END_AT = 128;
    static final int LENGTH_AT = 232;
    static final int TABLE_AT = 256;
    static final int TABLE_ROW_BYTES = 24;
    static final int CRC_AT = 1084;
    static final int HEADER_BYTES = 1088;

    static final int ATTRIBUTE_CODE_BYTES = 24;

    static final int EVENT_SESSION_START = 1;
    static final int EVENT_SESSION_END = 2;
    static final int EVENT_GAP = 3;

    /** In the order of the file. */
    enum Section {
        NODE_FIRST, NODE_OBJECT, NODE_VERSION, NODE_TIME, NODE_EDGES, OBJECT_KIND, OBJECT_VERSIONS, FOREIGN_OBJECTS, FOREIGN_VERSIONS,
        EDGE_RELATION, EDGE_CAUSE, EDGE_EFFECT, EDGE_TIME, EDGE_TASK, EDGE_FLAGS, EDGE_OFFSET, CAUSES, EFFECTS,
        CAUSED, CAUSED_FILTER, CAUSED_CAUSES, CAUSING, CAUSING_FILTER, CAUSING_EFFECTS,
        ATTRIBUTE_CODES, ATTRIBUTES, STRING_STARTS, STRINGS, FIND_HASH, FIND_OBJECT, EVENTS;

        static final int COUNT = values().length;
    }

    private SealedFormat() {
    }
}
