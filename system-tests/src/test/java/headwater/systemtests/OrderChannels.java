// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Two processes, on two CPUs where there are two, pass a token: the order of the steps is known, so the record must show each
 * one after the one before.
 */
final class OrderChannels {
    private static final int STEPS = 4000;

    /** Edges from one write back to the one before: write, version, read, and the versions between. */
    private static final int STEP_DEPTH = 8;

    private OrderChannels() {
    }

    static List<Scenario> all() {
        return of(STEPS);
    }

    /**
     * The scenarios.
     *
     * @param pipeSteps how often the token is passed by pipes; half as often by the file
     */
    static List<Scenario> of(int pipeSteps) {
        int fileSteps = pipeSteps / 2;
        return List.of(
                Scenario.of("ping-pong-pipes", "pipes, a token to and fro",
                        "each of " + pipeSteps + " steps follows from the one before", "pingpong pipes " + pipeSteps + " end\n")
                        .expect("each step follows from the one before", graph -> {
                            List<GraphView.Edge> steps = new ArrayList<>();
                            for (long pipe : pipesBefore(graph, "end.1")) {
                                steps.addAll(writes(graph.view(), pipe));
                            }
                            assertChain(graph.view(), steps, pipeSteps);
                        }),
                Scenario.of("ping-pong-file", "a file, a token to and fro",
                        "each of " + fileSteps + " steps follows from the one before", "pingpong file " + fileSteps + " end shared\n")
                        .expect("each step follows from the one before", graph -> {
                            // The first step adds nothing: the player has taken nothing in since it made the file.
                            Set<Long> shared = graph.objects("shared");
                            assertEquals(1, shared.size(), "objects named shared");
                            assertChain(graph.view(), writes(graph.view(), shared.iterator().next()), fileSteps - 1);
                        }));
    }

    /** The pipes among the ancestors of {@code path}, but for what was there before the scenario. */
    private static Set<Long> pipesBefore(RecordedGraph graph, String path) {
        Set<Long> pipes = new HashSet<>();
        for (long object : graph.objects(graph.ancestors(path))) {
            if (graph.view().kind(object) == headwater.model.NodeKind.PIPE && writes(graph.view(), object).size() > 1) {
                pipes.add(object);
            }
        }
        return pipes;
    }

    private static List<GraphView.Edge> writes(GraphView view, long object) {
        List<GraphView.Edge> writes = new ArrayList<>();
        for (long node : view.versions(object)) {
            view.causes(node, (edge, relation, other, timeNs) -> {
                if (relation == Relation.WRITE) {
                    writes.add(view.edge(edge));
                }
                return true;
            });
        }
        return writes;
    }

    private static void assertChain(GraphView view, List<GraphView.Edge> steps, int count) {
        steps.sort(Comparator.comparingLong(GraphView.Edge::number));
        assertEquals(count, steps.size(), "recorded steps");
        for (int i = 1; i < steps.size(); i++) {
            GraphView.Edge before = steps.get(i - 1);
            GraphView.Edge step = steps.get(i);
            int number = i;
            assertTrue(step.timeNs() > before.timeNs(), () -> "times of steps " + number + " and the one before: " + before
                    + ", " + step);
            assertNotEquals(view.object(before.cause()), view.object(step.cause()), () -> "who makes step " + number);
            assertTrue(isBefore(view, before.effect(), step.cause()), () -> "step " + number
                    + " does not follow from the one before: " + before + ", " + step);
        }
    }

    /** True if {@code cause} is an ancestor of {@code effect}, a few edges away. */
    private static boolean isBefore(GraphView view, long cause, long effect) {
        Set<Long> level = Set.of(effect);
        for (int depth = 0; depth < STEP_DEPTH && !level.isEmpty(); depth++) {
            Set<Long> next = new HashSet<>();
            for (long node : level) {
                view.causes(node, (edge, relation, other, timeNs) -> next.add(other) || true);
            }
            if (next.contains(cause)) {
                return true;
            }
            level = next;
        }
        return false;
    }
}
