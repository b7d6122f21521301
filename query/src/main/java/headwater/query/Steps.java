// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.DisclosedFlags;
import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The flows that a question goes along: what was seen, or also what was told.
 *
 * <p><b>Unasked</b>, nothing that a program told is followed, but for the one relation that was seen: which process told of a node.
 *
 * <p><b>With {@link Limits#disclosed}</b>, what was told is followed. Where a program said that what it had put into an object came from
 * certain causes only ({@link DisclosedFlags#EXHAUSTIVE}), the flows into that object by which it, and the processes that it started,
 * had done so are left out for these causes. Flows of others into the object, and its own later ones, stay: a program is believed of
 * what it did itself, and of nothing else. A node that was told of comes from its teller only if nothing else was told of where it comes
 * from.
 *
 * <p>One thread uses it.
 */
final class Steps {
    /** As many versions of processes as are looked through for the one that started another. */
    private static final int TREE_MAX = 100_000;
    private static final int TELLERS_NAMED = 3;

    private final GraphView view;
    private final boolean disclosed;
    /** Exhaustive derivations into each object that was looked at. */
    private final Map<Long, List<Edge>> claims = new HashMap<>();
    /** The task object that cloned each task object, -1 if none is recorded. */
    private final Map<Long, Long> parents = new HashMap<>();
    private final Set<Long> passedOver = new HashSet<>();
    private final Set<Long> replaced = new HashSet<>();
    private final Set<Long> told = new HashSet<>();

    Steps(GraphView view, Limits limits) {
        this.view = view;
        disclosed = limits.disclosed();
    }

    /**
     * As {@link GraphView#causes}. A flow that was told of a later version of the object, and stands for flows into this one, is
     * among them, though its effect is that later version.
     */
    void causes(long node, GraphView.EdgeVisitor visitor) {
        if (!disclosed) {
            view.causes(node, (edge, relation, other, timeNs) -> passes(edge, relation) || visitor.edge(edge, relation, other, timeNs));
            return;
        }
        List<Edge> into = claims(view.object(node));
        Set<Edge> standIns = new LinkedHashSet<>();
        boolean[] on = {true};
        boolean teller = tellerStands(node);
        view.causes(node, (edge, relation, other, timeNs) -> {
            Edge claim = into.isEmpty() ? null : claimOver(into, edge, relation);
            if (claim != null) {
                replaced.add(edge);
                into.stream().filter(one -> claimOver(List.of(one), edge, relation) != null && one.effect() != node).forEach(standIns::add);
                return true;
            }
            if (relation.isDisclosed() && !teller && isTeller(edge)) {
                return true;
            }
            note(edge, relation);
            on[0] = visitor.edge(edge, relation, other, timeNs);
            return on[0];
        });
        for (Edge claim : standIns) {
            if (!on[0]) {
                return;
            }
            told.add(claim.number());
            on[0] = visitor.edge(claim.number(), claim.relation(), claim.cause(), claim.timeNs());
        }
    }

    /** As {@link GraphView#effects}; a flow that was told of a later version leads to those too that it stands for flows into. */
    void effects(long node, GraphView.EdgeVisitor visitor) {
        view.effects(node, (edge, relation, other, timeNs) -> {
            if (!disclosed) {
                return passes(edge, relation) || visitor.edge(edge, relation, other, timeNs);
            }
            List<Edge> into = claims(view.object(other));
            if (!into.isEmpty() && claimOver(into, edge, relation) != null) {
                replaced.add(edge);
                return true;
            }
            if (relation.isDisclosed() && isTeller(edge) && !tellerStands(other)) {
                return true;
            }
            note(edge, relation);
            boolean on = visitor.edge(edge, relation, other, timeNs);
            for (Edge claim : into) {
                on = on && (claim.number() != edge || earlier(claim, visitor));
            }
            return on;
        });
    }

    /** Visits the versions before the claim's that have flows into them for which it stands. */
    private boolean earlier(Edge claim, GraphView.EdgeVisitor visitor) {
        for (long version : view.versions(view.object(claim.effect()))) {
            if (version >= claim.effect()) {
                break;
            }
            boolean[] stands = {false};
            view.causes(version, (edge, relation, other, timeNs) -> {
                stands[0] = claimOver(List.of(claim), edge, relation) != null;
                return !stands[0];
            });
            if (stands[0] && !visitor.edge(claim.number(), claim.relation(), version, claim.timeNs())) {
                return false;
            }
        }
        return true;
    }

    /** True for what is not followed unless it was asked for, which is remembered. */
    boolean passes(long edge, Relation relation) {
        if (!relation.isDisclosed() || isTeller(edge)) {
            return false;
        }
        passedOver.add(edge);
        return true;
    }

    private void note(long edge, Relation relation) {
        if (relation.isDisclosed() && !isTeller(edge)) {
            told.add(edge);
        }
    }

    private boolean isTeller(long edge) {
        return (view.edge(edge).flags() & DisclosedFlags.TELLER) != 0;
    }

    /** True unless something else was told of where the node comes from. */
    private boolean tellerStands(long node) {
        long object = view.object(node);
        if (!view.kind(object).isDisclosed()) {
            return true;
        }
        boolean[] other = {false};
        for (long version : view.versions(object)) {
            view.causes(version, (edge, relation, cause, timeNs) -> {
                other[0] |= relation.isDisclosed() && relation != Relation.ASSOCIATED_DISC && !isTeller(edge);
                return !other[0];
            });
        }
        return !other[0];
    }

    private List<Edge> claims(long object) {
        if (!view.kind(object).isInode()) {
            return List.of();
        }
        return claims.computeIfAbsent(object, key -> {
            List<Edge> found = new ArrayList<>();
            for (long version : view.versions(object)) {
                view.causes(version, (edge, relation, other, timeNs) -> {
                    if (relation == Relation.DERIVED_DISC) {
                        Edge whole = view.edge(edge);
                        if ((whole.flags() & DisclosedFlags.EXHAUSTIVE) != 0 && whole.task() >= 0) {
                            found.add(whole);
                        }
                    }
                    return true;
                });
            }
            return List.copyOf(found);
        });
    }

    /** A claim that stands for this flow, null if none does. */
    private Edge claimOver(List<Edge> into, long edge, Relation relation) {
        if (relation.isVersion() || relation == Relation.NAMED || relation.isDisclosed()) {
            return null;
        }
        Edge flow = null;
        for (Edge claim : into) {
            if (claim.number() > edge) {
                flow = flow == null ? view.edge(edge) : flow;
                if (flow.task() >= 0 && isOf(view.object(flow.task()), view.object(claim.task()))) {
                    return claim;
                }
            }
        }
        return null;
    }

    /** True if {@code task} is {@code teller}, a thread of its, or of a process that it started. */
    private boolean isOf(long task, long teller) {
        long at = task;
        for (int i = 0; at >= 0 && i < TREE_MAX; i++) {
            if (at == teller) {
                return true;
            }
            at = parents.computeIfAbsent(at, this::parent);
        }
        return false;
    }

    private long parent(long task) {
        long[] parent = {-1};
        view.causes(view.versions(task)[0], (edge, relation, other, timeNs) -> {
            if (relation == Relation.CLONE) {
                parent[0] = view.object(other);
            }
            return parent[0] < 0;
        });
        return parent[0];
    }

    /** What a person should know of how the answer was found; empty if nothing that was told touches it. */
    List<String> notes() {
        if (!disclosed) {
            return passedOver.isEmpty() ? List.of() : List.of("observed flows only: " + count(passedOver.size(), "disclosed relation")
                    + " not followed (--disclosed follows what programs told)");
        }
        if (told.isEmpty() && replaced.isEmpty()) {
            return List.of("--disclosed: no program told of anything here; observed flows only");
        }
        return List.of("--disclosed: " + count(told.size(), "disclosed relation") + " followed, told by " + tellers() + "; "
                + count(replaced.size(), "observed flow") + " left out for them");
    }

    private String tellers() {
        Set<Long> tasks = new LinkedHashSet<>();
        told.stream().sorted().map(edge -> view.edge(edge).task()).filter(task -> task >= 0).forEach(task -> tasks.add(view.object(task)));
        Labels labels = new Labels(view);
        String named = tasks.stream().limit(TELLERS_NAMED).map(labels::of).collect(Collectors.joining(", "));
        return named + (tasks.size() > TELLERS_NAMED ? " and " + (tasks.size() - TELLERS_NAMED) + " more" : "");
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
