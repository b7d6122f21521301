// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Answers over a captured session and an imported one, whose edges have cycles, stand in any order, and are older than their import. */
class ImportedAnswersTest {
    private static final int THINGS = 14;
    private static final long CAPTURED_NS = 1_000;
    private static final long IMPORTED_NS = 5_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** Objects 0 and 1 were captured, one flow between them; then come {@value #THINGS} imported ones. */
    private MemoryGraph graph() {
        MemoryGraph graph = new MemoryGraph();
        graph.sessionStart(new Session(1, "boot", 1, 7, "trace", "tree", "sort", CAPTURED_NS, 0));
        graph.node(0, 0, 0, NodeKind.FILE, CAPTURED_NS);
        graph.node(1, 1, 0, NodeKind.TASK, CAPTURED_NS);
        graph.edge(0, Relation.READ, 0, 1, CAPTURED_NS + 1, 1, 0, -1);
        graph.sessionEnd(CAPTURED_NS + 2);
        graph.sessionStart(new Session(2, "import-1", 2, 7, Session.IMPORT, "spade", "old.json", IMPORTED_NS, 0));
        for (int i = 2; i < 2 + THINGS; i++) {
            graph.node(i, i, 0, i % 2 == 0 ? NodeKind.FILE : NodeKind.TASK, random.nextInt(100));
            graph.attribute(i, Attribute.IMPORTED, 2, IMPORTED_NS);
        }
        for (int edge = 1; edge < 30; edge++) {
            graph.edge(edge, Relation.WAS_DERIVED_FROM, 2 + random.nextInt(THINGS), 2 + random.nextInt(THINGS), random.nextInt(100), -1, 0, -1);
        }
        graph.sessionEnd(IMPORTED_NS);
        return graph;
    }

    private static Start start(GraphView graph, long object) {
        return new Start("hw:" + object, List.of(object), graph.versions(object), List.of());
    }

    private static Set<Long> reached(MemoryGraph graph, long from) {
        Set<Long> reached = new TreeSet<>(Set.of(from));
        Deque<Long> waiting = new ArrayDeque<>(reached);
        while (!waiting.isEmpty()) {
            graph.effects(waiting.poll(), (edge, relation, other, timeNs) -> {
                if (reached.add(other)) {
                    waiting.add(other);
                }
                return true;
            });
        }
        return reached;
    }

    @Test
    void shouldReportWhatLiesOnAWayToAFileHoweverMuchIsHeld() {
        int large = 0;
        for (int i = 0; i < 200; i++) {
            MemoryGraph graph = graph();
            long from = 2 + random.nextInt(THINGS);
            Set<Long> want = new TreeSet<>();
            for (long node : reached(graph, from)) {
                if (node == from || reached(graph, node).stream().anyMatch(end -> end != from && end % 2 == 0 && isEffect(graph, end))) {
                    want.add(node);
                }
            }
            Answer small = Report.of(graph, "x", start(graph, from), Limits.NONE);
            assertEquals(want, new TreeSet<>(LongStream.of(small.nodes()).boxed().toList()), () -> "seed=" + seed);
            Answer cut = Report.of(graph, "x", start(graph, from), Limits.NONE.withDetail(2));
            if (cut.extent() != null) {
                large++;
                Set<Long> nodes = new TreeSet<>();
                cut.extent().eachNode(nodes::add);
                assertEquals(want, nodes, () -> "seed=" + seed);
            }
        }
        assertTrue(large > 50, "large answers: " + large + ", seed=" + seed);
    }

    private static boolean isEffect(MemoryGraph graph, long node) {
        boolean[] any = {false};
        graph.causes(node, (edge, relation, other, timeNs) -> {
            any[0] = true;
            return false;
        });
        return any[0];
    }

    @Test
    void shouldDrawOutPathsThatMeetNothingTwice() {
        for (int i = 0; i < 200; i++) {
            MemoryGraph graph = graph();
            long from = 2 + random.nextInt(THINGS);
            long to = 2 + (from - 2 + 1 + random.nextInt(THINGS - 1)) % THINGS;
            Answer answer = Explain.all(graph, "a", start(graph, from), "b", start(graph, to), Limits.NONE,
                    new CausalPaths.Search(CausalPaths.By.STEPS, 1000));
            boolean reaches = reached(graph, from).contains(to) || reached(graph, to).contains(from);
            assertEquals(reaches, !answer.paths().isEmpty(), () -> "seed=" + seed);
            for (List<Flow> path : answer.paths()) {
                Set<Long> met = new HashSet<>(Set.of(path.getFirst().cause()));
                for (int at = 0; at < path.size(); at++) {
                    assertTrue(met.add(path.get(at).effect()), () -> "seed=" + seed + " path=" + path);
                    assertEquals(at == 0 ? path.getFirst().cause() : path.get(at - 1).effect(), path.get(at).cause(), () -> "seed=" + seed);
                }
            }
        }
    }

    @Test
    void shouldBeKnownFromTheImportOn() throws NothingFoundException {
        AttributeHistory.Log none = new AttributeHistory.Log() {
            @Override
            public void since(long fromNs, GraphSink sink) {
                // Nothing was said later.
            }

            @Override
            public void until(long toNs, GraphSink sink) {
                // Nothing is asked that was said earlier.
            }
        };
        GraphView before = AsOfView.of(graph(), IMPORTED_NS - 1, none);
        assertEquals(List.of(2L, 2L, 1L), List.of(before.objects(), before.nodes(), before.edges()));
        GraphView after = AsOfView.of(graph(), IMPORTED_NS, none);
        assertEquals(List.of(2L + THINGS, 2L + THINGS, 30L), List.of(after.objects(), after.nodes(), after.edges()));
    }

    @Test
    void shouldBeOfTheSessionThatImportedIt() throws Exception {
        MemoryGraph graph = graph();
        assertArrayEquals(LongStream.range(2, 2 + THINGS).toArray(), nodes(graph, "session == 2"));
        assertArrayEquals(new long[] {0, 1}, nodes(graph, "session == 1"));
        assertArrayEquals(LongStream.range(2, 2 + THINGS).toArray(), nodes(graph, "imported == 2"));
    }

    private static long[] nodes(MemoryGraph graph, String where) throws Exception {
        return LongStream.range(0, graph.nodes()).filter(NodeFilter.of(where, Clock.systemUTC()).on(graph)).toArray();
    }
}
