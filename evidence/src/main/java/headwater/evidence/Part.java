// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.query.Selection;
import java.util.function.LongConsumer;

/**
 * What of a store is written: all of it, or what one session saw. An edge of a session has both ends in it, or in an
 * earlier one, whose nodes are then not written again.
 *
 * @param session null for all
 * @param selection which nodes and edges of these
 */
public record Part(GraphView view, Session session, Selection selection) {
    /** All of a session, or of the store. */
    public Part(GraphView view, Session session) {
        this(view, session, Selection.ALL);
    }

    /** Visits the nodes in their order. */
    void nodes(LongConsumer visitor) {
        Selection.On on = selection.on(view);
        for (long node = view.nextNode(0); node < view.nodes(); node = view.nextNode(node + 1)) {
            if (view.kind(view.object(node)) != NodeKind.STATEMENTS && has(view.object(node), view.timeNs(node))
                    && on.hasNode(node)) {
                visitor.accept(node);
            }
        }
    }

    /** Visits the edges in their order. */
    void edges(LongConsumer visitor) {
        Selection.On on = selection.on(view);
        for (long number = view.dropped().edges(); number < view.edges(); number++) {
            GraphView.Edge edge = view.edge(number);
            if (isOfSession(edge) && on.hasEdge(edge)) {
                visitor.accept(number);
            }
        }
    }

    /** True if the session has the edge, selected or not. */
    boolean isOfSession(GraphView.Edge edge) {
        return session == null || has(view.object(edge.effect()), edge.timeNs());
    }

    /** True if what happened to {@code object} at that time is of this part. */
    boolean has(long object, long timeNs) {
        if (session == null) {
            return true;
        }
        long imported = view.attributes(object).number(Attribute.IMPORTED, 0);
        return session.isImported() ? imported == session.number()
                : imported == 0 && timeNs >= session.startNs() && (session.endNs() == 0 || timeNs <= session.endNs());
    }
}
