// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Walks the graph from a start, breadth first: towards the causes, or towards the effects. Each node is visited once.
 * The walk respects time because versions do: what flows into a node all came before what flows out of it.
 *
 * <p>A node costs the walk one bit, and eight bytes while it waits. An answer of no more than {@link Limits#detail} nodes is held whole;
 * of a larger one the nearest nodes are, with a bit for each of the others ({@link Extent}).
 */
public final class Lineage {
    /** Which way the walk goes. */
    public enum Direction {
        /** From effect to cause: where it came from. */
        CAUSES,
        /** From cause to effect: where it went. */
        EFFECTS
    }

    private final GraphView view;
    private final Direction direction;
    private final Limits limits;
    private final Followed followed;
    private final Steps steps;
    private final boolean causes;
    private final DroppedTime.Collector dropped;
    private final int detail;
    private final PagedBitmap visited = new PagedBitmap();
    /** Nodes at the other end of what was told of them and stands for flows into another version: listed, not walked on from. */
    private final LongList besides = new LongList();
    /** The nearest nodes, in the order in which they were reached. */
    private final LongList nearest = new LongList();
    private final List<Flow> flows = new ArrayList<>();
    private final PagedBitmap stoodFor = new PagedBitmap();
    private final PagedBitmap beyond = new PagedBitmap();
    private LongList level = new LongList();
    private LongList nextLevel = new LongList();
    private long reached;
    private long beyondDepth;
    private long beyondTime;
    private long beyondCount;
    private long beyondFilter;
    private long waiting;
    private long at;
    private boolean last;

    private Lineage(GraphView view, Direction direction, Limits limits) {
        this.view = view;
        this.direction = direction;
        this.limits = limits;
        this.causes = direction == Direction.CAUSES;
        dropped = new DroppedTime.Collector(view, limits);
        // What was told may stand for other flows, which only the walk itself knows.
        this.detail = limits.disclosed() ? Limits.UNLIMITED : limits.detail();
        followed = new Followed(view, limits);
        steps = new Steps(view, limits);
    }

    /** Where the start came from. */
    public static Answer ancestors(GraphView view, String what, Start start, Limits limits) {
        Question question = new Question(Question.ANCESTORS, List.of(what), limits);
        return new Lineage(view, Direction.CAUSES, limits).answer(question, start);
    }

    /** Where the start went. */
    public static Answer descendants(GraphView view, String what, Start start, Limits limits) {
        Question question = new Question(Question.DESCENDANTS, List.of(what), limits);
        return new Lineage(view, Direction.EFFECTS, limits).answer(question, start);
    }

    /** The nodes that a walk from {@code start} reaches, without their edges. */
    static PagedBitmap reached(GraphView view, Direction direction, long[] start, Limits limits) {
        Lineage lineage = new Lineage(view, direction, limits.withDetail(1));
        lineage.walk(start);
        return lineage.visited;
    }

    private Answer answer(Question question, Start start) {
        walk(start.nodes());
        Extent extent = reached > detail ? new Extent(view, listed(start), followed) : null;
        long[] nodes = nearest(start);
        Completeness completeness = direction == Direction.CAUSES ? Completeness.ofCauses(view, start, limits, cut())
                : Completeness.ofEffects(view, start, limits, cut());
        if (dropped.asked() && !causes) {
            dropped.start(start);
        }
        completeness = completeness.with(dropped.reached());
        List<String> notes = new ArrayList<>(start.notes());
        notes.addAll(steps.notes());
        return new Answer(view, question, List.of(start), nodes, listedFlows(nodes, extent != null), new long[0], stops(), notes,
                completeness, extent);
    }

    private boolean cut() {
        return beyondCount > 0 || limits.patience().reason() != null;
    }

    private void walk(long[] start) {
        for (long node : start) {
            if (view.timeNs(node) > limits.untilNs()) {
                beyondTime++;
            } else if (!visited.contains(node)) {
                enter(node);
            }
        }
        GraphView.EdgeVisitor visitor = limits.disclosed() ? this::flow : this::seen;
        for (int depth = 0; nextLevel.size() > 0; depth++) {
            LongList done = level;
            level = nextLevel;
            nextLevel = done;
            nextLevel.clear();
            last = depth >= limits.depth();
            for (int i = 0; i < level.size(); i++) {
                if (limits.patience().over()) {
                    waiting = level.size() - i + nextLevel.size();
                    return;
                }
                step(level.get(i), visitor);
            }
        }
    }

    private void step(long node, GraphView.EdgeVisitor visitor) {
        at = node;
        if (dropped.asked() && !last) {
            if (causes) {
                dropped.causes(node);
            } else {
                dropped.effects(node);
            }
        }
        if (!limits.disclosed()) {
            if (causes) {
                view.causes(node, visitor);
            } else {
                view.effects(node, visitor);
            }
        } else if (causes) {
            steps.causes(node, visitor);
        } else {
            steps.effects(node, visitor);
        }
    }

    private void enter(long node) {
        visited.add(node);
        nextLevel.add(node);
        if (reached++ < detail) {
            nearest.add(node);
        }
    }

    private boolean seen(long edge, Relation relation, long other, long timeNs) {
        return relation.isDisclosed() && steps.passes(edge, relation) || flow(edge, relation, other, timeNs);
    }

    private boolean flow(long edge, Relation relation, long other, long timeNs) {
        if (!followed.relation(relation)) {
            return true;
        }
        if (!followed.time(timeNs)) {
            beyondTime++;
            return true;
        }
        long cause = causes ? other : at;
        long effect = causes ? at : other;
        if (!followed.filter(edge, relation, cause, effect, timeNs)) {
            beyondFilter++;
            return true;
        }
        if (!visited.contains(other)) {
            if (last) {
                beyondDepth++;
                return true;
            }
            if (reached >= limits.count()) {
                beyondCount += beyond.add(other) ? 1 : 0;
                return true;
            }
            enter(other);
        }
        if (reached > detail) {
            return true;
        }
        if (limits.disclosed() && relation.isDisclosed()) {
            // What was told once may be come upon from several versions that it stands for.
            effect = view.edge(edge).effect();
            if (!stoodFor.add(edge)) {
                return true;
            }
            besides.add(effect);
        }
        flows.add(new Flow(edge, relation, cause, effect, timeNs));
        return true;
    }

    /** The nodes of a large answer that are listed: all that were visited, or those that are selected. */
    private PagedBitmap listed(Start start) {
        if (!limits.selects()) {
            return visited;
        }
        PagedBitmap listed = new PagedBitmap();
        LongPredicate filter = limits.listed(view);
        for (long node = visited.next(0); node >= 0; node = visited.next(node + 1)) {
            if (filter.test(node)) {
                listed.add(node);
            }
        }
        for (long node : start.nodes()) {
            if (visited.contains(node)) {
                listed.add(node);
            }
        }
        return listed;
    }

    private long[] nearest(Start start) {
        for (int i = 0; i < besides.size(); i++) {
            if (visited.add(besides.get(i))) {
                nearest.add(besides.get(i));
            }
        }
        if (!limits.selects()) {
            return nearest.toArray();
        }
        PagedBitmap first = new PagedBitmap();
        for (long node : start.nodes()) {
            first.add(node);
        }
        LongPredicate filter = limits.listed(view);
        LongList listed = new LongList();
        for (int i = 0; i < nearest.size(); i++) {
            long node = nearest.get(i);
            if (first.contains(node) || filter.test(node)) {
                listed.add(node);
            }
        }
        return listed.toArray();
    }

    private List<Flow> listedFlows(long[] nodes, boolean large) {
        if (!limits.selects() && !large) {
            return flows;
        }
        PagedBitmap listed = new PagedBitmap();
        for (long node : nodes) {
            listed.add(node);
        }
        return flows.stream().filter(flow -> listed.contains(flow.cause()) && listed.contains(flow.effect())).toList();
    }

    private List<String> stops() {
        List<String> stops = new ArrayList<>();
        if (beyondCount > 0) {
            stops.add("stopped at " + limits.count() + " nodes (--limit): " + beyondCount + " more known, not shown");
        }
        if (beyondDepth > 0) {
            stops.add("stopped at depth " + limits.depth() + " (--depth): " + beyondDepth + " flows lie beyond");
        }
        if (limits.patience().reason() != null) {
            stops.add(limits.patience().reason() + ": " + waiting + " nodes known, not followed");
        }
        if (beyondTime > 0) {
            stops.add("left out " + beyondTime + " flows or versions outside the asked time (--since, --until)");
        }
        if (beyondFilter > 0) {
            stops.add("did not follow " + beyondFilter + " flows (--follow)");
        }
        return stops;
    }
}
