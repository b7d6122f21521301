// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.GraphView;
import headwater.model.Relation;

/** What holds of every record: causes come first, in number and in time. */
final class RecordOrder {
    private RecordOrder() {
    }

    static void verify(GraphView view) {
        assertTrue(view.edges() > 0, "the record has no edge");
        long time = Long.MIN_VALUE;
        for (long number = 0; number < view.edges(); number++) {
            GraphView.Edge edge = view.edge(number);
            assertTrue(edge.timeNs() >= time, () -> "an edge is older than the one before it: " + edge);
            assertTrue(view.timeNs(edge.cause()) <= edge.timeNs(), () -> "the cause is younger than the edge: " + edge
                    + ", cause from " + view.timeNs(edge.cause()));
            assertTrue(view.timeNs(edge.effect()) <= edge.timeNs(), () -> "the effect is younger than the edge: " + edge
                    + ", effect from " + view.timeNs(edge.effect()));
            time = edge.timeNs();
        }
        for (long node = 0; node < view.nodes(); node++) {
            assertCausesFirst(view, node);
        }
    }

    /**
     * All that flows into a node does so before anything flows out of it; so no walk can go in a circle. But for names: a path is
     * only ever a cause, and may be told at any time (docs/graph.md, rule 2).
     */
    private static void assertCausesFirst(GraphView view, long node) {
        long[] bounds = { -1, Long.MAX_VALUE };
        view.causes(node, (edge, relation, other, timeNs) -> {
            bounds[0] = relation == Relation.NAMED ? bounds[0] : Math.max(bounds[0], edge);
            return true;
        });
        view.effects(node, (edge, relation, other, timeNs) -> {
            bounds[1] = edge;
            return false;
        });
        assertTrue(bounds[0] < bounds[1], () -> "something flows into a node after something flowed out of it: node=" + node
                + ", kind=" + view.kind(view.object(node)).text() + ", in=" + view.edge(bounds[0])
                + ", out=" + view.edge(bounds[1]));
    }
}
