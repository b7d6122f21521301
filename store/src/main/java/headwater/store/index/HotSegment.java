// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView.Edge;
import headwater.model.GraphView.EdgeVisitor;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.StoreException;
import headwater.store.index.HotFormat.Table;
import headwater.store.log.MalformedPayloadException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;

/** One snapshot of a hot segment, while its writer goes on; see {@link HotFormat}. */
final class HotSegment extends Segment {
    private final MemorySegment header;
    private final MemorySegment nodes;
    private final MemorySegment versions;
    private final MemorySegment objects;
    private final MemorySegment edges;
    private final MemorySegment extraAt;
    private final MemorySegment extra;
    private final MemorySegment attributes;
    private final MemorySegment tags;
    private final MemorySegment numbers;
    private final MemorySegment strings;
    private final MemorySegment stringBytes;
    private final MemorySegment foreignNodes;
    private final MemorySegment foreignObjects;
    private final MemorySegment values;
    private final MemorySegment postings;
    private final MemorySegment events;
    private final MemorySegment foreignNodeSlots;
    private final MemorySegment foreignObjectSlots;
    private final MemorySegment valueSlots;
    private final long epochNs;
    private final int nodeCount;
    private final int edgeCount;
    private final long attributeCount;
    private final long postingCount;
    private final long eventBytes;

    private HotSegment(MemorySegment header, MemorySegment[] tables, MemorySegment snapshot) {
        super(IndexFormat.position(header, HotFormat.START_AT), IndexFormat.position(snapshot, 0));
        this.header = header;
        nodes = tables[Table.NODES.ordinal()];
        versions = tables[Table.VERSIONS.ordinal()];
        objects = tables[Table.OBJECTS.ordinal()];
        edges = tables[Table.EDGES.ordinal()];
        extraAt = tables[Table.EXTRA_AT.ordinal()];
        extra = tables[Table.EXTRA.ordinal()];
        attributes = tables[Table.ATTRIBUTES.ordinal()];
        tags = tables[Table.TAGS.ordinal()];
        numbers = tables[Table.NUMBERS.ordinal()];
        strings = tables[Table.STRINGS.ordinal()];
        stringBytes = tables[Table.STRING_BYTES.ordinal()];
        foreignNodes = tables[Table.FOREIGN_NODES.ordinal()];
        foreignObjects = tables[Table.FOREIGN_OBJECTS.ordinal()];
        values = tables[Table.VALUES.ordinal()];
        postings = tables[Table.POSTINGS.ordinal()];
        events = tables[Table.EVENTS.ordinal()];
        foreignNodeSlots = tables[Table.FOREIGN_NODE_SLOTS.ordinal()];
        foreignObjectSlots = tables[Table.FOREIGN_OBJECT_SLOTS.ordinal()];
        valueSlots = tables[Table.VALUE_SLOTS.ordinal()];
        epochNs = header.get(IndexFormat.LONG, HotFormat.EPOCH_AT);
        nodeCount = Math.toIntExact(endNode - firstNode);
        edgeCount = Math.toIntExact(endEdge - firstEdge);
        attributeCount = snapshot.get(IndexFormat.LONG, HotFormat.SNAPSHOT_ATTRIBUTES);
        postingCount = snapshot.get(IndexFormat.LONG, HotFormat.SNAPSHOT_POSTINGS);
        eventBytes = snapshot.get(IndexFormat.LONG, HotFormat.SNAPSHOT_EVENTS);
    }

    /** The newest snapshot, null if there is none that makes sense. */
    static HotSegment newest(MemorySegment header, MemorySegment[] tables) {
        MemorySegment copy = MemorySegment.ofArray(new long[HotFormat.SNAPSHOT_BYTES / Long.BYTES]);
        while (true) {
            long number = (long) HotFormat.COUNTER.getAcquire(header, (long) HotFormat.PUBLISHED_AT);
            if (number <= 0) {
                return null;
            }
            long at = HotFormat.HEADER_BYTES + number % HotFormat.SNAPSHOTS * HotFormat.SNAPSHOT_BYTES;
            MemorySegment.copy(header, at, copy, 0, HotFormat.SNAPSHOT_BYTES);
            VarHandle.acquireFence();
            long by = (long) HotFormat.COUNTER.getAcquire(header, (long) HotFormat.PUBLISHED_AT);
            if (by - number < HotFormat.SNAPSHOTS - 1) {
                return copy.get(IndexFormat.LONG, HotFormat.SNAPSHOT_NUMBER) == number
                        ? new HotSegment(header, tables, copy) : null;
            }
        }
    }

    @Override
    int kind(long object) {
        int newest = (int) HotFormat.LINK.getAcquire(objects, (object - firstObject) * HotFormat.OBJECT_BYTES);
        return code(nodes.get(IndexFormat.LONG, (newest - 1L) * HotFormat.NODE_BYTES + HotFormat.NODE_STAMP));
    }

    @Override
    long object(long node) {
        int ref = nodes.get(IndexFormat.INT, (node - firstNode) * HotFormat.NODE_BYTES);
        return ref >= 0 ? firstObject + ref : versions.get(IndexFormat.INT, version(ref)) & 0xffffffffL;
    }

    @Override
    int version(long node) {
        int ref = nodes.get(IndexFormat.INT, (node - firstNode) * HotFormat.NODE_BYTES);
        return ref >= 0 ? 0 : versions.get(IndexFormat.INT, version(ref) + 4);
    }

    private static long version(int ref) {
        return (long) (ref & ~HotFormat.IS_VERSION) * HotFormat.VERSION_BYTES;
    }

    @Override
    long timeNs(long node) {
        return time(nodes.get(IndexFormat.LONG, (node - firstNode) * HotFormat.NODE_BYTES + HotFormat.NODE_STAMP));
    }

    @Override
    void versions(long object, ObjectList to) {
        int newest;
        if (object >= firstObject) {
            newest = (int) HotFormat.LINK.getAcquire(objects, (object - firstObject) * HotFormat.OBJECT_BYTES);
        } else {
            long at = HotKeys.find(header, 1, foreignObjects, foreignObjectSlots, (int) object);
            newest = at < 0 ? 0 : (int) HotFormat.LINK.getAcquire(foreignObjects, at + 4);
        }
        for (int row = newest - 1; row >= 0;) {
            if (row < nodeCount) {
                to.add(firstNode + row);
            }
            int ref = nodes.get(IndexFormat.INT, (long) row * HotFormat.NODE_BYTES);
            row = ref >= 0 ? -1 : versions.get(IndexFormat.INT, version(ref) + 8) - 1;
        }
    }

    @Override
    boolean causes(long node, EdgeVisitor visitor) {
        return walk(node, HotFormat.NODE_CAUSES, HotFormat.EDGE_NEXT_CAUSE, 0, visitor);
    }

    @Override
    boolean effects(long node, EdgeVisitor visitor) {
        return walk(node, HotFormat.NODE_EFFECTS, HotFormat.EDGE_NEXT_EFFECT, HotFormat.EDGE_EFFECT, visitor);
    }

    private boolean walk(long node, int tailField, int nextField, int otherField, EdgeVisitor visitor) {
        MemorySegment of = nodes;
        long tailAt = (node - firstNode) * HotFormat.NODE_BYTES + tailField;
        if (node < firstNode) {
            of = foreignNodes;
            long at = HotKeys.find(header, 0, foreignNodes, foreignNodeSlots, (int) node);
            if (at < 0) {
                return true;
            }
            tailAt = at + tailField;
        }
        int tail = (int) HotFormat.LINK.getAcquire(of, tailAt) - 1;
        if (tail < 0) {
            return true;
        }
        int edge = nextOf(tail, nextField);
        // A next that is newer than the tail: the writer is between its two stores, or was when it ended.
        while (edge > tail) {
            tail = edge;
            edge = nextOf(tail, nextField);
        }
        while (edge < edgeCount) {
            long at = (long) edge * HotFormat.EDGE_BYTES;
            long stamp = edges.get(IndexFormat.LONG, at + HotFormat.EDGE_STAMP);
            if (!visitor.edge(firstEdge + edge, Relation.ofCode(code(stamp)),
                    edges.get(IndexFormat.INT, at + otherField) & 0xffffffffL, time(stamp))) {
                return false;
            }
            int next = edges.get(IndexFormat.INT, at + nextField);
            if (next <= edge) {
                return true;
            }
            edge = next;
        }
        return true;
    }

    private int nextOf(int edge, int nextField) {
        return (int) HotFormat.LINK.getAcquire(edges, (long) edge * HotFormat.EDGE_BYTES + nextField);
    }

    @Override
    Edge edge(long edge) {
        int row = (int) (edge - firstEdge);
        int from = row & -HotFormat.EXTRA_EDGES;
        ExtraCursor cursor = new ExtraCursor(extra, extraAt.get(IndexFormat.INT, from / HotFormat.EXTRA_EDGES * 4L) & 0xffffffffL);
        for (int i = from; i < row; i++) {
            cursor.take(edges.get(IndexFormat.LONG, (long) i * HotFormat.EDGE_BYTES + HotFormat.EDGE_STAMP));
        }
        long at = (long) row * HotFormat.EDGE_BYTES;
        long stamp = edges.get(IndexFormat.LONG, at + HotFormat.EDGE_STAMP);
        cursor.take(stamp);
        return new Edge(edge, Relation.ofCode(code(stamp)), edges.get(IndexFormat.INT, at) & 0xffffffffL,
                edges.get(IndexFormat.INT, at + HotFormat.EDGE_EFFECT) & 0xffffffffL, time(stamp), cursor.task, cursor.flags,
                cursor.offset);
    }

    /** Reads EXTRA edge by edge. */
    private static final class ExtraCursor {
        private final MemorySegment bytes;
        private long at;
        private long task;
        private long flags;
        private long offset;

        ExtraCursor(MemorySegment bytes, long at) {
            this.bytes = bytes;
            this.at = at;
        }

        void take(long stamp) {
            int says = (int) (stamp >>> 32);
            if ((says & HotFormat.STAMP_TASK) != 0) {
                task = takeVar() - 1;
            }
            flags = (says & HotFormat.STAMP_FLAGS) != 0 ? takeVar() : 0;
            offset = (says & HotFormat.STAMP_OFFSET) != 0 ? takeVar() : -1;
        }

        private long takeVar() {
            long value = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                byte next = bytes.get(ValueLayout.JAVA_BYTE, at++);
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    break;
                }
            }
            return value;
        }
    }

    @Override
    boolean newest(long object, int code, Value to) {
        int newest;
        if (object >= firstObject) {
            newest = (int) HotFormat.LINK.getAcquire(objects, (object - firstObject) * HotFormat.OBJECT_BYTES + 4);
        } else {
            long at = HotKeys.find(header, 1, foreignObjects, foreignObjectSlots, (int) object);
            newest = at < 0 ? 0 : (int) HotFormat.LINK.getAcquire(foreignObjects, at + 8);
        }
        if (HotFormat.isStandIn(newest)) {
            int tag = HotFormat.standInTag(newest);
            if (tag == code) {
                value(tag, HotFormat.standInWord(newest), to);
            }
            return tag == code;
        }
        while (newest > 0) {
            int row = newest - 1;
            long at = (long) row * HotFormat.ATTRIBUTE_BYTES;
            int tag = tags.get(ValueLayout.JAVA_BYTE, row);
            int before = attributes.get(IndexFormat.INT, at);
            if ((tag & HotFormat.TAG_CODE_MASK) == code && (row < attributeCount || before == HotFormat.BEFORE_ALL)) {
                value(tag, attributes.get(IndexFormat.INT, at + 4), to);
                return true;
            }
            newest = before;
        }
        return false;
    }

    private void value(int tag, int word, Value to) {
        if ((tag & HotFormat.TAG_NUMBER) != 0) {
            to.set(numbers.get(IndexFormat.LONG, 8L * word));
        } else if (Attribute.ofCode(tag).isBytes()) {
            long at = (long) word * HotFormat.STRING_BYTES;
            to.set(stringBytes, strings.get(IndexFormat.INT, at) & 0xffffffffL, strings.get(IndexFormat.INT, at + 4));
        } else {
            to.set(word & 0xffffffffL);
        }
    }

    @Override
    void find(int code, long number, ObjectList found) {
        find(IndexFormat.hash(code, number), code, value -> value.number() == number, found);
    }

    @Override
    void find(int code, byte[] value, long contentHash, ObjectList found) {
        find(IndexFormat.stringHash(code, contentHash), code, one -> java.util.Arrays.equals(one.bytes(), value), found);
    }

    private void find(int hash, int code, java.util.function.Predicate<Value> same, ObjectList found) {
        int power = (int) HotFormat.LINK.getAcquire(header, HotFormat.SLOTS_AT + 4L * HotValues.PLACE);
        long base = HotFormat.slotsAt(power);
        int mask = (1 << power) - 1;
        int slot = hash & mask;
        Value value = new Value();
        for (int i = 0; i <= mask; i++) {
            int entry = (int) HotFormat.LINK.getAcquire(valueSlots, base + 4L * slot);
            if (entry == 0) {
                return;
            }
            long at = (entry - 1L) * HotFormat.VALUE_BYTES;
            int tag = values.get(IndexFormat.INT, at + 4);
            if (values.get(IndexFormat.INT, at) == hash && (tag & HotFormat.TAG_CODE_MASK) == code) {
                value(tag, values.get(IndexFormat.INT, at + 8), value);
                if (same.test(value)) {
                    postings((int) HotFormat.LINK.getAcquire(values, at + 12), found);
                    return;
                }
            }
            slot = slot + 1 & mask;
        }
    }

    private void postings(int newest, ObjectList found) {
        for (int row = newest - 1; row >= 0;) {
            long at = (long) row * HotFormat.POSTING_BYTES;
            if (row < postingCount) {
                found.add(postings.get(IndexFormat.INT, at) & 0xffffffffL);
            }
            row = postings.get(IndexFormat.INT, at + 4) - 1;
        }
    }

    @Override
    void events(List<Session> sessions, List<Gap> gaps) {
        try {
            EventBytes.read(events.asSlice(0, eventBytes), sessions, gaps);
        } catch (MalformedPayloadException e) {
            throw new StoreException("hot segment cannot be read: end=" + end + ", cause=" + e.getMessage());
        }
    }

    private long time(long stamp) {
        long time = stamp & HotFormat.STAMP_TIME_MASK;
        return (stamp & HotFormat.STAMP_FAR) == 0 ? epochNs + time : numbers.get(IndexFormat.LONG, 8 * time);
    }

    private static int code(long stamp) {
        return (int) (stamp >>> HotFormat.STAMP_CODE_SHIFT) & 0xff;
    }

}
