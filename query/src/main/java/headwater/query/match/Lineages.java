// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.model.GraphView;
import headwater.query.Explain;
import headwater.query.Flow;
import headwater.query.Lineage.Direction;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.Reach;
import headwater.query.Start;
import headwater.query.What;
import headwater.query.WhatFinder;
import java.util.List;
import java.util.Set;

/** The lineage operators of one query, as they stand in it, and what they gave last. For one thread. */
final class Lineages {
    /**
     * What an operator is asked of.
     *
     * @param slot the node of the patterns, -1 if it is a WHAT
     */
    record Of(int slot, What what) {
    }

    /** {@code item in ancestors(of, …)}. */
    record Use(int item, Of of, Direction direction, int depth, long sinceNs, long untilNs) {
        Limits limits(Limits around) {
            return around.withKinds(Set.of()).withDepth(depth).withTime(sinceNs, untilNs).withCount(Limits.UNLIMITED);
        }
    }

    /** {@code path(cause, effect)}. */
    record Between(Of cause, Of effect) {
    }

    private final GraphView view;
    private final Limits limits;
    private final List<Use> uses;
    private final List<Between> paths;
    private final Start[][] named;
    private final Reach[] reached;
    private final long[] reachedOf;

    Lineages(GraphView view, WhatFinder finder, Limits limits, List<Use> uses, List<Between> paths) throws NothingFoundException {
        this.view = view;
        this.limits = limits;
        this.uses = uses;
        this.paths = paths;
        reached = new Reach[uses.size()];
        reachedOf = new long[uses.size()];
        named = new Start[uses.size() + paths.size()][2];
        for (int i = 0; i < uses.size(); i++) {
            named[i][0] = find(finder, uses.get(i).of());
        }
        for (int i = 0; i < paths.size(); i++) {
            named[uses.size() + i][0] = find(finder, paths.get(i).cause());
            named[uses.size() + i][1] = find(finder, paths.get(i).effect());
        }
    }

    private static Start find(WhatFinder finder, Of of) throws NothingFoundException {
        return of.what() == null ? null : finder.find(of.what());
    }

    /** True if the operator's set holds what the row has for its item. */
    boolean holds(int use, Row row) {
        Use of = uses.get(use);
        Reach reach = reach(use, row);
        return reach != null && row.isBound(of.item()) && !isOf(use, row, row.object(of.item())) && reach.hasObject(row.object(of.item()));
    }

    /** What an operator reaches from what the row has; null if the row has nothing there. */
    Reach reach(int use, Row row) {
        Use of = uses.get(use);
        int slot = of.of().slot();
        if (slot >= 0 && !row.isBound(slot)) {
            return null;
        }
        boolean touched = slot >= 0 && row.isTouched(slot);
        long key = slot < 0 ? 0 : touched ? row.node(slot) : -2 - row.object(slot);
        if (reached[use] == null || reachedOf[use] != key) {
            long[] start = slot < 0 ? named[use][0].nodes() : touched ? new long[] {row.node(slot)} : view.versions(row.object(slot));
            reached[use] = Reach.of(view, of.direction(), start, of.limits(limits));
            reachedOf[use] = key;
        }
        return reached[use];
    }

    /** True if the object is what the operator is asked of. */
    boolean isOf(int use, Row row, long object) {
        int slot = uses.get(use).of().slot();
        return slot < 0 ? named[use][0].objects().contains(object) : row.object(slot) == object;
    }

    /** The shortest causal path between the two; null if there is none. */
    PathValue path(int path, Row row) {
        Start cause = start(uses.size() + path, 0, paths.get(path).cause(), row);
        Start effect = start(uses.size() + path, 1, paths.get(path).effect(), row);
        if (cause == null || effect == null) {
            return null;
        }
        List<Flow> flows = Explain.path(view, cause, effect, limits.withCount(Limits.UNLIMITED));
        return flows.isEmpty() ? null : new PathValue(flows, cause.nodes()[0]);
    }

    private Start start(int index, int end, Of of, Row row) {
        if (of.slot() < 0) {
            return named[index][end];
        }
        if (!row.isBound(of.slot())) {
            return null;
        }
        long object = row.object(of.slot());
        return new Start("", List.of(object), view.versions(object), List.of());
    }
}
