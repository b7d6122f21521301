// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plainest graph that could be right, and every event in order: what the store is compared with. */
public final class ReferenceGraph implements GraphSink {
    private record Node(long object, int version, long timeNs) {
    }

    private record Key(Attribute attribute, Object value) {
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<NodeKind> kinds = new ArrayList<>();
    private final List<List<Long>> versions = new ArrayList<>();
    private final List<GraphView.Edge> edges = new ArrayList<>();
    private final List<List<GraphView.Edge>> causes = new ArrayList<>();
    private final List<List<GraphView.Edge>> effects = new ArrayList<>();
    private final List<TreeMap<Attribute, Object>> attributes = new ArrayList<>();
    private final Map<Key, TreeSet<Long>> found = new HashMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    /** Each event as text, in order. */
    public List<String> events() {
        return events;
    }

    public long nodes() {
        return nodes.size();
    }

    public long edges() {
        return edges.size();
    }

    public List<Session> sessions() {
        return sessions;
    }

    public List<Gap> gaps() {
        return gaps;
    }

    @Override
    public void sessionStart(Session session) {
        events.add(session.toString());
        sessions.add(session);
    }

    @Override
    public void sessionEnd(long timeNs) {
        events.add("end " + timeNs);
        sessions.set(sessions.size() - 1, sessions.getLast().withEnd(timeNs));
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        assertEquals(nodes.size(), node);
        events.add("node " + node + " " + object + " " + version + " " + kind + " " + timeNs);
        nodes.add(new Node(object, version, timeNs));
        causes.add(new ArrayList<>());
        effects.add(new ArrayList<>());
        if (object == kinds.size()) {
            kinds.add(kind);
            versions.add(new ArrayList<>());
            attributes.add(new TreeMap<>());
        }
        assertEquals(kinds.get((int) object), kind);
        versions.get((int) object).add(node);
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        assertEquals(edges.size(), edge);
        GraphView.Edge row = new GraphView.Edge(edge, relation, cause, effect, timeNs, task, flags, offset);
        events.add(row.toString());
        edges.add(row);
        causes.get((int) effect).add(row);
        effects.get((int) cause).add(row);
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        put(object, attribute, value, timeNs);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        put(object, attribute, ByteBuffer.wrap(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)), timeNs);
    }

    @Override
    public void gap(Gap gap) {
        events.add(gap.toString());
        gaps.add(gap);
    }

    private void put(long object, Attribute attribute, Object value, long timeNs) {
        events.add("attribute " + object + " " + attribute + " " + (value instanceof ByteBuffer bytes
                ? java.util.Arrays.toString(bytes.array()) : value) + " " + timeNs);
        attributes.get((int) object).put(attribute, value);
        if (attribute.indexed()) {
            found.computeIfAbsent(new Key(attribute, value), key -> new TreeSet<>()).add(object);
        }
    }

    /** Fails unless {@code view} says the same of everything. */
    public void assertSame(GraphView view) {
        assertEquals(kinds.size(), view.objects());
        assertEquals(nodes.size(), view.nodes());
        assertEquals(edges.size(), view.edges());
        for (int node = 0; node < nodes.size(); node++) {
            assertEquals(nodes.get(node), new Node(view.object(node), view.version(node), view.timeNs(node)));
            assertEdges(causes.get(node), view, node, true);
            assertEdges(effects.get(node), view, node, false);
        }
        for (int edge = 0; edge < edges.size(); edge++) {
            assertEquals(edges.get(edge), view.edge(edge));
        }
        for (int object = 0; object < kinds.size(); object++) {
            assertEquals(kinds.get(object), view.kind(object));
            assertArrayEquals(versions.get(object).stream().mapToLong(Long::longValue).toArray(),
                    view.versions(object));
            assertAttributes(attributes.get(object), view.attributes(object));
        }
        assertFound(view);
        assertEquals(sessions, view.sessions());
        assertEquals(gaps, view.gaps());
        assertThrows(IndexOutOfBoundsException.class, () -> view.object(nodes.size()));
        assertThrows(IndexOutOfBoundsException.class, () -> view.kind(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> view.edge(edges.size()));
        assertThrows(IndexOutOfBoundsException.class, () -> view.attributes(kinds.size()));
        assertThrows(IndexOutOfBoundsException.class, () -> view.causes(nodes.size(), (e, r, o, t) -> true));
    }

    private static void assertEdges(List<GraphView.Edge> want, GraphView view, long node, boolean causes) {
        List<String> is = new ArrayList<>();
        GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) ->
                is.add(edge + " " + relation + " " + other + " " + timeNs);
        if (causes) {
            view.causes(node, visitor);
        } else {
            view.effects(node, visitor);
        }
        List<String> wanted = want.stream().map(edge -> edge.number() + " " + edge.relation() + " "
                + (causes ? edge.cause() : edge.effect()) + " " + edge.timeNs()).toList();
        assertEquals(wanted, is);
        if (want.size() > 1) {
            int[] seen = new int[1];
            GraphView.EdgeVisitor once = (edge, relation, other, timeNs) -> ++seen[0] < 1;
            if (causes) {
                view.causes(node, once);
            } else {
                view.effects(node, once);
            }
            assertEquals(1, seen[0]);
        }
    }

    private static void assertAttributes(TreeMap<Attribute, Object> want, GraphView.Attributes is) {
        assertEquals(List.copyOf(want.keySet()), is.known());
        for (Attribute attribute : Attribute.values()) {
            Object value = want.get(attribute);
            if (attribute.isBytes()) {
                assertArrayEquals(value == null ? null : ((ByteBuffer) value).array(), is.bytes(attribute));
            } else {
                assertEquals(value == null ? -77L : value, is.number(attribute, -77));
                assertNull(is.bytes(attribute));
            }
        }
    }

    private void assertFound(GraphView view) {
        found.forEach((key, objects) -> assertArrayEquals(objects.stream().mapToLong(Long::longValue).toArray(),
                key.value instanceof ByteBuffer bytes ? view.find(key.attribute, bytes.array())
                        : view.find(key.attribute, (long) key.value)));
        assertEquals(0, view.find(Attribute.PATHNAME, "/no/such/path".getBytes()).length);
        assertEquals(0, view.find(Attribute.PID, -123_456_789_012L).length);
    }
}
