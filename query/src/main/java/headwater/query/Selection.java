// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import java.util.function.LongPredicate;

/**
 * Which part of a whole graph is meant: nodes, and the edges between them.
 *
 * @param where null for all nodes
 * @param follow null for all edges
 */
public record Selection(NodeFilter where, FlowFilter follow) {
    public static final Selection ALL = new Selection(null, null);

    /** True if nothing is left out. */
    public boolean isAll() {
        return where == null && follow == null;
    }

    /** The selection, over one view; for one thread. */
    public On on(GraphView view) {
        LongPredicate nodes = where == null ? node -> true : where.on(view);
        FlowFilter.On flows = follow == null ? (edge, relation, cause, effect, timeNs) -> true : follow.on(view);
        return new On(nodes, flows);
    }

    /** A selection from one view. */
    public record On(LongPredicate nodes, FlowFilter.On flows) {
        public boolean hasNode(long node) {
            return nodes.test(node);
        }

        /** True if the edge is meant, and both its ends are. */
        public boolean hasEdge(GraphView.Edge edge) {
            return nodes.test(edge.cause()) && nodes.test(edge.effect())
                    && flows.follows(edge.number(), edge.relation(), edge.cause(), edge.effect(), edge.timeNs());
        }
    }
}
