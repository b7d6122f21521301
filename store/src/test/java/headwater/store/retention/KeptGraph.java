// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.Dropped;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All events, kept in lists; and what a store must say of them whose beginning was dropped. As plain as can be. */
final class KeptGraph implements GraphSink {
    private record Node(long object, int version, long timeNs) {
    }

    private record Told(long object, Attribute attribute, Object value, long afterNodes, long afterEvents) {
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<NodeKind> kinds = new ArrayList<>();
    private final List<GraphView.Edge> edges = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    /** How many values had been told of when this many blocks had been written. */
    private final TreeMap<Long, Integer> toldAt = new TreeMap<>();

    /** The log has so many blocks now, with all events so far. */
    void blocks(long blocks) {
        toldAt.put(blocks, told.size());
    }

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
        nodes.add(new Node(object, version, timeNs));
        if (object == kinds.size()) {
            kinds.add(kind);
        }
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        edges.add(new GraphView.Edge(edge, relation, cause, effect, timeNs, task, flags, offset));
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        told.add(new Told(object, attribute, value, nodes.size(), 0));
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        told.add(new Told(object, attribute, ByteBuffer.wrap(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)), nodes.size(), 0));
    }

    @Override
    public void gap(Gap gap) {
        // Which gaps are carried is tested by itself.
    }

    /**
     * The nodes that the log speaks of between two of its positions: those that are new there, and the ends and tasks of its edges.
     */
    Set<Long> nodesOf(LogPosition from, LogPosition to) {
        Set<Long> spoken = new HashSet<>();
        for (long node = from.nodes(); node < to.nodes(); node++) {
            spoken.add(node);
        }
        for (GraphView.Edge edge : edges.subList((int) from.edges(), (int) to.edges())) {
            spoken.addAll(List.of(edge.cause(), edge.effect(), edge.task()));
        }
        spoken.remove(-1L);
        return spoken;
    }

    /** The object of which a node is a version. */
    long object(long node) {
        return nodes.get((int) node).object;
    }

    /** The newest numbers of an attribute, by object. */
    Map<Long, Long> newest(Attribute attribute) {
        Map<Long, Long> newest = new HashMap<>();
        told.stream().filter(value -> value.attribute == attribute).forEach(value -> newest.put(value.object, (Long) value.value));
        return newest;
    }

    /**
     * Fails unless {@code view} says of what is after {@code start} all that was written, of what is before it what must be carried, and of
     * the rest nothing.
     *
     * @param inUse objects that a capture had in use when it was dropped
     */
    void assertSame(GraphView view, LogPosition start, Set<Long> inUse) {
        assertEquals(nodes.size(), view.nodes());
        assertEquals(edges.size(), view.edges());
        assertEquals(kinds.size(), view.objects());
        Dropped dropped = view.dropped();
        assertEquals(start.nodes(), dropped.nodes());
        assertEquals(start.edges(), dropped.edges());
        assertEquals(start.objects(), dropped.objects());
        int firstTold = toldAt.get(start.block());
        Set<Long> spokenNodes = new HashSet<>();
        Set<Long> spokenObjects = new HashSet<>(inUse);
        for (GraphView.Edge edge : edges.subList((int) start.edges(), edges.size())) {
            spokenNodes.addAll(List.of(edge.cause(), edge.effect(), edge.task()));
            if (edge.relation().isDisclosed() && (edge.flags() & DisclosedFlags.ATTRIBUTED) != 0) {
                spokenObjects.add(edge.offset());
            }
        }
        nodes.subList((int) start.nodes(), nodes.size()).forEach(node -> spokenObjects.add(node.object));
        told.subList(firstTold, told.size()).forEach(value -> spokenObjects.add(value.object));
        spokenNodes.stream().filter(node -> node >= 0).forEach(node -> spokenObjects.add(nodes.get(node.intValue()).object));
        assertObjects(view, start, spokenObjects);
        for (long node : spokenNodes) {
            assertTrue(node < 0 || view.nextNode(node) == node, "node that an edge speaks of: node=" + node);
        }
        assertNodes(view, start, spokenObjects);
        for (long edge = 0; edge < edges.size(); edge++) {
            long number = edge;
            if (edge < start.edges()) {
                assertThrows(IndexOutOfBoundsException.class, () -> view.edge(number));
            } else {
                assertEquals(edges.get((int) edge), view.edge(edge));
            }
        }
        assertValues(view, start, firstTold);
    }

    private void assertObjects(GraphView view, LogPosition start, Set<Long> spoken) {
        Map<Long, Object> deleted = new HashMap<>();
        told.stream().filter(value -> value.attribute == Attribute.DELETED && value.afterNodes <= start.nodes())
                .forEach(value -> deleted.put(value.object, value.value));
        for (long object = 0; object < kinds.size(); object++) {
            long number = object;
            boolean known = view.nextObject(object) == object;
            assertTrue(known || object < start.objects() && !spoken.contains(object), "object must be known: object=" + object);
            if (known) {
                assertEquals(kinds.get((int) object), view.kind(object));
                long[] versions = view.versions(object);
                assertTrue(versions.length > 0);
                List<Long> all = new ArrayList<>();
                for (long node = 0; node < nodes.size(); node++) {
                    if (nodes.get((int) node).object == object && view.nextNode(node) == node) {
                        all.add(node);
                    }
                }
                assertArrayEquals(all.stream().mapToLong(Long::longValue).toArray(), versions);
                long total = nodes.stream().filter(node -> node.object == number).count();
                assertEquals(total > versions.length, view.lacksVersions(object), "object=" + object);
            } else {
                assertThrows(IndexOutOfBoundsException.class, () -> view.kind(number));
                assertThrows(IndexOutOfBoundsException.class, () -> view.attributes(number));
                assertThrows(IndexOutOfBoundsException.class, () -> view.versions(number));
            }
        }
    }

    private void assertNodes(GraphView view, LogPosition start, Set<Long> spokenObjects) {
        Map<Long, Long> newestBefore = new HashMap<>();
        for (long node = 0; node < start.nodes(); node++) {
            newestBefore.put(nodes.get((int) node).object, node);
        }
        for (long object : spokenObjects) {
            Long newest = newestBefore.get(object);
            assertTrue(newest == null || view.nextNode(newest) == newest, "newest version must be carried: object=" + object);
        }
        for (long node = 0; node < nodes.size(); node++) {
            long number = node;
            if (view.nextNode(node) != node) {
                assertTrue(node < start.nodes());
                assertThrows(IndexOutOfBoundsException.class, () -> view.object(number));
                assertThrows(IndexOutOfBoundsException.class, () -> view.causes(number, (e, r, o, t) -> true));
                continue;
            }
            assertEquals(nodes.get((int) node), new Node(view.object(node), view.version(node), view.timeNs(node)));
            assertEquals(edges(start, edge -> edge.effect() == number, true), visited(view, node, true), "node=" + node);
            assertEquals(edges(start, edge -> edge.cause() == number, false), visited(view, node, false), "node=" + node);
            if (node < start.nodes()) {
                List<GraphView.Edge> gone = edges.subList(0, (int) start.edges()).stream()
                        .filter(edge -> !edge.relation().isTelling() && edge.relation() != Relation.NAMED).toList();
                assertEquals(gone.stream().anyMatch(edge -> edge.effect() == number), view.lacksCauses(node), "node=" + node);
                assertEquals(gone.stream().anyMatch(edge -> edge.cause() == number), view.lacksEffects(node), "node=" + node);
            } else {
                assertTrue(!view.lacksCauses(node) && !view.lacksEffects(node));
            }
        }
    }

    private List<String> edges(LogPosition start, java.util.function.Predicate<GraphView.Edge> wanted, boolean causes) {
        return edges.subList((int) start.edges(), edges.size()).stream().filter(wanted).map(edge -> edge.number() + " " + edge.relation() + " "
                + (causes ? edge.cause() : edge.effect()) + " " + edge.timeNs()).toList();
    }

    private static List<String> visited(GraphView view, long node, boolean causes) {
        List<String> visited = new ArrayList<>();
        GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> visited.add(edge + " " + relation + " " + other + " " + timeNs);
        if (causes) {
            view.causes(node, visitor);
        } else {
            view.effects(node, visitor);
        }
        return visited;
    }

    /** Newest values are those of the whole store; what finds objects has each newest value, and those of what is left. */
    private void assertValues(GraphView view, LogPosition start, int firstTold) {
        Map<Long, Map<Attribute, Object>> newest = new HashMap<>();
        Map<Attribute, Map<Object, TreeSet<Long>>> found = new HashMap<>();
        Map<Long, Map<Attribute, Object>> then = new HashMap<>();
        for (int i = 0; i < told.size(); i++) {
            Told value = told.get(i);
            newest.computeIfAbsent(value.object, object -> new TreeMap<>()).put(value.attribute, value.value);
            if (i < firstTold) {
                then.computeIfAbsent(value.object, object -> new TreeMap<>()).put(value.attribute, value.value);
            } else {
                found.computeIfAbsent(value.attribute, attribute -> new HashMap<>())
                        .computeIfAbsent(value.value, one -> new TreeSet<>()).add(value.object);
            }
        }
        then.forEach((object, values) -> values.forEach((attribute, value) -> {
            if (view.nextObject(object) == object) {
                found.computeIfAbsent(attribute, one -> new HashMap<>()).computeIfAbsent(value, one -> new TreeSet<>()).add(object);
            }
        }));
        newest.forEach((object, values) -> {
            if (view.nextObject(object) != object) {
                return;
            }
            GraphView.Attributes is = view.attributes(object);
            assertEquals(values.keySet().stream().sorted((a, b) -> Integer.compare(a.code(), b.code())).toList(), is.known());
            values.forEach((attribute, value) -> assertTrue(attribute.isBytes()
                    ? Objects.equals(value, ByteBuffer.wrap(is.bytes(attribute))) : (long) value == is.number(attribute, -77),
                    "object=" + object + ", attribute=" + attribute));
        });
        found.forEach((attribute, values) -> values.forEach((value, objects) -> {
            if (attribute.indexed()) {
                assertArrayEquals(objects.stream().mapToLong(Long::longValue).toArray(), value instanceof ByteBuffer bytes
                        ? view.find(attribute, bytes.array()) : view.find(attribute, (long) value));
            }
        }));
    }
}
