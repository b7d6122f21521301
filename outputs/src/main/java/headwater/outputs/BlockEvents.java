// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One block of the log: its edges, and where among them sessions begin and end; nodes and values go to the graph. For one thread.
 */
final class BlockEvents implements GraphSink {
    /**
     * A session begins, or ends.
     *
     * @param edge the edge before which it does
     * @param node likewise the node
     */
    record Boundary(boolean begins, long edge, long node) {
    }

    private final LiveGraph graph;
    private final List<Edge> edges = new ArrayList<>();
    private final List<Boundary> boundaries = new ArrayList<>();
    private long nextNode;
    private long nextEdge;
    private long gaps;

    BlockEvents(LiveGraph graph) {
        this.graph = graph;
    }

    /** Forgets the block before; the next one begins with these numbers. */
    void begin(long firstNode, long firstEdge) {
        edges.clear();
        boundaries.clear();
        nextNode = firstNode;
        nextEdge = firstEdge;
    }

    List<Edge> edges() {
        return edges;
    }

    /** In their order. */
    List<Boundary> boundaries() {
        return boundaries;
    }

    /** How many gaps the record had in all blocks so far. */
    long gaps() {
        return gaps;
    }

    @Override
    public void sessionStart(Session session) {
        graph.sessionStart(session);
        boundaries.add(new Boundary(true, nextEdge, nextNode));
    }

    @Override
    public void sessionEnd(long timeNs) {
        boundaries.add(new Boundary(false, nextEdge, nextNode));
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        graph.node(node, object, version, kind, timeNs);
        nextNode = node + 1;
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        graph.edge(relation, effect);
        edges.add(new Edge(edge, relation, cause, effect, timeNs, task, flags, offset));
        nextEdge = edge + 1;
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        graph.attribute(object, attribute, value);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        graph.attribute(object, attribute, bytes, offset, length);
    }

    @Override
    public void gap(Gap gap) {
        gaps++;
    }
}
