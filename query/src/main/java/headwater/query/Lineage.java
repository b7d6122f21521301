// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the graph from a start, breadth first: towards the causes, or towards the effects. Each node is visited once.
 * The walk respects time because versions do: what flows into a node all came before what flows out of it.
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
    private final Steps steps;
    private final PagedBitmap visited = new PagedBitmap();
    /** Nodes at the other end of what was told of them and stands for flows into another version: listed, not walked on from. */
    private final LongList besides = new LongList();
    private final LongList queue = new LongList();
    private final List<Flow> flows = new ArrayList<>();
    private final PagedBitmap stoodFor = new PagedBitmap();
    private long beyondDepth;
    private long beyondTime;
    private boolean cut;

    private Lineage(GraphView view, Direction direction, Limits limits) {
        this.view = view;
        this.direction = direction;
        this.limits = limits;
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

    private Answer answer(Question question, Start start) {
        walk(start);
        Completeness completeness = direction == Direction.CAUSES ? Completeness.ofCauses(view, start, limits, cut)
                : Completeness.ofEffects(view, start, limits, cut);
        long[] nodes = listed(start);
        List<String> notes = new ArrayList<>(start.notes());
        notes.addAll(steps.notes());
        return new Answer(view, question, List.of(start), nodes, listedFlows(nodes), new long[0], stops(), notes, completeness);
    }

    private void walk(Start start) {
        for (long node : start.nodes()) {
            if (view.timeNs(node) > limits.untilNs()) {
                beyondTime++;
            } else if (visited.add(node)) {
                queue.add(node);
            }
        }
        int levelEnd = queue.size();
        int depth = 0;
        for (int next = 0; next < queue.size(); next++) {
            if (next == levelEnd) {
                depth++;
                levelEnd = queue.size();
            }
            boolean last = depth >= limits.depth();
            long node = queue.get(next);
            GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) ->
                    flow(node, edge, relation, other, timeNs, last);
            if (direction == Direction.CAUSES) {
                steps.causes(node, visitor);
            } else {
                steps.effects(node, visitor);
            }
        }
    }

    private boolean flow(long node, long edge, Relation relation, long other, long timeNs, boolean last) {
        if (!limits.followsRelation(relation)) {
            return true;
        }
        if (!limits.follows(relation, timeNs)) {
            beyondTime++;
            return true;
        }
        if (!visited.contains(other)) {
            if (last) {
                beyondDepth++;
                return true;
            }
            if (queue.size() >= limits.count()) {
                cut = true;
                return true;
            }
            visited.add(other);
            queue.add(other);
        }
        boolean causes = direction == Direction.CAUSES;
        long cause = causes ? other : node;
        long effect = causes ? node : other;
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

    private long[] listed(Start start) {
        for (int i = 0; i < besides.size(); i++) {
            if (visited.add(besides.get(i))) {
                queue.add(besides.get(i));
            }
        }
        if (limits.kinds().isEmpty()) {
            return queue.toArray();
        }
        PagedBitmap first = new PagedBitmap();
        for (long node : start.nodes()) {
            first.add(node);
        }
        LongList listed = new LongList();
        for (int i = 0; i < queue.size(); i++) {
            long node = queue.get(i);
            NodeKind kind = view.kind(view.object(node));
            if (limits.kinds().contains(kind) || first.contains(node)) {
                listed.add(node);
            }
        }
        return listed.toArray();
    }

    private List<Flow> listedFlows(long[] nodes) {
        if (limits.kinds().isEmpty()) {
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
        if (cut) {
            stops.add("stopped at " + limits.count() + " nodes (--limit)");
        }
        if (beyondDepth > 0) {
            stops.add("stopped at depth " + limits.depth() + " (--depth): " + beyondDepth + " flows lie beyond");
        }
        if (beyondTime > 0) {
            stops.add("left out " + beyondTime + " flows or versions outside the asked time (--since, --until)");
        }
        return stops;
    }
}
