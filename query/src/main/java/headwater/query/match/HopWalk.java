// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.query.Flow;
import headwater.query.FlowCursor;
import headwater.query.Limits;
import headwater.query.LongList;
import headwater.query.PagedBitmap;
import headwater.query.match.Analysis.EdgeSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Follows a step of several flows from a set of versions of one object: breadth first, so that each far end is come to by a shortest
 * path. From version to version of one object it goes at no cost. For one walk, by one thread.
 */
final class HopWalk {
    /** Hears of one far end. */
    @FunctionalInterface
    interface Arrival {
        /**
         * @param end the version come to
         * @param start the version set out from
         * @param path from cause to effect or the other way, as it was walked
         * @return false to end
         */
        boolean at(long end, long start, List<Flow> path);
    }

    /** In place of an edge: another version of the object that was come to there. */
    private static final long VERSION = -2;

    private final GraphView view;
    private final Limits limits;
    private final boolean[] relations;
    private final List<Predicate<FlowCursor>> hop;
    private final FlowCursor cursor;
    private final boolean causes;
    private final int min;
    private final int max;
    /** What was come to, the place of what it was come to from, and the edge by which; -1 of a start. Paths leave versions out. */
    private final LongList nodes = new LongList();
    private final LongList from = new LongList();
    private final LongList edges = new LongList();
    private final PagedBitmap[] seen;
    private final PagedBitmap told = new PagedBitmap();
    private boolean cut;

    HopWalk(GraphView view, Limits limits, boolean[] relations, EdgeSlot edge, FlowCursor cursor, boolean causes) {
        this.view = view;
        this.limits = limits;
        this.relations = relations;
        this.hop = edge.hop();
        this.cursor = cursor;
        this.causes = causes;
        min = edge.pattern().min();
        max = edge.pattern().max();
        // A node may be come to by fewer flows than are asked for, and again by enough.
        seen = new PagedBitmap[Math.max(1, min)];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = new PagedBitmap();
        }
    }

    boolean cut() {
        return cut;
    }

    /**
     * @param byObject tell of each object once, else of each version to which a flow leads
     * @return false if the arrival ended it
     */
    boolean run(long[] starts, Arrival arrival, boolean byObject) {
        for (long start : starts) {
            add(start, -1, -1, 0);
        }
        if (min == 0 && starts.length > 0) {
            long newest = starts[starts.length - 1];
            told.add(byObject ? view.object(newest) : newest);
            if (!arrival.at(newest, newest, List.of())) {
                return false;
            }
        }
        int done = 0;
        for (int depth = 0; depth < max && done < nodes.size(); depth++) {
            // Versions join the level while it is gone through.
            for (int i = done; i < nodes.size(); i++) {
                versions(i, depth);
            }
            int end = nodes.size();
            for (int i = done; i < end; i++) {
                if (limits.patience().over() || !flows(i, depth, arrival, byObject)) {
                    return false;
                }
            }
            done = end;
        }
        return true;
    }

    private void versions(int index, int depth) {
        GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
            if (relation.isVersion() && !relations[relation.ordinal()] && inTime(timeNs)) {
                // Straight to where the object was entered: a process may have 100,000 versions.
                add(other, edges.get(index) == VERSION ? (int) from.get(index) : index, VERSION, depth);
            }
            return true;
        };
        step(nodes.get(index), visitor);
    }

    private boolean flows(int index, int depth, Arrival arrival, boolean byObject) {
        long node = nodes.get(index);
        boolean[] on = {true};
        step(node, (edge, relation, other, timeNs) -> {
            if (!relations[relation.ordinal()] || !inTime(timeNs) || !isWanted(edge, relation, node, other, timeNs)) {
                return true;
            }
            if (depth + 1 >= min && told.add(byObject ? view.object(other) : other)) {
                on[0] = arrived(index, edge, relation, node, other, timeNs, arrival);
            }
            add(other, index, edge, depth + 1);
            return on[0];
        });
        return on[0];
    }

    private void step(long node, GraphView.EdgeVisitor visitor) {
        if (causes) {
            view.causes(node, visitor);
        } else {
            view.effects(node, visitor);
        }
    }

    private boolean inTime(long timeNs) {
        return timeNs >= limits.sinceNs() && timeNs <= limits.untilNs();
    }

    private boolean isWanted(long edge, Relation relation, long node, long other, long timeNs) {
        if (hop.isEmpty()) {
            return true;
        }
        cursor.at(edge, relation, causes ? other : node, causes ? node : other, timeNs);
        for (Predicate<FlowCursor> predicate : hop) {
            if (!predicate.test(cursor)) {
                return false;
            }
        }
        return true;
    }

    private void add(long node, int index, long edge, int depth) {
        if (nodes.size() >= limits.count()) {
            cut = true;
        } else if (seen[Math.min(depth, seen.length - 1)].add(node)) {
            nodes.add(node);
            from.add(index);
            edges.add(edge);
        }
    }

    private boolean arrived(int index, long edge, Relation relation, long node, long other, long timeNs, Arrival arrival) {
        List<Flow> path = new ArrayList<>();
        path.add(new Flow(edge, relation, causes ? other : node, causes ? node : other, timeNs));
        int at = index;
        long start = node;
        while (from.get(at) >= 0) {
            long number = edges.get(at);
            if (number != VERSION) {
                GraphView.Edge whole = view.edge(number);
                path.add(new Flow(number, whole.relation(), whole.cause(), whole.effect(), whole.timeNs()));
                start = causes ? whole.effect() : whole.cause();
            }
            at = (int) from.get(at);
        }
        return arrival.at(other, start, path);
    }
}
