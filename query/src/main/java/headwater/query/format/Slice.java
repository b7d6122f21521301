// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Flow;
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
        long[] nodes = answer.nodes().clone();
        Arrays.sort(nodes);
        long[] edges = answer.flows().stream().mapToLong(Flow::edge).sorted().distinct().toArray();
        return new Slice(answer.view(), Arrays.stream(nodes).iterator(), Arrays.stream(edges).iterator());
    }

    static Slice of(GraphView view) {
        return new Slice(view, LongStream.range(0, view.nodes()).iterator(),
                LongStream.range(0, view.edges()).iterator());
    }
}
