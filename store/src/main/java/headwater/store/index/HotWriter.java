// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.StoreException;
import headwater.store.index.HotFormat.Table;
import headwater.store.log.ColumnBuffer;
import headwater.store.log.LogPosition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Puts events into the tables of a hot segment; see {@link HotFormat}. What was put can be seen after {@link #publish}. For one thread;
 * events allocate nothing once tables have grown, but for those of sessions and gaps.
 */
final class HotWriter implements GraphSink, AutoCloseable {
    private static final int NODES = Table.NODES.ordinal();
    private static final int VERSIONS = Table.VERSIONS.ordinal();
    private static final int OBJECTS = Table.OBJECTS.ordinal();
    private static final int EDGES = Table.EDGES.ordinal();
    private static final int EXTRA_AT = Table.EXTRA_AT.ordinal();
    private static final int EXTRA = Table.EXTRA.ordinal();
    private static final int ATTRIBUTES = Table.ATTRIBUTES.ordinal();
    private static final int TAGS = Table.TAGS.ordinal();
    private static final int NUMBERS = Table.NUMBERS.ordinal();
    private static final int STRINGS = Table.STRINGS.ordinal();
    private static final int STRING_BYTES = Table.STRING_BYTES.ordinal();
    private static final int POSTINGS = Table.POSTINGS.ordinal();
    private static final int EVENTS = Table.EVENTS.ordinal();
    private static final int FOREIGN_NODES = Table.FOREIGN_NODES.ordinal();
    private static final int FOREIGN_OBJECTS = Table.FOREIGN_OBJECTS.ordinal();
    private static final int VALUES = Table.VALUES.ordinal();
    private static final MemorySegment MEMORY = HotTables.MEMORY;

    private final HotTables hot;
    private final LogPosition start;
    private final long firstNode;
    private final long firstEdge;
    private final long firstObject;
    private final HotKeys foreignNodes;
    private final HotKeys foreignObjects;
    private final HotValues values;
    private final StringTable strings;
    private long epochNs;
    private boolean hasEpoch;
    private int nodes;
    private int versions;
    private int objects;
    private int edges;
    private long extra;
    private int attributes;
    private long given;
    private int numbers;
    private long stringBytes;
    private int postings;
    private long events;
    private long lastTask = -1;
    private long published;
    private long publishedObjects;

    /**
     * @param hot empty; the caller closes it
     * @param start from where on events come
     */
    HotWriter(HotTables hot, LogPosition start) {
        this.hot = hot;
        this.start = start;
        firstNode = start.nodes();
        firstEdge = start.edges();
        firstObject = start.objects();
        foreignNodes = new HotKeys(hot, Table.FOREIGN_NODES, Table.FOREIGN_NODE_SLOTS, 0);
        foreignObjects = new HotKeys(hot, Table.FOREIGN_OBJECTS, Table.FOREIGN_OBJECT_SLOTS, 1);
        values = new HotValues(hot);
        strings = new StringTable(new StringTable.Bytes() {
            @Override
            public MemorySegment bytes() {
                return hot.tables[STRING_BYTES];
            }

            @Override
            public long append(MemorySegment from, long offset, int length) {
                return appendString(from, offset, length);
            }
        });
        publish(start);
    }

    LogPosition start() {
        return start;
    }

    /** How many nodes, edges and values of attributes there are. */
    long rows() {
        return (long) nodes + edges + given;
    }

    /** Bytes of different strings. */
    long stringBytes() {
        return stringBytes;
    }

    @Override
    public void sessionStart(Session session) {
        ColumnBuffer bytes = new ColumnBuffer(64);
        EventBytes.put(bytes, session);
        event(bytes);
    }

    @Override
    public void sessionEnd(long timeNs) {
        ColumnBuffer bytes = new ColumnBuffer(16);
        EventBytes.putEnd(bytes, timeNs);
        event(bytes);
    }

    @Override
    public void gap(Gap gap) {
        ColumnBuffer bytes = new ColumnBuffer(64);
        EventBytes.put(bytes, gap);
        event(bytes);
    }

    private void event(ColumnBuffer bytes) {
        long to = room(EVENTS, events + bytes.length());
        MemorySegment.copy(bytes.array(), 0, MEMORY, ValueLayout.JAVA_BYTE, to + events, bytes.length());
        events += bytes.length();
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        bound(node, "nodes");
        int row = nodes;
        long at = (long) row * HotFormat.NODE_BYTES;
        boolean fresh = object == firstObject + objects;
        long newestAt;
        if (object >= firstObject) {
            bound(object, firstObject + objects + 1, "object");
            long objectAt = (object - firstObject) * HotFormat.OBJECT_BYTES;
            newestAt = room(OBJECTS, objectAt + HotFormat.OBJECT_BYTES) + objectAt;
        } else {
            long objectAt = foreignObjects.row((int) object);
            newestAt = hot.addresses[FOREIGN_OBJECTS] + objectAt + 4;
        }
        int ref;
        if (fresh && version == 0) {
            ref = objects;
        } else {
            ref = versions | HotFormat.IS_VERSION;
            long versionAt = (long) versions * HotFormat.VERSION_BYTES;
            long to = room(VERSIONS, versionAt + HotFormat.VERSION_BYTES) + versionAt;
            MEMORY.set(IndexFormat.LONG, to, object & 0xffffffffL | (long) version << 32);
            MEMORY.set(IndexFormat.INT, to + 8, MEMORY.get(IndexFormat.INT, newestAt));
            versions++;
        }
        long stamp = stamp(timeNs, kind.code());
        long to = room(NODES, at + HotFormat.NODE_BYTES) + at;
        MEMORY.set(IndexFormat.INT, to, ref);
        MEMORY.set(IndexFormat.LONG, to + HotFormat.NODE_STAMP, stamp);
        nodes++;
        if (fresh) {
            objects++;
        }
        HotFormat.LINK.setRelease(MEMORY, newestAt, row + 1);
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        bound(edge, "edges");
        int row = edges;
        long at = (long) row * HotFormat.EDGE_BYTES;
        long stamp = stamp(timeNs, relation.code()) | extra(row, task, flags, offset);
        long table = room(EDGES, at + HotFormat.EDGE_BYTES);
        MEMORY.set(IndexFormat.LONG, table + at, cause & 0xffffffffL | effect << 32);
        MEMORY.set(IndexFormat.LONG, table + at + HotFormat.EDGE_STAMP, stamp);
        edges++;
        link(table, row, effect, HotFormat.NODE_CAUSES, HotFormat.EDGE_NEXT_CAUSE);
        link(table, row, cause, HotFormat.NODE_EFFECTS, HotFormat.EDGE_NEXT_EFFECT);
    }

    /** Takes an edge into the ring of one of its nodes. */
    private void link(long table, int edge, long node, int tailField, int nextField) {
        long tailAt;
        if (node >= firstNode) {
            bound(node, firstNode + nodes, "node");
            tailAt = hot.addresses[NODES] + (node - firstNode) * HotFormat.NODE_BYTES + tailField;
        } else {
            // The fields of a foreign node stand in the same places.
            long rowAt = foreignNodes.row((int) node);
            tailAt = hot.addresses[FOREIGN_NODES] + rowAt + tailField;
        }
        int tail = MEMORY.get(IndexFormat.INT, tailAt);
        long nextAt = table + (long) edge * HotFormat.EDGE_BYTES + nextField;
        if (tail == 0) {
            MEMORY.set(IndexFormat.INT, nextAt, edge);
        } else {
            long tailNextAt = table + (long) (tail - 1) * HotFormat.EDGE_BYTES + nextField;
            MEMORY.set(IndexFormat.INT, nextAt, MEMORY.get(IndexFormat.INT, tailNextAt));
            HotFormat.LINK.setRelease(MEMORY, tailNextAt, edge);
        }
        HotFormat.LINK.setRelease(MEMORY, tailAt, edge + 1);
    }

    /** Puts what EXTRA has of an edge, and returns the flags of its stamp. */
    private long extra(int row, long task, long flags, long offset) {
        boolean begins = (row & HotFormat.EXTRA_EDGES - 1) == 0;
        if (begins) {
            long at = (long) (row / HotFormat.EXTRA_EDGES) * 4;
            MEMORY.set(IndexFormat.INT, room(EXTRA_AT, at + 4) + at, (int) extra);
        }
        long says = 0;
        if (task != lastTask || begins) {
            says |= HotFormat.STAMP_TASK;
            putVar(task + 1);
            lastTask = task;
        }
        if (flags != 0) {
            says |= HotFormat.STAMP_FLAGS;
            putVar(flags);
        }
        if (offset != -1) {
            says |= HotFormat.STAMP_OFFSET;
            putVar(offset);
        }
        return says << 32;
    }

    private void putVar(long value) {
        long base = room(EXTRA, extra + 10);
        long at = base + extra;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            MEMORY.set(ValueLayout.JAVA_BYTE, at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        MEMORY.set(ValueLayout.JAVA_BYTE, at++, (byte) rest);
        extra = at - base;
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        boolean small = value >>> 32 == 0;
        int tag = small ? attribute.code() : attribute.code() | HotFormat.TAG_NUMBER;
        int word = small ? (int) value : number(value);
        attribute(object, tag, word);
        if (attribute.indexed()) {
            long row = values.row(IndexFormat.hash(attribute.code(), value), tag, word, value);
            posting(row, object);
        }
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        int known = strings.count();
        int string = strings.intern(bytes, offset, length);
        if (string == known) {
            long at = (long) string * HotFormat.STRING_BYTES;
            long to = room(STRINGS, at + HotFormat.STRING_BYTES) + at;
            MEMORY.set(IndexFormat.INT, to, (int) strings.start(string));
            MEMORY.set(IndexFormat.INT, to + 4, length);
        }
        attribute(object, attribute.code(), string);
        if (attribute.indexed()) {
            int hash = IndexFormat.stringHash(attribute.code(), strings.hash(string));
            posting(values.row(hash, attribute.code(), string, 0), object);
        }
    }

    private void attribute(long object, int tag, int word) {
        given++;
        long newestAt;
        boolean own = object >= firstObject;
        if (own) {
            bound(object, firstObject + objects, "object");
            newestAt = hot.addresses[OBJECTS] + (object - firstObject) * HotFormat.OBJECT_BYTES + 4;
        } else {
            long objectAt = foreignObjects.row((int) object);
            newestAt = hot.addresses[FOREIGN_OBJECTS] + objectAt + 8;
        }
        int newest = MEMORY.get(IndexFormat.INT, newestAt);
        if (newest == 0 && own && object - firstObject >= publishedObjects && HotFormat.canStandIn(tag, word)) {
            MEMORY.set(IndexFormat.INT, newestAt, HotFormat.standIn(tag, word));
            return;
        }
        if (HotFormat.isStandIn(newest)) {
            newest = attributeRow(HotFormat.BEFORE_ALL, HotFormat.standInTag(newest), HotFormat.standInWord(newest));
        }
        HotFormat.LINK.setRelease(MEMORY, newestAt, attributeRow(newest, tag, word));
    }

    /** Adds a row and returns its number plus 1. */
    private int attributeRow(int before, int tag, int word) {
        long at = (long) attributes * HotFormat.ATTRIBUTE_BYTES;
        long to = room(ATTRIBUTES, at + HotFormat.ATTRIBUTE_BYTES) + at;
        MEMORY.set(IndexFormat.INT, to, before);
        MEMORY.set(IndexFormat.INT, to + 4, word);
        MEMORY.set(ValueLayout.JAVA_BYTE, room(TAGS, attributes + 1L) + attributes, (byte) tag);
        return ++attributes;
    }

    private void posting(long valueAt, long object) {
        long at = (long) postings * HotFormat.POSTING_BYTES;
        long to = room(POSTINGS, at + HotFormat.POSTING_BYTES) + at;
        long newestAt = hot.addresses[VALUES] + valueAt + 12;
        MEMORY.set(IndexFormat.INT, to, (int) object);
        MEMORY.set(IndexFormat.INT, to + 4, MEMORY.get(IndexFormat.INT, newestAt));
        postings++;
        HotFormat.LINK.setRelease(MEMORY, newestAt, postings);
    }

    private int number(long value) {
        long at = 8L * numbers;
        MEMORY.set(IndexFormat.LONG, room(NUMBERS, at + 8) + at, value);
        return numbers++;
    }

    private long appendString(MemorySegment from, long offset, int length) {
        long at = stringBytes;
        MemorySegment.copy(from, offset, MEMORY, room(STRING_BYTES, at + length) + at, length);
        stringBytes += length;
        return at;
    }

    private long stamp(long timeNs, int code) {
        if (!hasEpoch) {
            epochNs = timeNs - HotFormat.STAMP_MIDDLE;
            hot.header.set(IndexFormat.LONG, HotFormat.EPOCH_AT, epochNs);
            hasEpoch = true;
        }
        long time = timeNs - epochNs;
        if ((time & ~HotFormat.STAMP_TIME_MASK) != 0) {
            time = number(timeNs) | HotFormat.STAMP_FAR;
        }
        return time | (long) code << HotFormat.STAMP_CODE_SHIFT;
    }

    /** Where a table stands in memory; up to {@code bytes} can be stored to. */
    private long room(int table, long bytes) {
        if (bytes > hot.reserved[table]) {
            hot.reserve(table, bytes);
        }
        return hot.addresses[table];
    }

    /** Lets readers see what was put, which is what the log has up to {@code position}. */
    void publish(LogPosition position) {
        if (position.nodes() != firstNode + nodes || position.edges() != firstEdge + edges || position.objects() != firstObject + objects) {
            throw new IllegalStateException("hot segment is not where the log is: nodes=" + nodes + ", edges=" + edges + ", objects="
                    + objects + ", start=" + start + ", position=" + position);
        }
        MemorySegment to = hot.header;
        long number = published + 1;
        long at = HotFormat.HEADER_BYTES + number % HotFormat.SNAPSHOTS * HotFormat.SNAPSHOT_BYTES;
        IndexFormat.putPosition(to, at, position);
        to.set(IndexFormat.LONG, at + HotFormat.SNAPSHOT_ATTRIBUTES, attributes);
        to.set(IndexFormat.LONG, at + HotFormat.SNAPSHOT_POSTINGS, postings);
        to.set(IndexFormat.LONG, at + HotFormat.SNAPSHOT_EVENTS, events);
        to.set(IndexFormat.LONG, at + HotFormat.SNAPSHOT_NUMBER, number);
        published = number;
        publishedObjects = objects;
        HotFormat.COUNTER.setRelease(to, (long) HotFormat.PUBLISHED_AT, number);
    }

    /** A number from outside, which a store through {@link HotTables#MEMORY} would follow wherever it leads. */
    private static void bound(long number, long end, String what) {
        if (number >= end) {
            throw new IndexOutOfBoundsException("no such " + what + ": " + what + "=" + number + ", end=" + end);
        }
    }

    private static void bound(long number, String what) {
        if (number >= IndexFormat.MAX_NUMBER) {
            throw new StoreException("store too large for this index: " + what + "=" + number + ", limit="
                    + IndexFormat.MAX_NUMBER + "; record into a new store");
        }
    }

    @Override
    public void close() {
        hot.close();
    }
}
