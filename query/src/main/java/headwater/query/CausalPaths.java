// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The paths from one thing to another, the best first. Two paths are different if they lead over different objects or by different
 * relations; versions do not make them so.
 *
 * <p>What lies on any path is found by a walk back from the effect and one forth from the cause. From there paths are drawn out best
 * first, each with the least that the rest of it can cost; so they come out in their order, and no more of them than are asked for are
 * looked at.
 */
public final class CausalPaths {
    /** What makes a path better. */
    public enum By {
        /** Fewer steps, versions not counted; among equals less time from the first flow to the last. */
        STEPS,
        /** Less time from the first flow to the last; among equals fewer steps. */
        TIME
    }

    /**
     * @param paths how many, at most, from 1
     */
    public record Search(By by, int paths) {
    }

    /** Which flows a path may take. */
    @FunctionalInterface
    interface Taken {
        boolean takes(long edge, Relation relation);
    }

    private static final int MAX_PARTIAL = 500_000;

    /** A path that is not at its end yet. */
    private record Partial(Partial before, Flow flow, long node, int steps, long firstNs, int atLeastSteps, long atLeastNs, long signature) {
    }

    private final GraphView view;
    private final Limits limits;
    private final Search search;
    private final Followed followed;
    private final Taken taken;
    private final boolean cycles;
    private final PagedBitmap causes = new PagedBitmap();
    private final PagedBitmap effects = new PagedBitmap();
    private final Map<Long, List<Flow>> out = new HashMap<>();
    private final Map<Long, Integer> stepsLeft = new HashMap<>();
    private final Map<Long, Long> arrival = new HashMap<>();
    private final List<List<Flow>> paths = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();

    private CausalPaths(GraphView view, Limits limits, Search search, Taken taken) {
        this.view = view;
        this.limits = limits;
        this.search = search;
        this.taken = taken;
        followed = new Followed(view, limits);
        cycles = new ImportedSessions(view).any();
    }

    static CausalPaths between(GraphView view, Start cause, Start effect, Limits limits, Search search, Taken taken) {
        CausalPaths paths = new CausalPaths(view, limits, search, taken);
        for (long node : cause.nodes()) {
            paths.causes.add(node);
        }
        for (long node : effect.nodes()) {
            paths.effects.add(node);
        }
        paths.collect(cause, effect);
        paths.bounds();
        paths.drawOut(cause);
        return paths;
    }

    /** Each path, its edges from cause to effect. */
    List<List<Flow>> paths() {
        return paths;
    }

    /** Why there are no more, one clause each. */
    List<String> stops() {
        return stops;
    }

    /** How many things a path goes on to: its edges without those between versions. */
    public static int steps(List<Flow> path) {
        return (int) path.stream().filter(flow -> !flow.relation().isVersion()).count();
    }

    private void collect(Start cause, Start effect) {
        PagedBitmap cone = Lineage.reached(view, Lineage.Direction.CAUSES, effect.nodes(), limits);
        PagedBitmap seen = new PagedBitmap();
        LongList queue = new LongList();
        for (long node : cause.nodes()) {
            if (cone.contains(node) && seen.add(node)) {
                queue.add(node);
            }
        }
        int max = (int) Math.min(limits.detail() * 4L, 1_000_000);
        int[] count = {0};
        for (int i = 0; i < queue.size() && !limits.patience().over(); i++) {
            long node = queue.get(i);
            view.effects(node, (edge, relation, other, timeNs) -> {
                // A path ends where it first comes to the effect, and begins where it last leaves the cause.
                if (!cone.contains(other) || causes.contains(other)
                        || !followed.follows(edge, relation, node, other, timeNs) || !taken.takes(edge, relation)) {
                    return true;
                }
                if (count[0]++ < max) {
                    out.computeIfAbsent(node, key -> new ArrayList<>()).add(new Flow(edge, relation, node, other, timeNs));
                    if (!effects.contains(other) && seen.add(other)) {
                        queue.add(other);
                    }
                }
                return true;
            });
        }
        if (count[0] > max) {
            stops.add("looked at the " + max + " flows nearest to the cause: " + (count[0] - max) + " more lie between the two");
        }
    }

    /** The least that is left from each node: steps, and the time at which the effect can be reached. */
    private void bounds() {
        Map<Long, List<Flow>> into = new HashMap<>();
        out.values().forEach(flows -> flows.forEach(flow -> into.computeIfAbsent(flow.effect(), key -> new ArrayList<>()).add(flow)));
        List<Flow> last = new ArrayList<>();
        List<Long> level = new ArrayList<>();
        into.forEach((node, flows) -> {
            if (effects.contains(node)) {
                last.addAll(flows);
                stepsLeft.put(node, 0);
                arrival.put(node, Long.MIN_VALUE);
                level.add(node);
            }
        });
        stepsBack(level, into);
        last.sort(Comparator.comparingLong(Flow::timeNs));
        for (Flow flow : last) {
            List<Long> stack = new ArrayList<>(List.of(flow.cause()));
            while (!stack.isEmpty()) {
                long node = stack.removeLast();
                if (!effects.contains(node) && arrival.putIfAbsent(node, flow.timeNs()) == null) {
                    into.getOrDefault(node, List.of()).forEach(before -> stack.add(before.cause()));
                }
            }
        }
    }

    private void stepsBack(List<Long> first, Map<Long, List<Flow>> into) {
        List<Long> level = first;
        for (int steps = 0; !level.isEmpty(); steps++) {
            List<Long> next = new ArrayList<>();
            // What a version leads to is at the same distance, and joins the level while it is gone through.
            for (int i = 0; i < level.size(); i++) {
                long node = level.get(i);
                if (stepsLeft.get(node) != steps) {
                    continue;
                }
                for (Flow flow : into.getOrDefault(node, List.of())) {
                    int left = steps + (flow.relation().isVersion() ? 0 : 1);
                    if (left < stepsLeft.getOrDefault(flow.cause(), Integer.MAX_VALUE)) {
                        stepsLeft.put(flow.cause(), left);
                        (left == steps ? level : next).add(flow.cause());
                    }
                }
            }
            level = next;
        }
    }

    private void drawOut(Start cause) {
        Comparator<Partial> bySteps = Comparator.comparingInt(Partial::atLeastSteps);
        Comparator<Partial> byTime = Comparator.comparingLong(Partial::atLeastNs);
        PriorityQueue<Partial> queue = new PriorityQueue<>(search.by() == By.STEPS ? bySteps.thenComparing(byTime)
                : byTime.thenComparing(bySteps));
        for (long node : cause.nodes()) {
            if (out.containsKey(node)) {
                queue.add(new Partial(null, null, node, 0, Long.MAX_VALUE, stepsLeft.getOrDefault(node, 0), 0, 1));
            }
        }
        Set<List<Long>> drawn = new HashSet<>();
        for (int popped = 0; !queue.isEmpty(); popped++) {
            if (paths.size() == search.paths()) {
                stops.add("stopped at " + search.paths() + " paths (--paths): there are more");
                return;
            }
            if (popped == MAX_PARTIAL || queue.size() > MAX_PARTIAL || limits.patience().over()) {
                stops.add("stopped after looking at " + popped + " beginnings of paths: there may be more");
                return;
            }
            Partial partial = queue.poll();
            if (!drawn.add(List.of(partial.node(), partial.signature()))) {
                continue;
            }
            if (effects.contains(partial.node())) {
                if (drawn.add(List.of(partial.signature()))) {
                    paths.add(path(partial));
                }
                continue;
            }
            out.getOrDefault(partial.node(), List.of()).forEach(flow -> extend(queue, partial, flow));
        }
    }

    private void extend(PriorityQueue<Partial> queue, Partial partial, Flow flow) {
        if (!stepsLeft.containsKey(flow.effect()) || cycles && isOn(partial, flow.effect())) {
            return;
        }
        boolean version = flow.relation().isVersion();
        int steps = partial.steps() + (version ? 0 : 1);
        if (steps > limits.depth()) {
            return;
        }
        long firstNs = Math.min(partial.firstNs(), flow.timeNs());
        long lastNs = effects.contains(flow.effect()) ? flow.timeNs() : arrival.get(flow.effect());
        long signature = version ? partial.signature()
                : mixed(partial.signature(), view.object(flow.effect()) * 256 + flow.relation().ordinal());
        queue.add(new Partial(partial, flow, flow.effect(), steps, firstNs, steps + stepsLeft.get(flow.effect()),
                Math.max(0, lastNs - firstNs), signature));
    }

    /** True if the way to the end of {@code partial} leads over {@code node}. */
    private static boolean isOn(Partial partial, long node) {
        for (Partial at = partial; at != null; at = at.before()) {
            if (at.node() == node) {
                return true;
            }
        }
        return false;
    }

    private static long mixed(long signature, long more) {
        long h = (signature ^ more) * 0x9E3779B97F4A7C15L;
        return (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
    }

    private static List<Flow> path(Partial end) {
        List<Flow> path = new ArrayList<>();
        for (Partial at = end; at.flow() != null; at = at.before()) {
            path.add(at.flow());
        }
        Collections.reverse(path);
        return path;
    }
}
