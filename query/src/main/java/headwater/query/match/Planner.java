// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.IndexLookup;
import headwater.query.match.Analysis.Condition;
import headwater.query.match.Analysis.EdgeSlot;
import headwater.query.match.Analysis.Lookup;
import headwater.query.match.Analysis.NodeSlot;
import headwater.query.match.Query.Arrow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Chooses in which order a query is answered: it begins where an index finds the fewest objects, else at a lineage operator, else at the
 * kinds of node that are asked for; then goes along the edges of the pattern, single flows before rows of them, and asks each condition
 * as soon as all that it speaks of is known.
 */
final class Planner {
    private final Analysis analysis;
    private final GraphView view;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Integer> bound = new HashSet<>();
    private final Set<Integer> done = new HashSet<>();
    private final List<Condition> waiting;

    private Planner(Analysis analysis, GraphView view) {
        this.analysis = analysis;
        this.view = view;
        this.waiting = new ArrayList<>(analysis.conditions());
    }

    static List<Step> plan(Analysis analysis, GraphView view) {
        return new Planner(analysis, view).plan();
    }

    private List<Step> plan() {
        while (bound.size() < analysis.nodes().size() || done.size() < analysis.edges().size()) {
            int edge = nextEdge();
            if (edge >= 0) {
                expand(edge);
            } else {
                begin();
            }
            check(false);
        }
        check(true);
        return steps;
    }

    /** An edge that hangs on what is bound: first one that closes a ring, then single flows, then the others. */
    private int nextEdge() {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < analysis.edges().size(); i++) {
            EdgeSlot edge = analysis.edges().get(i);
            boolean left = bound.contains(edge.left());
            boolean right = bound.contains(edge.right());
            if (done.contains(i) || !left && !right) {
                continue;
            }
            int rank = (edge.pattern().variable() ? 2 : 0) + (left && right ? 0 : 1);
            if (rank < bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        return best;
    }

    private void expand(int index) {
        EdgeSlot edge = analysis.edges().get(index);
        boolean left = bound.contains(edge.left());
        boolean right = bound.contains(edge.right());
        // With both ends known, a walk towards the causes is most often the shorter.
        boolean fromLeft = left && (!right || edge.pattern().arrow() != Arrow.LEFT);
        String from = show(fromLeft ? edge.left() : edge.right());
        String to = show(fromLeft ? edge.right() : edge.left());
        boolean causes = edge.pattern().arrow() == (fromLeft ? Arrow.RIGHT : Arrow.LEFT);
        String way = edge.pattern().arrow() == Arrow.EITHER ? "either way" : causes ? "to the causes" : "to the effects";
        String relations = edge.pattern().relations().isEmpty() ? "any flow that carries bytes"
                : String.join("|", edge.pattern().relations().stream().map(Query.Word::text).toList());
        String many = !edge.pattern().variable() ? "" : ", " + edge.pattern().min() + " to "
                + (edge.pattern().max() == Integer.MAX_VALUE ? "any number" : edge.pattern().max()) + ", each object once";
        steps.add(new Step.Expand(index, fromLeft, "from " + from + " " + way + " by " + relations + many + (left && right ? ", which has to be "
                : " to ") + to));
        done.add(index);
        bound.add(edge.left());
        bound.add(edge.right());
    }

    private void begin() {
        int slot = -1;
        long fewest = Long.MAX_VALUE;
        Step best = null;
        for (int i = 0; i < analysis.nodes().size(); i++) {
            if (bound.contains(i)) {
                continue;
            }
            Step indexed = indexed(i);
            long count = indexed instanceof Step.Objects objects ? objects.objects().length : indexed != null ? view.objects() / 16
                    : view.objects() + analysis.nodes().get(i).kinds().size();
            if (count < fewest) {
                fewest = count;
                slot = i;
                best = indexed;
            }
        }
        NodeSlot node = analysis.nodes().get(slot);
        steps.add(best != null ? best : new Step.Scan(slot, "look at all " + view.objects() + " objects for " + show(slot) + " ("
                + (node.kinds().size() > 8 ? "any kind" : String.join("|", node.kinds().stream().map(kind -> kind.text()).toList()))
                + "): no index serves the conditions"));
        bound.add(slot);
    }

    /** The way to a node by an index or an operator, null if there is none. */
    private Step indexed(int slot) {
        Step best = null;
        for (Lookup lookup : analysis.lookups()) {
            long[] objects = lookup.slot() == slot ? objects(lookup) : null;
            if (objects != null && (!(best instanceof Step.Objects known) || objects.length < known.objects().length)) {
                best = new Step.Objects(slot, objects, "find " + show(slot) + " by " + lookup.field() + " in the index: " + objects.length
                        + (objects.length == 1 ? " object" : " objects"));
            }
        }
        if (best == null) {
            for (int use : analysis.sources()) {
                Lineages.Use operator = analysis.operators().uses().get(use);
                if (operator.item() == slot && (operator.of().slot() < 0 || bound.contains(operator.of().slot()))) {
                    return new Step.Source(slot, use, "walk for " + show(slot) + " to the " + (operator.direction().name().toLowerCase(Locale.ROOT))
                            + " of " + (operator.of().slot() < 0 ? operator.of().what().text() : show(operator.of().slot())));
                }
            }
        }
        return best;
    }

    private long[] objects(Lookup lookup) {
        LongStream all = LongStream.empty();
        for (Object value : lookup.values()) {
            long[] found = IndexLookup.of(view, lookup.field(), value);
            if (found == null) {
                return null;
            }
            all = LongStream.concat(all, Arrays.stream(found));
        }
        Set<NodeKind> kinds = analysis.nodes().get(lookup.slot()).kinds();
        return all.sorted().distinct().filter(object -> kinds.contains(view.kind(object))).toArray();
    }

    private void check(boolean last) {
        List<Condition> now = new ArrayList<>();
        for (Condition condition : List.copyOf(waiting)) {
            if (last || !condition.last() && bound.containsAll(condition.nodes()) && done.containsAll(condition.edges())) {
                now.add(condition);
                waiting.remove(condition);
            }
        }
        if (!now.isEmpty()) {
            steps.add(new Step.Check(now, "only if " + String.join(" && ", now.stream().map(Condition::text).toList())));
        }
    }

    private String show(int slot) {
        NodeSlot node = analysis.nodes().get(slot);
        return node.isNamed() ? node.name() : "(" + (node.kinds().size() > 8 ? "" : ":" + String.join("|", node.kinds().stream()
                .map(kind -> kind.text()).toList())) + ")";
    }
}
