// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Extent;
import headwater.query.Flow;
import headwater.query.Selection;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * A part of a graph in the order in which it came to be.
 *
 * @param nodes node numbers, rising
 * @param edges edge numbers, rising
 */
record Slice(GraphView view, PrimitiveIterator.OfLong nodes, PrimitiveIterator.OfLong edges) {
    static Slice of(Answer answer) {
        if (answer.extent() != null) {
            return of(answer.view(), answer.extent());
        }
        long[] nodes = answer.nodes().clone();
        Arrays.sort(nodes);
        long[] edges = answer.flows().stream().mapToLong(Flow::edge).sorted().distinct().toArray();
        return new Slice(answer.view(), Arrays.stream(nodes).iterator(), Arrays.stream(edges).iterator());
    }

    private static Slice of(GraphView view, Extent extent) {
        PrimitiveIterator.OfLong nodes = LongStream.iterate(extent.nextNode(0), node -> node >= 0, node -> extent.nextNode(node + 1))
                .iterator();
        return new Slice(view, nodes, edges(view).filter(edge -> extent.has(view.edge(edge))).iterator());
    }

    /** A whole graph, but for what is not selected. */
    static Slice of(GraphView view, Selection selection) {
        if (selection.isAll()) {
            return of(view);
        }
        Selection.On on = selection.on(view);
        return new Slice(view, nodes(view).filter(on::hasNode).iterator(),
                edges(view).filter(edge -> on.hasEdge(view.edge(edge))).iterator());
    }

    static Slice of(GraphView view) {
        return new Slice(view, nodes(view).iterator(), edges(view).iterator());
    }

    /** All nodes that are known. */
    private static LongStream nodes(GraphView view) {
        return LongStream.iterate(view.nextNode(0), node -> node < view.nodes(), node -> view.nextNode(node + 1));
    }

    private static LongStream edges(GraphView view) {
        return LongStream.range(view.dropped().edges(), view.edges());
    }
}
