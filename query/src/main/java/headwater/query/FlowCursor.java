// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.Relation;

/** Stands at one edge at a time; see {@link NodeCursor}. */
public final class FlowCursor {
    private final GraphView view;
    private final NodeCursor cause;
    private final NodeCursor effect;
    private final NodeCursor task;
    private long edge = -1;
    private Relation relation;
    private long causeNode;
    private long effectNode;
    private long timeNs;
    private GraphView.Edge whole;

    public FlowCursor(GraphView view) {
        this(view, new NodeCursor.Facts(view));
    }

    FlowCursor(GraphView view, NodeCursor.Facts facts) {
        this.view = view;
        cause = new NodeCursor(view, facts);
        effect = new NodeCursor(view, facts);
        task = new NodeCursor(view, facts);
    }

    /** One that shares with {@code cursor} what is costly to make. */
    public static FlowCursor beside(NodeCursor cursor) {
        return new FlowCursor(cursor.view(), cursor.facts());
    }

    /** Moves to an edge; returns itself. */
    public FlowCursor at(long edge, Relation relation, long cause, long effect, long timeNs) {
        if (this.edge != edge) {
            this.edge = edge;
            whole = null;
        }
        this.relation = relation;
        this.causeNode = cause;
        this.effectNode = effect;
        this.timeNs = timeNs;
        return this;
    }

    public long edge() {
        return edge;
    }

    public Relation relation() {
        return relation;
    }

    public long timeNs() {
        return timeNs;
    }

    public NodeCursor cause() {
        return cause.at(causeNode);
    }

    public NodeCursor effect() {
        return effect.at(effectNode);
    }

    /** The acting task, null if there is none. */
    public NodeCursor task() {
        return whole().task() < 0 ? null : task.at(whole().task());
    }

    GraphView.Edge whole() {
        if (whole == null) {
            whole = view.edge(edge);
        }
        return whole;
    }
}
