// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph kept in memory, as it is drawn; holds the builder to the contract of {@link GraphSink} at each step. */
final class DrawnGraph implements GraphSink {
    record Edge(Relation relation, int cause, int effect, long timeNs, long task, long flags, long offset) {
    }

    int attributesSet;
    final List<Integer> objectOfNode = new ArrayList<>();
    final List<Integer> newestNode = new ArrayList<>();
    final List<Integer> versions = new ArrayList<>();
    final List<NodeKind> kinds = new ArrayList<>();
    final List<Map<Attribute, Object>> attributes = new ArrayList<>();
    final List<Edge> edges = new ArrayList<>();
    final List<List<Integer>> edgesInto = new ArrayList<>();
    final List<Gap> gaps = new ArrayList<>();
    private final BitSet wasCause = new BitSet();

    @Override
    public void sessionStart(Session session) {
        throw new AssertionError("the builder does not start sessions");
    }

    @Override
    public void sessionEnd(long timeNs) {
        throw new AssertionError("the builder does not end sessions");
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        assertEquals(objectOfNode.size(), node, "nodes count up");
        assertTrue(object <= kinds.size(), "objects count up: " + object);
        if (object == kinds.size()) {
            assertEquals(0, version);
            kinds.add(kind);
            newestNode.add((int) node);
            versions.add(0);
            attributes.add(new HashMap<>());
        } else {
            assertEquals(versions.get((int) object) + 1, version, "versions count up");
            assertEquals(kinds.get((int) object), kind);
            versions.set((int) object, version);
            newestNode.set((int) object, (int) node);
        }
        objectOfNode.add((int) object);
        edgesInto.add(new ArrayList<>());
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        assertEquals(edges.size(), edge, "edges count up");
        assertTrue(cause < objectOfNode.size() && effect < objectOfNode.size() && cause != effect);
        assertTrue(task < objectOfNode.size());
        if (relation != Relation.NAMED) {
            assertTrue(!wasCause.get((int) effect), () -> "flows into a version that was a cause: " + relation);
            wasCause.set((int) cause);
        }
        edgesInto.get((int) effect).add(edges.size());
        edges.add(new Edge(relation, (int) cause, (int) effect, timeNs, task, flags, offset));
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        assertTrue(!attribute.isBytes());
        attributesSet++;
        attributes.get((int) object).put(attribute, value);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        assertTrue(attribute.isBytes());
        attributesSet++;
        byte[] copy = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        attributes.get((int) object).put(attribute, new String(copy, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    /** {@code read file.0 -> task.1}: an edge with the kinds of its ends and their versions' objects. */
    List<String> drawn() {
        List<String> lines = new ArrayList<>();
        for (Edge edge : edges) {
            lines.add(edge.relation.text() + " " + node(edge.cause) + " " + node(edge.effect));
        }
        return lines;
    }

    private String node(int node) {
        int object = objectOfNode.get(node);
        int version = 0;
        for (int i = 0; i < node; i++) {
            version += objectOfNode.get(i) == object ? 1 : 0;
        }
        return kinds.get(object).text() + object + "." + version;
    }

    /** The objects that flowed into {@code node} by the edges before {@code edgeLimit}, the node's own not counted. */
    BitSet ancestors(int node, int edgeLimit) {
        BitSet nodes = new BitSet();
        BitSet objects = new BitSet();
        int[] open = new int[objectOfNode.size()];
        int count = 0;
        open[count++] = node;
        nodes.set(node);
        while (count > 0) {
            for (int number : edgesInto.get(open[--count])) {
                int cause = edges.get(number).cause;
                if (number < edgeLimit && !nodes.get(cause)) {
                    nodes.set(cause);
                    open[count++] = cause;
                    objects.set(objectOfNode.get(cause));
                }
            }
        }
        objects.clear(objectOfNode.get(node));
        return objects;
    }

    /** Fails unless all nodes can be put in an order in which each edge leads forward. */
    void assertAcyclic() {
        int[] waiting = new int[objectOfNode.size()];
        List<List<Integer>> out = new ArrayList<>();
        for (int i = 0; i < waiting.length; i++) {
            out.add(new ArrayList<>());
        }
        for (Edge edge : edges) {
            waiting[edge.effect]++;
            out.get(edge.cause).add(edge.effect);
        }
        int[] ready = new int[waiting.length];
        int count = 0;
        for (int i = 0; i < waiting.length; i++) {
            if (waiting[i] == 0) {
                ready[count++] = i;
            }
        }
        for (int i = 0; i < count; i++) {
            for (int effect : out.get(ready[i])) {
                if (--waiting[effect] == 0) {
                    ready[count++] = effect;
                }
            }
        }
        assertEquals(waiting.length, count, "nodes in a cycle");
    }
}
