// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.StoreException;
import headwater.store.log.ColumnBuffer;
import headwater.store.log.StringDictionary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Events as rows, from some point of the log on: what an index file is made of, and what lies over one. One thread
 * writes; once it is done, any number may read.
 */
final class GraphTables implements GraphSink {
    static final int ATTRIBUTE_BYTES = 24;
    /** The object, behind a {@link IndexFormat} Value. */
    static final int ATTRIBUTE_OBJECT = 16;

    final int firstNode;
    final int firstEdge;
    final int firstObject;
    final RowTable nodes;
    final RowTable edges;
    final RowTable attributes;
    final ColumnBuffer kinds = new ColumnBuffer(64);
    final ColumnBuffer stringBytes = new ColumnBuffer(1 << 10);
    final List<Session> sessions;
    final List<Gap> gaps;
    private final StringDictionary strings = new StringDictionary(stringBytes);

    /**
     * @param arena owns the rows
     * @param sessions the sessions before; likewise the gaps
     */
    GraphTables(Arena arena, long firstNode, long firstEdge, long firstObject, List<Session> sessions, List<Gap> gaps) {
        this.firstNode = Math.toIntExact(firstNode);
        this.firstEdge = Math.toIntExact(firstEdge);
        this.firstObject = Math.toIntExact(firstObject);
        this.nodes = new RowTable(arena, IndexFormat.NODE_BYTES);
        this.edges = new RowTable(arena, IndexFormat.EDGE_BYTES);
        this.attributes = new RowTable(arena, ATTRIBUTE_BYTES);
        this.sessions = new ArrayList<>(sessions);
        this.gaps = new ArrayList<>(gaps);
    }

    int nodeCount() {
        return firstNode + nodes.rows();
    }

    int edgeCount() {
        return firstEdge + edges.rows();
    }

    int objectCount() {
        return firstObject + kinds.length();
    }

    /** Rows of all kinds: how much lies over the index. */
    long rows() {
        return (long) nodes.rows() + edges.rows() + attributes.rows();
    }

    /** The bytes of all strings; good until the next event. */
    MemorySegment strings() {
        return MemorySegment.ofArray(stringBytes.array()).asSlice(0, stringBytes.length());
    }

    @Override
    public void sessionStart(Session session) {
        sessions.add(session);
    }

    @Override
    public void sessionEnd(long timeNs) {
        if (!sessions.isEmpty()) {
            sessions.set(sessions.size() - 1, sessions.getLast().withEnd(timeNs));
        }
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        bound(node, "nodes");
        if (object == objectCount()) {
            kinds.putByte(kind.code());
        }
        int row = nodes.add();
        MemorySegment to = nodes.segment(row);
        long at = nodes.at(row);
        to.set(IndexFormat.LONG, at + IndexFormat.NODE_TIME, timeNs);
        to.set(IndexFormat.INT, at + IndexFormat.NODE_OBJECT, (int) object);
        to.set(IndexFormat.INT, at + IndexFormat.NODE_VERSION, version);
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        bound(edge, "edges");
        int row = edges.add();
        MemorySegment to = edges.segment(row);
        long at = edges.at(row);
        to.set(IndexFormat.LONG, at + IndexFormat.EDGE_TIME, timeNs);
        to.set(IndexFormat.INT, at + IndexFormat.EDGE_CAUSE, (int) cause);
        to.set(IndexFormat.INT, at + IndexFormat.EDGE_EFFECT, (int) effect);
        to.set(IndexFormat.INT, at + IndexFormat.EDGE_TASK, (int) task);
        to.set(IndexFormat.INT, at + IndexFormat.EDGE_RELATION, relation.code());
        to.set(IndexFormat.LONG, at + IndexFormat.EDGE_FLAGS, flags);
        to.set(IndexFormat.LONG, at + IndexFormat.EDGE_OFFSET, offset);
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        attribute((int) object, attribute, value, -1);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        int string = strings.intern(bytes, offset, length);
        attribute((int) object, attribute, strings.start(string), length);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    private void attribute(int object, Attribute attribute, long number, int length) {
        bound(attributes.rows(), "attributes");
        int row = attributes.add();
        MemorySegment to = attributes.segment(row);
        long at = attributes.at(row);
        to.set(IndexFormat.LONG, at + IndexFormat.VALUE_NUMBER, number);
        to.set(IndexFormat.INT, at + IndexFormat.VALUE_LENGTH, length);
        to.set(IndexFormat.INT, at + IndexFormat.VALUE_CODE, attribute.code());
        to.set(IndexFormat.INT, at + ATTRIBUTE_OBJECT, object);
    }

    private static void bound(long number, String what) {
        if (number >= IndexFormat.MAX_ROWS) {
            throw new StoreException("store too large for this index: " + what + "=" + number + ", limit="
                    + IndexFormat.MAX_ROWS + "; record into a new store");
        }
    }
}
