// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.DisclosedFlags;
import headwater.model.GraphView;
import headwater.model.Relation;

/** Which flows a question goes along, worked out once for one view. For one thread. */
final class Followed {
    private final boolean[] relations = new boolean[Relation.values().length];
    private final long sinceNs;
    private final long untilNs;
    private final FlowFilter.On filter;
    private final boolean disclosed;
    private final GraphView view;

    Followed(GraphView view, Limits limits) {
        this.view = view;
        for (Relation relation : Relation.values()) {
            relations[relation.ordinal()] = limits.followsRelation(relation);
        }
        sinceNs = limits.sinceNs();
        untilNs = limits.untilNs();
        filter = limits.follow() == null ? null : limits.follow().on(view);
        disclosed = limits.disclosed();
    }

    boolean relation(Relation relation) {
        return relations[relation.ordinal()];
    }

    boolean time(long timeNs) {
        return timeNs >= sinceNs && timeNs <= untilNs;
    }

    boolean filter(long edge, Relation relation, long cause, long effect, long timeNs) {
        return filter == null || filter.follows(edge, relation, cause, effect, timeNs);
    }

    /** All of it; of what was told, only who told it unless that was asked for. */
    boolean follows(long edge, Relation relation, long cause, long effect, long timeNs) {
        return relation(relation) && time(timeNs) && (!relation.isDisclosed() || disclosed || isTeller(edge)) && filter(edge, relation, cause, effect, timeNs);
    }

    private boolean isTeller(long edge) {
        return (view.edge(edge).flags() & DisclosedFlags.TELLER) != 0;
    }
}
