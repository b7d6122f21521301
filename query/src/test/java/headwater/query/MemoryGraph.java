// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A graph in memory, written and read through the two faces of the model. It checks what it is told, as a store
 * would.
 */
public final class MemoryGraph implements GraphSink, GraphView {
    private record Node(long object, int version, long timeNs, List<Edge> causes, List<Edge> effects) {
    }

    private record Thing(NodeKind kind, List<Long> versions, EnumMap<Attribute, Object> values,
            Map<Attribute, List<Object>> all) {
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<Thing> objects = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    @Override
    public void sessionStart(Session session) {
        sessions.add(session);
    }

    @Override
    public void sessionEnd(long timeNs) {
        sessions.set(sessions.size() - 1, sessions.getLast().withEnd(timeNs));
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        check(node == nodes.size(), "node out of order: node=" + node);
        if (object == objects.size()) {
            objects.add(new Thing(kind, new ArrayList<>(), new EnumMap<>(Attribute.class),
                    new EnumMap<>(Attribute.class)));
        }
        Thing thing = objects.get((int) object);
        check(thing.kind == kind && thing.versions.size() == version, "version out of order: object=" + object);
        thing.versions.add(node);
        nodes.add(new Node(object, version, timeNs, new ArrayList<>(), new ArrayList<>()));
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        check(edge == edges.size(), "edge out of order: edge=" + edge);
        check(nodes.get((int) effect).effects.isEmpty() || relation == Relation.NAMED || sessions.getLast().isImported(),
                "flow into a seen node: " + effect);
        Edge whole = new Edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        edges.add(whole);
        nodes.get((int) cause).effects.add(whole);
        nodes.get((int) effect).causes.add(whole);
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        check(!attribute.isBytes(), "not a number: attribute=" + attribute);
        put(object, attribute, value);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        check(attribute.isBytes(), "not bytes: attribute=" + attribute);
        put(object, attribute, bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    private void put(long object, Attribute attribute, Object value) {
        Thing thing = objects.get((int) object);
        thing.values.put(attribute, value);
        thing.all.computeIfAbsent(attribute, key -> new ArrayList<>()).add(value);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public long objects() {
        return objects.size();
    }

    @Override
    public long nodes() {
        return nodes.size();
    }

    @Override
    public long edges() {
        return edges.size();
    }

    @Override
    public NodeKind kind(long object) {
        return objects.get((int) object).kind;
    }

    @Override
    public long object(long node) {
        return nodes.get((int) node).object;
    }

    @Override
    public int version(long node) {
        return nodes.get((int) node).version;
    }

    @Override
    public long timeNs(long node) {
        return nodes.get((int) node).timeNs;
    }

    @Override
    public long[] versions(long object) {
        return objects.get((int) object).versions.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void causes(long node, EdgeVisitor visitor) {
        for (Edge edge : nodes.get((int) node).causes) {
            if (!visitor.edge(edge.number(), edge.relation(), edge.cause(), edge.timeNs())) {
                return;
            }
        }
    }

    @Override
    public void effects(long node, EdgeVisitor visitor) {
        for (Edge edge : nodes.get((int) node).effects) {
            if (!visitor.edge(edge.number(), edge.relation(), edge.effect(), edge.timeNs())) {
                return;
            }
        }
    }

    @Override
    public Edge edge(long edge) {
        return edges.get((int) edge);
    }

    @Override
    public Attributes attributes(long object) {
        EnumMap<Attribute, Object> values = objects.get((int) object).values;
        return new Attributes() {
            @Override
            public long number(Attribute attribute, long otherwise) {
                return values.get(attribute) instanceof Long value ? value : otherwise;
            }

            @Override
            public byte[] bytes(Attribute attribute) {
                return values.get(attribute) instanceof byte[] value ? value.clone() : null;
            }

            @Override
            public List<Attribute> known() {
                return List.copyOf(values.keySet());
            }
        };
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        return find(attribute, known -> known instanceof byte[] bytes && Arrays.equals(bytes, value));
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        return find(attribute, known -> known.equals(value));
    }

    private long[] find(Attribute attribute, java.util.function.Predicate<Object> wanted) {
        check(attribute.indexed(), "not indexed: attribute=" + attribute);
        TreeSet<Long> found = new TreeSet<>();
        for (int i = 0; i < objects.size(); i++) {
            if (objects.get(i).all.getOrDefault(attribute, List.of()).stream().anyMatch(wanted)) {
                found.add((long) i);
            }
        }
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(sessions);
    }

    @Override
    public List<Gap> gaps() {
        return List.copyOf(gaps);
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
