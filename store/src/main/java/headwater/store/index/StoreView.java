// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.index.IndexFormat.Section;
import headwater.store.log.LogPosition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/**
 * The graph of a store up to one position of its log: an index file, if there is one, and over it what the log says
 * beyond. Immutable; any thread may read it until it is closed, after which reading throws
 * {@link IllegalStateException}.
 */
public final class StoreView implements GraphView {
    private final Arena arena;
    private final MappedIndex base;
    private final int baseNodes;
    private final int baseEdges;
    private final int baseObjects;
    private final Overlay over;
    private final LogPosition position;

    /**
     * @param arena owns the memory of both; closed with the view
     * @param base null if there is no index file
     * @param tables what lies beyond {@code base}
     * @param position up to which the log was read
     */
    StoreView(Arena arena, MappedIndex base, GraphTables tables, LogPosition position) {
        this.arena = arena;
        this.base = base;
        this.baseNodes = tables.firstNode;
        this.baseEdges = tables.firstEdge;
        this.baseObjects = tables.firstObject;
        this.over = new Overlay(tables);
        this.position = position;
    }

    /** Up to where in the log the view goes. */
    public LogPosition position() {
        return position;
    }

    @Override
    public long objects() {
        return over.tables.objectCount();
    }

    @Override
    public long nodes() {
        return over.tables.nodeCount();
    }

    @Override
    public long edges() {
        return over.tables.edgeCount();
    }

    @Override
    public NodeKind kind(long object) {
        Objects.checkIndex(object, objects());
        int code = object < baseObjects
                ? base.section(Section.OBJECT_KINDS).get(ValueLayout.JAVA_BYTE, object)
                : over.tables.kinds.array()[(int) object - baseObjects];
        return NodeKind.ofCode(code);
    }

    @Override
    public long object(long node) {
        return nodeInt(node, IndexFormat.NODE_OBJECT);
    }

    @Override
    public int version(long node) {
        return nodeInt(node, IndexFormat.NODE_VERSION);
    }

    @Override
    public long timeNs(long node) {
        Objects.checkIndex(node, nodes());
        return node < baseNodes
                ? base.section(Section.NODES).get(IndexFormat.LONG, node * IndexFormat.NODE_BYTES)
                : over.tables.nodes.longAt((int) node - baseNodes, IndexFormat.NODE_TIME);
    }

    @Override
    public long[] versions(long object) {
        Objects.checkIndex(object, objects());
        ObjectList versions = new ObjectList();
        if (object < baseObjects) {
            int end = base.intAt(Section.VERSION_STARTS, object + 1);
            for (int i = base.intAt(Section.VERSION_STARTS, object); i < end; i++) {
                versions.add(base.intAt(Section.VERSIONS, i));
            }
        }
        for (int row = over.versions.first((int) object); row >= 0; row = over.versions.next(row)) {
            versions.add(baseNodes + row);
        }
        return versions.toArray();
    }

    @Override
    public void causes(long node, EdgeVisitor visitor) {
        walk(node, Section.CAUSE_STARTS, Section.CAUSES, over.causes, IndexFormat.EDGE_CAUSE, visitor);
    }

    @Override
    public void effects(long node, EdgeVisitor visitor) {
        walk(node, Section.EFFECT_STARTS, Section.EFFECTS, over.effects, IndexFormat.EDGE_EFFECT, visitor);
    }

    @Override
    public Edge edge(long edge) {
        Objects.checkIndex(edge, edges());
        int row = (int) edge - baseEdges;
        MemorySegment from = row < 0 ? base.section(Section.EDGES) : over.tables.edges.segment(row);
        long at = row < 0 ? edge * IndexFormat.EDGE_BYTES : over.tables.edges.at(row);
        return new Edge(edge, relation(from, at), from.get(IndexFormat.INT, at + IndexFormat.EDGE_CAUSE),
                from.get(IndexFormat.INT, at + IndexFormat.EDGE_EFFECT),
                from.get(IndexFormat.LONG, at + IndexFormat.EDGE_TIME),
                from.get(IndexFormat.INT, at + IndexFormat.EDGE_TASK),
                from.get(IndexFormat.LONG, at + IndexFormat.EDGE_FLAGS),
                from.get(IndexFormat.LONG, at + IndexFormat.EDGE_OFFSET));
    }

    @Override
    public Attributes attributes(long object) {
        Objects.checkIndex(object, objects());
        int start = 0;
        int end = 0;
        if (object < baseObjects) {
            start = base.intAt(Section.ATTRIBUTE_STARTS, object);
            end = base.intAt(Section.ATTRIBUTE_STARTS, object + 1);
        }
        int count = end - start;
        for (int row = over.attributes.first((int) object); row >= 0; row = over.attributes.next(row)) {
            count++;
        }
        ObjectAttributes attributes = new ObjectAttributes(Math.min(count, Attribute.values().length) + 1);
        for (int i = start; i < end; i++) {
            attributes.put(base.section(Section.ATTRIBUTES), (long) i * IndexFormat.VALUE_BYTES,
                    base.section(Section.STRINGS));
        }
        RowTable rows = over.tables.attributes;
        for (int row = over.attributes.first((int) object); row >= 0; row = over.attributes.next(row)) {
            attributes.put(rows.segment(row), rows.at(row), over.strings);
        }
        return attributes;
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        requireIndexed(attribute, true);
        ObjectList found = new ObjectList();
        if (base != null) {
            addObjects(base.findValue(attribute.code(), value), found);
        }
        over.find(attribute.code(), value, found);
        return found.toArray();
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        requireIndexed(attribute, false);
        ObjectList found = new ObjectList();
        if (base != null) {
            addObjects(base.findValue(attribute.code(), value), found);
        }
        over.find(attribute.code(), value, found);
        return found.toArray();
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(over.tables.sessions);
    }

    @Override
    public List<Gap> gaps() {
        return List.copyOf(over.tables.gaps);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private int nodeInt(long node, int field) {
        Objects.checkIndex(node, nodes());
        return node < baseNodes
                ? base.section(Section.NODES).get(IndexFormat.INT, node * IndexFormat.NODE_BYTES + field)
                : over.tables.nodes.intAt((int) node - baseNodes, field);
    }

    private void walk(long node, Section starts, Section edges, Chains chains, int otherField, EdgeVisitor visitor) {
        Objects.checkIndex(node, nodes());
        if (node < baseNodes) {
            MemorySegment table = base.section(Section.EDGES);
            int end = base.intAt(starts, node + 1);
            for (int i = base.intAt(starts, node); i < end; i++) {
                int edge = base.intAt(edges, i);
                if (!visit(edge, table, (long) edge * IndexFormat.EDGE_BYTES, otherField, visitor)) {
                    return;
                }
            }
        }
        RowTable rows = over.tables.edges;
        for (int row = chains.first((int) node); row >= 0; row = chains.next(row)) {
            if (!visit(baseEdges + row, rows.segment(row), rows.at(row), otherField, visitor)) {
                return;
            }
        }
    }

    private static boolean visit(int edge, MemorySegment from, long at, int otherField, EdgeVisitor visitor) {
        return visitor.edge(edge, relation(from, at), from.get(IndexFormat.INT, at + otherField),
                from.get(IndexFormat.LONG, at + IndexFormat.EDGE_TIME));
    }

    private static Relation relation(MemorySegment from, long at) {
        return Relation.ofCode(from.get(IndexFormat.INT, at + IndexFormat.EDGE_RELATION) & 0xff);
    }

    private void addObjects(int value, ObjectList found) {
        if (value < 0) {
            return;
        }
        int end = base.intAt(Section.VALUE_STARTS, value + 1L);
        for (int i = base.intAt(Section.VALUE_STARTS, value); i < end; i++) {
            found.add(base.intAt(Section.VALUE_OBJECTS, i));
        }
    }

    private static void requireIndexed(Attribute attribute, boolean bytes) {
        if (!attribute.indexed() || attribute.isBytes() != bytes) {
            throw new IllegalArgumentException("attribute cannot be looked up so: attribute=" + attribute.text()
                    + ", indexed=" + attribute.indexed() + ", bytes=" + attribute.isBytes());
        }
    }
}
