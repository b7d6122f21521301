// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.model.GraphView;
import headwater.query.Flow;
import headwater.query.FlowCursor;
import headwater.query.NodeCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the names of a query stand for at one moment of its answering: one for a query, changed in place. For one thread. */
final class Row {
    private Lineages lineages;
    private final long[] objects;
    private final long[] roots;
    private final NodeCursor[] nodes;
    private final FlowCursor[] cursors;
    /** For each edge of the patterns, the flows that it stands for now, from cause to effect; null while it stands for none. */
    private final List<List<Flow>> flows;
    private final int[] firstNode;
    private final int[] lastNode;
    /** The versions at which the two ends of an edge stand, in the order of the pattern. */
    private final long[] left;
    private final long[] right;

    /**
     * @param firstNode for each edge, the slot of the node at its left
     * @param lastNode of the node at its right
     */
    Row(GraphView view, int slots, int[] firstNode, int[] lastNode) {
        this.firstNode = firstNode;
        this.lastNode = lastNode;
        objects = new long[slots];
        roots = new long[slots];
        Arrays.fill(objects, -1);
        nodes = new NodeCursor[slots];
        NodeCursor first = new NodeCursor(view);
        for (int i = 0; i < slots; i++) {
            nodes[i] = first.sibling();
        }
        int edges = firstNode.length;
        cursors = new FlowCursor[edges];
        flows = new ArrayList<>();
        left = new long[edges];
        right = new long[edges];
        for (int i = 0; i < edges; i++) {
            cursors[i] = FlowCursor.beside(first);
            flows.add(null);
        }
    }

    boolean isBound(int slot) {
        return objects[slot] >= 0;
    }

    long object(int slot) {
        return objects[slot];
    }

    /**
     * @param version the version that is meant if no flow says otherwise
     */
    void bind(int slot, long object, long version) {
        objects[slot] = object;
        roots[slot] = version;
    }

    void unbind(int slot) {
        objects[slot] = -1;
    }

    void bindEdge(int edge, List<Flow> path, long leftNode, long rightNode) {
        flows.set(edge, path);
        left[edge] = leftNode;
        right[edge] = rightNode;
    }

    void unbindEdge(int edge) {
        flows.set(edge, null);
    }

    boolean isEdgeBound(int edge) {
        return flows.get(edge) != null;
    }

    List<Flow> flows(int edge) {
        return flows.get(edge);
    }

    long left(int edge) {
        return left[edge];
    }

    long right(int edge) {
        return right[edge];
    }

    /** The newest version that the flows touch; where none does, the one that was bound. */
    long node(int slot) {
        long newest = -1;
        for (int i = 0; i < firstNode.length; i++) {
            if (flows.get(i) != null) {
                newest = firstNode[i] == slot ? Math.max(newest, left[i]) : newest;
                newest = lastNode[i] == slot ? Math.max(newest, right[i]) : newest;
            }
        }
        return newest < 0 ? roots[slot] : newest;
    }

    /** True if a flow says which version is meant. */
    boolean isTouched(int slot) {
        for (int i = 0; i < firstNode.length; i++) {
            if (flows.get(i) != null && (firstNode[i] == slot || lastNode[i] == slot)) {
                return true;
            }
        }
        return false;
    }

    NodeCursor cursor(int slot) {
        return isBound(slot) ? nodes[slot].at(node(slot)) : null;
    }

    FlowCursor flow(int edge) {
        List<Flow> path = flows.get(edge);
        if (path == null || path.isEmpty()) {
            return null;
        }
        Flow flow = path.getFirst();
        return cursors[edge].at(flow.edge(), flow.relation(), flow.cause(), flow.effect(), flow.timeNs());
    }

    /** A cursor of its own for a step of several flows. */
    FlowCursor hop(int edge) {
        return cursors[edge];
    }

    /** The flows of some edges, as one path. */
    PathValue path(int[] edges, int slot) {
        List<Flow> all = new ArrayList<>();
        for (int edge : edges) {
            if (flows.get(edge) != null) {
                all.addAll(flows.get(edge));
            }
        }
        all.sort(Comparator.comparingLong(Flow::edge));
        return new PathValue(all, node(slot));
    }

    /** The lineage operators, set before anything is asked. */
    void setLineages(Lineages lineages) {
        this.lineages = lineages;
    }

    Lineages lineages() {
        return lineages;
    }
}
