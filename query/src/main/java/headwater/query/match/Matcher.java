// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.query.Flow;
import headwater.query.Limits;
import headwater.query.Reach;
import headwater.query.match.Analysis.Condition;
import headwater.query.match.Analysis.EdgeSlot;
import headwater.query.match.Query.Arrow;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Goes through all ways in which the patterns of a query fit the graph, one at a time.
 *
 * <p>A node of a pattern is an object. Where information flows through it, it left at a version that is not older than the one at which
 * it came: so a pattern is a path in time, whatever versions lie between. Where both flows of a pattern lead into the object, or both
 * out of it, any versions do. An edge of the graph stands for no more than one single step.
 */
final class Matcher {
    private final GraphView view;
    private final Analysis analysis;
    private final Limits limits;
    private final List<Step> steps;
    private final Row row;
    private final BooleanSupplier found;
    private final boolean[][] relations;
    private boolean cut;

    /**
     * @param found called for each way, while {@code row} holds it; false to end
     */
    Matcher(GraphView view, Analysis analysis, Limits limits, List<Step> steps, Row row, BooleanSupplier found) {
        this.view = view;
        this.analysis = analysis;
        this.limits = limits;
        this.steps = steps;
        this.row = row;
        this.found = found;
        relations = new boolean[analysis.edges().size()][Relation.values().length];
        for (int i = 0; i < relations.length; i++) {
            for (Relation relation : analysis.edges().get(i).relations()) {
                relations[i][relation.ordinal()] = true;
            }
        }
    }

    /** Goes through them; false if it was ended before the last. */
    boolean run() {
        return step(0);
    }

    /** True if a walk was cut for want of memory. */
    boolean cut() {
        return cut;
    }

    private boolean step(int index) {
        if (limits.patience().over()) {
            return false;
        }
        if (index == steps.size()) {
            return found.getAsBoolean();
        }
        return switch (steps.get(index)) {
            case Step.Objects objects -> each(objects, index);
            case Step.Scan scan -> scan(scan, index);
            case Step.Source source -> source(source, index);
            case Step.Check check -> !holds(check.conditions()) || step(index + 1);
            case Step.Expand expand -> expand(expand, index);
        };
    }

    private boolean holds(List<Condition> conditions) {
        for (Condition condition : conditions) {
            Code<Row> code = condition.code();
            if (!code.test(row)) {
                return false;
            }
        }
        return true;
    }

    private boolean each(Step.Objects objects, int index) {
        for (long object : objects.objects()) {
            if (!object(objects.slot(), object, newest(object), index)) {
                return false;
            }
        }
        return true;
    }

    private boolean scan(Step.Scan scan, int index) {
        long count = view.objects();
        for (long object = view.nextObject(0); object < count; object = view.nextObject(object + 1)) {
            if (analysis.nodes().get(scan.slot()).kinds().contains(view.kind(object)) && !object(scan.slot(), object, newest(object), index)
                    || limits.patience().over()) {
                return false;
            }
        }
        return true;
    }

    private boolean source(Step.Source source, int index) {
        Reach reach = row.lineages().reach(source.use(), row);
        if (reach == null) {
            return true;
        }
        for (long object = reach.nextObject(0); object >= 0; object = reach.nextObject(object + 1)) {
            boolean fits = analysis.nodes().get(source.slot()).kinds().contains(view.kind(object))
                    && !row.lineages().isOf(source.use(), row, object);
            if (fits && !object(source.slot(), object, reach.newest(object), index)) {
                return false;
            }
        }
        return true;
    }

    private boolean object(int slot, long object, long version, int index) {
        row.bind(slot, object, version);
        boolean on = step(index + 1);
        row.unbind(slot);
        return on;
    }

    private long newest(long object) {
        long[] versions = view.versions(object);
        return versions[versions.length - 1];
    }

    private boolean expand(Step.Expand expand, int index) {
        EdgeSlot edge = analysis.edges().get(expand.edge());
        if (edge.pattern().variable()) {
            HopWalk walk = new HopWalk(view, limits, relations[expand.edge()], edge, row.hop(expand.edge()), towardsCauses(expand, edge));
            boolean on = walk.run(starts(expand, edge), (end, start, path) -> arrived(expand, edge, end, start, path, index),
                    !constrained(expand, edge));
            cut |= walk.cut();
            return on;
        }
        Arrow arrow = edge.pattern().arrow();
        boolean causes = towardsCauses(expand, edge);
        return (arrow != Arrow.EITHER || single(expand, edge, true, index)) && single(expand, edge, arrow != Arrow.EITHER && causes, index);
    }

    private static boolean towardsCauses(Step.Expand expand, EdgeSlot edge) {
        return edge.pattern().arrow() == (expand.fromLeft() ? Arrow.RIGHT : Arrow.LEFT);
    }

    private boolean single(Step.Expand expand, EdgeSlot edge, boolean causes, int index) {
        long[] versions = view.versions(row.object(expand.fromLeft() ? edge.left() : edge.right()));
        boolean[] on = {true};
        for (long version : versions) {
            if (!allowed(expand.edge(), expand.fromLeft(), causes, version)) {
                continue;
            }
            GraphView.EdgeVisitor visitor = (number, relation, other, timeNs) -> {
                if (relations[expand.edge()][relation.ordinal()] && timeNs >= limits.sinceNs() && timeNs <= limits.untilNs() && !isUsed(number)) {
                    Flow flow = new Flow(number, relation, causes ? other : version, causes ? version : other, timeNs);
                    on[0] = arrived(expand, edge, other, version, List.of(flow), index);
                }
                return on[0];
            };
            if (causes) {
                view.causes(version, visitor);
            } else {
                view.effects(version, visitor);
            }
            if (!on[0]) {
                return false;
            }
        }
        return true;
    }

    private boolean isUsed(long number) {
        for (int i = 0; i < analysis.edges().size(); i++) {
            if (row.isEdgeBound(i) && !analysis.edges().get(i).pattern().variable() && row.flows(i).getFirst().edge() == number) {
                return true;
            }
        }
        return false;
    }

    /** The versions from which a step of several flows may set out. */
    private long[] starts(Step.Expand expand, EdgeSlot edge) {
        boolean causes = towardsCauses(expand, edge);
        long[] versions = view.versions(row.object(expand.fromLeft() ? edge.left() : edge.right()));
        return Arrays.stream(versions).filter(version -> allowed(expand.edge(), expand.fromLeft(), causes, version)).toArray();
    }

    /** Takes the far end of a flow, or of several, if it fits; false to end. */
    private boolean arrived(Step.Expand expand, EdgeSlot edge, long end, long start, List<Flow> path, int index) {
        int slot = expand.fromLeft() ? edge.right() : edge.left();
        long object = view.object(end);
        boolean known = row.isBound(slot);
        if (known ? row.object(slot) != object : !analysis.nodes().get(slot).kinds().contains(view.kind(object))) {
            return true;
        }
        boolean causes = !path.isEmpty() ? path.getFirst().cause() == end || path.getLast().cause() == end : towardsCauses(expand, edge);
        if (!allowed(expand.edge(), !expand.fromLeft(), !causes, end)) {
            return true;
        }
        if (!known) {
            row.bind(slot, object, end);
        }
        row.bindEdge(expand.edge(), path, expand.fromLeft() ? start : end, expand.fromLeft() ? end : start);
        boolean on = step(index + 1);
        row.unbindEdge(expand.edge());
        if (!known) {
            row.unbind(slot);
        }
        return on;
    }

    /** True if the far end's version matters to another edge of the pattern, now or later. */
    private boolean constrained(Step.Expand expand, EdgeSlot edge) {
        return neighbour(expand.edge(), !expand.fromLeft()) >= 0 || row.isBound(expand.fromLeft() ? edge.right() : edge.left());
    }

    /** The edge that stands beside {@code edge} in its pattern, at one of its sides; -1 if none does. */
    private int neighbour(int edge, boolean atLeft) {
        int other = atLeft ? edge - 1 : edge + 1;
        return other >= 0 && other < analysis.edges().size() && analysis.edges().get(other).path() == analysis.edges().get(edge).path()
                ? other : -1;
    }

    /**
     * True if information can flow through the node at one side of an edge.
     *
     * @param isEffect whether that node is the effect of the edge, or its cause
     */
    private boolean allowed(int edge, boolean atLeft, boolean isEffect, long version) {
        int other = neighbour(edge, atLeft);
        if (other < 0 || !row.isEdgeBound(other)) {
            return true;
        }
        long there = atLeft ? row.right(other) : row.left(other);
        Boolean effectThere = isEffect(other, !atLeft, there);
        if (effectThere == null || effectThere == isEffect) {
            return true;
        }
        return isEffect ? version <= there : version >= there;
    }

    /** Whether the node at one side of a bound edge is its effect; null of no flow at all. */
    private Boolean isEffect(int edge, boolean atLeft, long there) {
        Arrow arrow = analysis.edges().get(edge).pattern().arrow();
        if (arrow != Arrow.EITHER) {
            return atLeft == (arrow == Arrow.RIGHT);
        }
        List<Flow> flows = row.flows(edge);
        return flows.isEmpty() ? null : flows.getFirst().effect() == there;
    }
}
