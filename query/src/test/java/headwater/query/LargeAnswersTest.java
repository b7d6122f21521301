// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.format.AnswerFormat;
import headwater.query.format.JsonFormat;
import headwater.query.format.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Answers that are not held whole, limits of all sorts, all paths, and what is not followed. */
class LargeAnswersTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private MemoryGraph random() {
        Scene scene = new Scene();
        List<Long> objects = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            objects.add(i % 2 == 0 ? scene.file("/usr/include/f" + i) : scene.object(NodeKind.TASK));
        }
        for (int n = 0; n < 150; n++) {
            long file = objects.get(random.nextInt(6) * 2);
            long task = objects.get(random.nextInt(6) * 2 + 1);
            scene.flow(random.nextBoolean() ? Relation.READ : Relation.EXIT_STATUS, file, task);
            scene.flow(Relation.WRITE, task, objects.get(random.nextInt(6) * 2));
        }
        return scene.end().graph();
    }

    private static Start start(MemoryGraph graph, long object) {
        return new Start("hw:" + object, List.of(object), graph.versions(object), List.of());
    }

    @Test
    void shouldHaveTheSameNodesAndFlowsHoweverMuchIsHeld() {
        System.out.println("LargeAnswersTest seed=" + seed);
        for (int i = 0; i < 40; i++) {
            MemoryGraph graph = random();
            Start start = start(graph, random.nextInt(12));
            Limits limits = (random.nextBoolean() ? Limits.NONE : Limits.NONE.withDepth(3)).withKinds(random.nextBoolean() ? Set.of()
                    : Set.of(NodeKind.FILE));
            for (boolean report : new boolean[] {false, true}) {
                Answer small = report ? Report.of(graph, "x", start, limits) : Lineage.ancestors(graph, "x", start, limits);
                Answer large = report ? Report.of(graph, "x", start, limits.withDetail(2)) : Lineage.ancestors(graph, "x", start, limits.withDetail(2));
                if (large.extent() == null) {
                    continue;
                }
                Set<Long> nodes = new TreeSet<>();
                large.extent().eachNode(nodes::add);
                Set<Flow> flows = new HashSet<>();
                large.extent().eachFlow((edge, relation, cause, effect, timeNs) -> flows.add(new Flow(edge, relation, cause, effect, timeNs)));
                assertEquals(new TreeSet<>(LongStream.of(small.nodes()).boxed().toList()), nodes, () -> "seed=" + seed);
                assertEquals(new HashSet<>(small.flows()), flows, () -> "seed=" + seed + " report=" + report);
                assertEquals(List.of(small.nodeCount(), small.flowCount()), List.of(large.nodeCount(), large.flowCount()));
                assertEquals(LongStream.of(small.reached()).boxed().collect(Collectors.toSet()).size(), large.reached().length);
            }
        }
    }

    @Test
    void shouldPrintAPageOfALargeAnswerAndAllOfItAsJson() throws IOException {
        MemoryGraph graph = random();
        Answer answer = Lineage.ancestors(graph, "x", start(graph, 0), Limits.NONE.withDetail(5));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        new TextFormat().write(answer, AnswerFormat.Detail.DEFAULT, text);
        String page = text.toString(StandardCharsets.UTF_8);
        assertTrue(page.startsWith("A large answer: ") && page.contains("Files by folder") && page.contains("/usr/include"), page);
        assertTrue(page.contains("complete: nothing was lost; " + answer.nodeCount() + " nodes, " + answer.flowCount() + " edges"), page);
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        new JsonFormat().write(answer, AnswerFormat.Detail.DEFAULT, json);
        assertEquals(answer.nodeCount(), json.toString(StandardCharsets.UTF_8).split("\"id\":").length - 1);
    }

    @Test
    void shouldFollowAndShowWhatIsAskedFor() throws Exception {
        Scene scene = Scene.pipeline().end();
        MemoryGraph graph = scene.graph();
        Start start = start(graph, scene.file("/tmp/p.gz"));
        Clock clock = Clock.systemUTC();
        Answer shown = Lineage.ancestors(graph, "x", start, Limits.NONE.withWhere(NodeFilter.of("path.glob('/etc/*')", clock)));
        Labels labels = new Labels(graph);
        Set<String> names = new TreeSet<>();
        LongStream.of(shown.nodes()).forEach(node -> names.add(graph.kind(graph.object(node)) == NodeKind.PATH ? "" : labels.of(graph.object(node))));
        names.remove("");
        assertEquals(Set.of("/etc/passwd", "/etc/ld.so.cache", "/tmp/p.gz"), names);
        Answer followed = Lineage.ancestors(graph, "x", start, Limits.NONE.withFollow(FlowFilter.of("relation != 'exec' && cause.path != '/etc/passwd'",
                clock)));
        assertFalse(LongStream.of(followed.nodes()).anyMatch(node -> graph.object(node) == scene.file("/etc/passwd")));
        assertTrue(followed.stops().toString().contains("(--follow)"), followed.stops().toString());
        assertTrue(shown.stops().isEmpty());
    }

    @Test
    void shouldStopInTimeAndSayWhatIsKnown() {
        MemoryGraph graph = random();
        long[] clock = {0};
        Patience patience = Patience.of(5, () -> clock[0] += 6);
        Answer answer = Lineage.ancestors(graph, "x", start(graph, 0), Limits.NONE.withPatience(patience));
        assertFalse(answer.completeness().complete());
        assertTrue(answer.stops().getFirst().contains("(--time-limit): "), answer.stops().toString());
        Patience cancelled = Patience.endless();
        cancelled.cancel();
        Answer none = Lineage.ancestors(graph, "x", start(graph, 0), Limits.NONE.withPatience(cancelled));
        assertTrue(none.stops().getFirst().startsWith("interrupted (Ctrl-C): "), none.stops().toString());
        assertNull(Patience.endless().reason());
    }

    @Test
    void shouldListPathsBestFirst() {
        Scene scene = new Scene();
        long a = scene.file("/a");
        long b = scene.file("/b");
        long middle = scene.file("/m");
        long[] tasks = {scene.object(NodeKind.TASK), scene.object(NodeKind.TASK), scene.object(NodeKind.TASK)};
        scene.flow(Relation.READ, a, tasks[0]).flow(Relation.WRITE, tasks[0], middle);
        scene.advance(1_000_000_000);
        scene.flow(Relation.READ, a, tasks[1]);
        scene.flow(Relation.READ, middle, tasks[2]).flow(Relation.WRITE, tasks[2], b);
        scene.advance(9_000_000_000L);
        scene.flow(Relation.WRITE, tasks[1], b).flow(Relation.READ, a, tasks[1]).flow(Relation.WRITE, tasks[1], b);
        MemoryGraph graph = scene.end().graph();
        for (CausalPaths.By by : CausalPaths.By.values()) {
            Answer answer = Explain.all(graph, "a", start(graph, a), "b", start(graph, b), Limits.NONE, new CausalPaths.Search(by, 10));
            List<Integer> steps = answer.paths().stream().map(CausalPaths::steps).toList();
            List<Long> took = answer.paths().stream().map(path -> path.getLast().timeNs() - path.getFirst().timeNs()).toList();
            assertEquals(2, steps.size(), answer.paths().toString());
            assertEquals(List.of(2, 4), steps, by + " " + took);
            assertTrue(took.getFirst() < 100_000_000L, "the same task read again shortly before: " + took);
        }
        Answer one = Explain.all(graph, "a", start(graph, a), "b", start(graph, b), Limits.NONE, new CausalPaths.Search(CausalPaths.By.STEPS, 1));
        assertTrue(one.stops().contains("stopped at 1 paths (--paths): there are more"), one.stops().toString());
        assertEquals(1, one.paths().size());
    }
}
