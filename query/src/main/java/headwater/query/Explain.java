// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    private final Followed followed;
    private final List<List<Flow>> paths = new ArrayList<>();
    private final List<String> more = new ArrayList<>();
    private boolean cut;
    private boolean beyondDepth;

    private Explain(GraphView view, Limits limits) {
        this.view = view;
        this.limits = limits;
        steps = new Steps(view, limits);
        followed = new Followed(view, limits);
    }

    /**
     * The path, its edges in order of time; {@link Answer#starts} holds the cause first, the effect second. An answer
     * without edges means that neither flowed into the other, as far as the limits let look.
     */
    public static Answer between(GraphView view, String whatA, Start a, String whatB, Start b, Limits limits) {
        return of(view, whatA, a, whatB, b, limits, null);
    }

    /** All paths, the best first, as {@code search} has them; else as {@link #between}. */
    public static Answer all(GraphView view, String whatA, Start a, String whatB, Start b, Limits limits, CausalPaths.Search search) {
        return of(view, whatA, a, whatB, b, limits, search);
    }

    /** The path from cause to effect and not the other way, its edges in order of time; empty if there is none. */
    public static List<Flow> path(GraphView view, Start cause, Start effect, Limits limits) {
        List<Flow> flows = new ArrayList<>(new Explain(view, limits).path(cause, effect).orElse(List.of()));
        order(flows);
        return flows;
    }

    private static Answer of(GraphView view, String whatA, Start a, String whatB, Start b, Limits limits, CausalPaths.Search search) {
        Explain explain = new Explain(view, limits);
        List<String> notes = new ArrayList<>(a.notes());
        notes.addAll(b.notes());
        Optional<List<Flow>> path = explain.path(a, b);
        boolean reversed = false;
        if (path.isEmpty()) {
            path = explain.path(b, a);
            reversed = path.isPresent();
        }
        if (search != null && path.isPresent() && !path.get().isEmpty()) {
            explain.all(reversed ? b : a, reversed ? a : b, search);
        }
        if (reversed) {
            notes.add("nothing flowed from " + whatA + " to " + whatB + "; this is the path from " + whatB + " to "
                    + whatA);
        }
        if (a.objects().stream().anyMatch(b.objects()::contains)) {
            notes.add(whatA + " and " + whatB + " are the same object");
        }
        notes.addAll(explain.steps.notes());
        List<Flow> flows = explain.paths.isEmpty() ? new ArrayList<>(path.orElse(List.of())) : explain.union();
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
        Completeness completeness = Completeness.between(view, starts, limits, cut || limits.patience().reason() != null)
                .with(dropped(starts));
        List<String> stops = new ArrayList<>(more);
        if (cut) {
            stops.add("stopped after looking at " + limits.count() + " nodes (--limit)");
        }
        if (beyondDepth) {
            stops.add("stopped at depth " + limits.depth() + " (--depth)");
        }
        if (limits.patience().reason() != null) {
            stops.add(limits.patience().reason());
        }
        return new Answer(view, question, starts, nodes.toArray(), flows, new long[0], stops, notes, completeness, null, paths);
    }

    /** A path can have led through dropped time if one of the ends is that old. */
    private DroppedTime dropped(List<Start> starts) {
        DroppedTime.Collector dropped = new DroppedTime.Collector(view, limits);
        if (dropped.asked()) {
            for (Start start : starts) {
                dropped.start(start);
                for (long node : start.nodes()) {
                    dropped.effects(node);
                }
            }
        }
        return dropped.reached();
    }

    private void all(Start cause, Start effect, CausalPaths.Search search) {
        CausalPaths found = CausalPaths.between(view, cause, effect, limits, search, (flow, relation) -> isContent(relation));
        if (found.paths().isEmpty()) {
            found = CausalPaths.between(view, cause, effect, limits, search, (flow, relation) -> true);
        }
        paths.addAll(found.paths());
        more.addAll(found.stops());
    }

    private static boolean isContent(Relation relation) {
        return !ACTS.contains(relation) && !relation.isTelling();
    }

    private List<Flow> union() {
        Map<Long, Flow> flows = new LinkedHashMap<>();
        paths.forEach(path -> path.forEach(flow -> flows.put(flow.edge(), flow)));
        return new ArrayList<>(flows.values());
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
        PagedBitmap visited = new PagedBitmap();
        LongList queue = new LongList();
        // The place in the queue of the node from which each was reached.
        LongList from = new LongList();
        for (long node : effect.nodes()) {
            if (goal.contains(node)) {
                return Optional.of(List.of());
            }
            if (view.timeNs(node) <= limits.untilNs() && visited.add(node)) {
                queue.add(node);
                from.add(-1);
            }
        }
        int[] found = {-1};
        int[] next = {0};
        GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
            if (isFollowed(without, edge, relation, other, queue.get(next[0]), timeNs) && enter(visited, queue, other)) {
                from.add(next[0]);
                found[0] = goal.contains(other) ? queue.size() - 1 : -1;
            }
            return found[0] < 0;
        };
        int levelEnd = queue.size();
        int depth = 0;
        while (next[0] < queue.size() && found[0] < 0 && !limits.patience().over()) {
            if (next[0] == levelEnd) {
                depth++;
                levelEnd = queue.size();
            }
            if (depth >= limits.depth()) {
                beyondDepth = true;
                break;
            }
            steps.causes(queue.get(next[0]), visitor);
            next[0]++;
        }
        if (found[0] < 0) {
            return Optional.empty();
        }
        List<Flow> path = new ArrayList<>();
        for (int at = found[0]; from.get(at) >= 0; at = (int) from.get(at)) {
            path.add(flow(without, queue.get(at), queue.get((int) from.get(at))));
        }
        return Optional.of(path);
    }

    private boolean isFollowed(Set<Relation> without, long edge, Relation relation, long cause, long effect, long timeNs) {
        return !without.contains(relation) && (without.isEmpty() || !relation.isTelling()) && followed.relation(relation)
                && followed.time(timeNs) && followed.filter(edge, relation, cause, effect, timeNs);
    }

    /** The flow by which the walk went from {@code effect} to {@code cause}: the first that it could. */
    private Flow flow(Set<Relation> without, long cause, long effect) {
        Flow[] found = {null};
        steps.causes(effect, (edge, relation, other, timeNs) -> {
            if (other == cause && isFollowed(without, edge, relation, other, effect, timeNs)) {
                found[0] = new Flow(edge, relation, cause, effect, timeNs);
            }
            return found[0] == null;
        });
        return found[0];
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
