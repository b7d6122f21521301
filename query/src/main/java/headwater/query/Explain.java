// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shortest causal path between two things. It is looked for from A to B first, then from B to A; and first by flows that
 * carry content, for who asks how data got somewhere is not helped by hearing that a file was opened and another made.
 */
public final class Explain {
    /** Acts that pass on no content. */
    private static final Set<Relation> ACTS = EnumSet.of(Relation.OPEN, Relation.INODE_CREATE, Relation.NAMED, Relation.LINK,
            Relation.RENAME, Relation.UNLINK, Relation.SYMLINK, Relation.SETATTR, Relation.SETATTR_INODE,
            Relation.SOCKET_CREATE, Relation.BIND, Relation.LISTEN, Relation.CONNECT, Relation.CONNECT_UNIX_STREAM);

    private final GraphView view;
    private final Limits limits;
    private final Steps steps;
    private boolean cut;

    private Explain(GraphView view, Limits limits) {
        this.view = view;
        this.limits = limits;
        steps = new Steps(view, limits);
    }

    /**
     * The path, its edges in order of time; {@link Answer#starts} holds the cause first, the effect second. An answer
     * without edges means that neither flowed into the other, as far as the limits let look.
     */
    public static Answer between(GraphView view, String whatA, Start a, String whatB, Start b, Limits limits) {
        Explain explain = new Explain(view, limits);
        List<String> notes = new ArrayList<>(a.notes());
        notes.addAll(b.notes());
        Optional<List<Flow>> path = explain.path(a, b);
        boolean reversed = false;
        if (path.isEmpty()) {
            path = explain.path(b, a);
            reversed = path.isPresent();
        }
        if (reversed) {
            notes.add("nothing flowed from " + whatA + " to " + whatB + "; this is the path from " + whatB + " to "
                    + whatA);
        }
        if (a.objects().stream().anyMatch(b.objects()::contains)) {
            notes.add(whatA + " and " + whatB + " are the same object");
        }
        notes.addAll(explain.steps.notes());
        List<Flow> flows = new ArrayList<>(path.orElse(List.of()));
        order(flows);
        List<Start> starts = reversed ? List.of(b, a) : List.of(a, b);
        return explain.answer(new Question(Question.EXPLAIN, List.of(whatA, whatB), limits), starts, flows, notes);
    }

    /** By time; edges of imported evidence may be numbered otherwise, and then stand as they follow one another. */
    private static void order(List<Flow> flows) {
        flows.sort(Comparator.comparingLong(Flow::edge));
        Map<Long, Flow> outOf = new HashMap<>();
        Set<Long> into = new HashSet<>();
        flows.forEach(flow -> {
            outOf.put(flow.cause(), flow);
            into.add(flow.effect());
        });
        List<Flow> chain = new ArrayList<>();
        Flow next = flows.stream().filter(flow -> !into.contains(flow.cause())).findFirst().orElse(null);
        while (next != null && chain.size() < flows.size()) {
            chain.add(next);
            next = outOf.get(next.effect());
        }
        if (chain.size() == flows.size()) {
            flows.clear();
            flows.addAll(chain);
        }
    }

    private Answer answer(Question question, List<Start> starts, List<Flow> flows, List<String> notes) {
        PagedBitmap seen = new PagedBitmap();
        LongList nodes = new LongList();
        for (Flow flow : flows) {
            // What was told may stand for flows into another version than the one that it was told of.
            long end = flow.relation().isDisclosed() ? view.edge(flow.edge()).effect() : flow.effect();
            for (long node : new long[] {flow.cause(), flow.effect(), end}) {
                if (seen.add(node)) {
                    nodes.add(node);
                }
            }
        }
        for (Start start : starts) {
            for (long node : start.nodes()) {
                if (flows.isEmpty() && seen.add(node)) {
                    nodes.add(node);
                }
            }
        }
        Completeness completeness = Completeness.between(view, starts, limits, cut);
        List<String> stops = cut ? List.of("stopped after looking at " + limits.count() + " nodes (--limit)")
                : List.of();
        return new Answer(view, question, starts, nodes.toArray(), flows, new long[0], stops, notes, completeness);
    }

    /** Walks back from the effect: what a thing came from is most often less than what came of a thing. */
    private Optional<List<Flow>> path(Start cause, Start effect) {
        Optional<List<Flow>> byContent = path(cause, effect, ACTS);
        return byContent.isPresent() ? byContent : path(cause, effect, Set.of());
    }

    private Optional<List<Flow>> path(Start cause, Start effect, Set<Relation> without) {
        PagedBitmap goal = new PagedBitmap();
        for (long node : cause.nodes()) {
            goal.add(node);
        }
        Map<Long, Flow> towardsEffect = new HashMap<>();
        PagedBitmap visited = new PagedBitmap();
        LongList queue = new LongList();
        for (long node : effect.nodes()) {
            if (goal.contains(node)) {
                return Optional.of(List.of());
            }
            if (view.timeNs(node) <= limits.untilNs() && visited.add(node)) {
                queue.add(node);
            }
        }
        long[] found = {-1};
        int levelEnd = queue.size();
        int depth = 0;
        for (int next = 0; next < queue.size() && found[0] < 0; next++) {
            if (next == levelEnd) {
                depth++;
                levelEnd = queue.size();
            }
            if (depth >= limits.depth()) {
                break;
            }
            long node = queue.get(next);
            steps.causes(node, (edge, relation, other, timeNs) -> {
                if (without.contains(relation) || !without.isEmpty() && relation.isTelling() || !limits.follows(relation, timeNs) || !enter(visited, queue, other)) {
                    return true;
                }
                towardsEffect.put(other, new Flow(edge, relation, other, node, timeNs));
                if (goal.contains(other)) {
                    found[0] = other;
                }
                return found[0] < 0;
            });
        }
        if (found[0] < 0) {
            return Optional.empty();
        }
        List<Flow> path = new ArrayList<>();
        for (Flow flow = towardsEffect.get(found[0]); flow != null; flow = towardsEffect.get(flow.effect())) {
            path.add(flow);
        }
        return Optional.of(path);
    }

    private boolean enter(PagedBitmap visited, LongList queue, long node) {
        if (visited.contains(node)) {
            return false;
        }
        if (queue.size() >= limits.count()) {
            cut = true;
            return false;
        }
        visited.add(node);
        queue.add(node);
        return true;
    }

    /** A relation in words; one that was told says so. */
    public static String words(Relation relation) {
        String text = relation.text();
        return relation.isDisclosed() ? text.substring(0, text.lastIndexOf('_')) + " (disclosed)" : text.replace('_', ' ');
    }

    /** The clause that tells a person what one step did, such as {@code read}. */
    public static String step(Relation relation) {
        return relation.isVersion() ? "became its next version" : words(relation);
    }
}
