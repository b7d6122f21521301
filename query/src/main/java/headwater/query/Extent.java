// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.function.LongConsumer;

/**
 * All of an answer that is too large to be held: a bit for each node, from which its nodes and edges are told again. One thread uses
 * it.
 */
public final class Extent {
    /** Sees one edge at a time. */
    @FunctionalInterface
    public interface FlowVisitor {
        void flow(long edge, Relation relation, long cause, long effect, long timeNs);
    }

    private final GraphView view;
    private final PagedBitmap nodes;
    private final PagedBitmap effects;
    private final Followed followed;
    private final long nodeCount;
    private long flowCount;

    /**
     * @param nodes which nodes it has
     * @param followed which edges between them
     */
    Extent(GraphView view, PagedBitmap nodes, Followed followed) {
        this(view, nodes, nodes, followed);
    }

    /**
     * @param effects which of the nodes are shown with what flowed into them
     */
    Extent(GraphView view, PagedBitmap nodes, PagedBitmap effects, Followed followed) {
        this.view = view;
        this.nodes = nodes;
        this.effects = effects;
        this.followed = followed;
        long count = 0;
        for (long node = nodes.next(0); node >= 0; node = nodes.next(node + 1)) {
            count++;
        }
        nodeCount = count;
        eachFlow((edge, relation, cause, effect, timeNs) -> flowCount++);
    }

    /** How many nodes. */
    public long nodes() {
        return nodeCount;
    }

    /** How many edges. */
    public long flows() {
        return flowCount;
    }

    /** All nodes, in the order in which they came to be. */
    public void eachNode(LongConsumer visitor) {
        for (long node = nodes.next(0); node >= 0; node = nodes.next(node + 1)) {
            visitor.accept(node);
        }
    }

    /** The first node from {@code from} on, -1 if there is none. */
    public long nextNode(long from) {
        return nodes.next(from);
    }

    /** All edges, by the node that they flow into. */
    public void eachFlow(FlowVisitor visitor) {
        long[] effect = {-1};
        GraphView.EdgeVisitor each = (edge, relation, cause, timeNs) -> {
            if (nodes.contains(cause) && followed.follows(edge, relation, cause, effect[0], timeNs)) {
                visitor.flow(edge, relation, cause, effect[0], timeNs);
            }
            return true;
        };
        for (long node = effects.next(0); node >= 0; node = effects.next(node + 1)) {
            effect[0] = node;
            view.causes(node, each);
        }
    }

    /** True if an edge of the store is one of the answer. */
    public boolean has(GraphView.Edge edge) {
        return nodes.contains(edge.cause()) && effects.contains(edge.effect())
                && followed.follows(edge.number(), edge.relation(), edge.cause(), edge.effect(), edge.timeNs());
    }
}
