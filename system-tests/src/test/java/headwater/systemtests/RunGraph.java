// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.LongStream;

/**
 * The part of a record that one process and its children drew, without what tells one run from another: how many nodes there
 * are of each kind, and how many edges of each relation. Versions are nodes.
 */
final class RunGraph {
    private final Map<NodeKind, Integer> nodes = new EnumMap<>(NodeKind.class);
    private final Map<Relation, Integer> edges = new EnumMap<>(Relation.class);

    private RunGraph() {
    }

    /** All that the process {@code pid} and its descendants drew. */
    static RunGraph of(GraphView view, long pid) {
        RunGraph graph = new RunGraph();
        Set<Long> tasks = family(view, pid);
        long start = tasks.stream().mapToLong(task -> view.timeNs(view.versions(task)[0])).min()
                .orElseThrow(() -> new AssertionError("no such process in the record: pid=" + pid));
        long end = tasks.stream().flatMapToLong(task -> LongStream.of(view.versions(task))).map(view::timeNs).max().orElseThrow();
        Set<Long> ends = new HashSet<>();
        for (long number = firstSince(view, start); number < view.edges() && view.edge(number).timeNs() <= end; number++) {
            GraphView.Edge edge = view.edge(number);
            if (actor(view, edge, tasks)) {
                graph.edges.merge(edge.relation(), 1, Integer::sum);
                ends.add(edge.cause());
                ends.add(edge.effect());
            }
        }
        ends.forEach(node -> graph.nodes.merge(view.kind(view.object(node)), 1, Integer::sum));
        return graph;
    }

    /** The number of the first edge that is not older; edges are in the order of time. */
    private static long firstSince(GraphView view, long timeNs) {
        long low = 0;
        long high = view.edges();
        while (low < high) {
            long middle = low + high >>> 1;
            if (view.edge(middle).timeNs() < timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean actor(GraphView view, GraphView.Edge edge, Set<Long> tasks) {
        if (edge.task() >= 0) {
            return tasks.contains(view.object(edge.task()));
        }
        // What is told rather than done, such as arguments: by the memory that it is told of.
        boolean[] own = {false};
        for (long node : view.versions(view.object(edge.effect()))) {
            view.causes(node, (number, relation, other, timeNs) -> {
                long task = view.edge(number).task();
                own[0] |= task >= 0 && tasks.contains(view.object(task));
                return !own[0];
            });
        }
        return own[0];
    }

    /** The tasks of the process, and of those that it made. */
    private static Set<Long> family(GraphView view, long pid) {
        Set<Long> tasks = new HashSet<>();
        for (long object : view.find(Attribute.TGID, pid)) {
            if (view.kind(object) == NodeKind.TASK) {
                tasks.add(object);
            }
        }
        for (boolean more = true; more;) {
            Set<Long> children = new HashSet<>();
            for (long task : tasks) {
                for (long node : view.versions(task)) {
                    view.effects(node, (edge, relation, other, timeNs) -> {
                        if (relation == Relation.CLONE) {
                            children.add(view.object(other));
                        }
                        return true;
                    });
                }
            }
            more = tasks.addAll(children);
        }
        return tasks;
    }

    /**
     * What this one has more than {@code background}: {@code "path / open, named"}, kinds of nodes before the stroke, relations
     * after it, each with its count if that is not one, in the order of their enums; empty if there is nothing.
     */
    String added(RunGraph background) {
        String kinds = words(nodes, background.nodes);
        String relations = words(edges, background.edges);
        return kinds.isEmpty() && relations.isEmpty() ? "" : (kinds + " / " + relations).strip();
    }

    private static <E extends Enum<E>> String words(Map<E, Integer> all, Map<E, Integer> less) {
        StringJoiner words = new StringJoiner(", ");
        all.forEach((what, count) -> {
            int more = count - less.getOrDefault(what, 0);
            if (more > 0) {
                words.add(text(what) + (more == 1 ? "" : " ×" + more));
            }
        });
        return words.toString();
    }

    private static String text(Enum<?> what) {
        return what instanceof NodeKind kind ? kind.text() : ((Relation) what).text();
    }
}
