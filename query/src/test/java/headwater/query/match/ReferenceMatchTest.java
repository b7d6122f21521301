// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.MemoryGraph;
import headwater.query.Reach;
import headwater.query.Scene;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random graphs, and answers to patterns on them beside those of a model that tries every edge with every other. */
class ReferenceMatchTest {
    private static final int GRAPHS = 60;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private MemoryGraph graph;

    private void draw() {
        Scene scene = new Scene();
        List<Long> files = new ArrayList<>();
        List<Long> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            files.add(scene.file("/f" + i));
            tasks.add(scene.object(NodeKind.TASK));
        }
        for (int n = 10 + random.nextInt(40); n > 0; n--) {
            long file = files.get(random.nextInt(files.size()));
            long task = tasks.get(random.nextInt(tasks.size()));
            if (random.nextBoolean()) {
                scene.flow(Relation.READ, file, task);
            } else {
                scene.flow(Relation.WRITE, task, file);
            }
        }
        graph = scene.end().graph();
    }

    private List<List<Object>> ask(String text) throws Exception {
        return GraphQueryTest.ask(graph, text, Limits.NONE);
    }

    private List<Edge> edges(Relation relation) {
        List<Edge> edges = new ArrayList<>();
        for (long i = 0; i < graph.edges(); i++) {
            if (graph.edge(i).relation() == relation) {
                edges.add(graph.edge(i));
            }
        }
        return edges;
    }

    @Test
    void shouldFindThePairsThatTheModelFinds() throws Exception {
        System.out.println("ReferenceMatchTest seed=" + seed);
        int rows = 0;
        for (int i = 0; i < GRAPHS; i++) {
            draw();
            Set<List<Object>> through = new HashSet<>();
            Set<List<Object>> both = new HashSet<>();
            for (Edge write : edges(Relation.WRITE)) {
                for (Edge read : edges(Relation.READ)) {
                    // file -write-> task -read-> file: what was read by then.
                    if (graph.object(write.cause()) == graph.object(read.effect()) && read.effect() <= write.cause()) {
                        through.add(List.of(write.number(), read.number()));
                    }
                    // task -read-> file <-... no: file -write-> task, and task -read-> another file, at any time.
                    if (graph.object(write.cause()) == graph.object(read.effect())) {
                        both.add(List.of(write.number(), read.number()));
                    }
                }
            }
            List<List<Object>> found = ask("MATCH (a)-[w:write]->(t)-[r:read]->(b) RETURN w.number, r.number");
            assertEquals(through, new HashSet<>(found), () -> "seed=" + seed);
            assertEquals(through.size(), found.size(), () -> "seed=" + seed);
            // From the other end the same is found, however it is planned.
            assertEquals(through, new HashSet<>(ask("MATCH (b)<-[r:read]-(t)<-[w:write]-(a) RETURN w.number, r.number")), () -> "seed=" + seed);
            assertEquals(both, new HashSet<>(ask("MATCH (a)-[w:write]->(t), (t)-[r:read]->(b) RETURN w.number, r.number")), () -> "seed=" + seed);
            rows += found.size();
        }
        assertTrue(rows > GRAPHS, "too little was found to show anything: " + rows);
    }

    @Test
    void shouldFindTheFarEndsThatTheModelFinds() throws Exception {
        System.out.println("ReferenceMatchTest seed=" + seed);
        int rows = 0;
        for (int i = 0; i < GRAPHS; i++) {
            draw();
            int min = random.nextInt(4);
            int max = min + random.nextInt(3);
            for (long start = 0; start < graph.objects(); start++) {
                for (boolean causes : new boolean[] {true, false}) {
                    String id = "hw:" + start;
                    String step = "[:read|write*" + min + ".." + max + "]";
                    String text = "MATCH (a {id: '" + id + "'})" + (causes ? "-" + step + "->" : "<-" + step + "-") + "(b) RETURN b.object";
                    Set<Long> found = new TreeSet<>();
                    List<List<Object>> all = ask(text);
                    all.forEach(row -> found.add((Long) row.getFirst()));
                    assertEquals(farEnds(start, min, max, causes), found, () -> text + " seed=" + seed);
                    assertEquals(found.size(), all.size(), () -> text + " seed=" + seed);
                    rows += all.size();
                }
            }
        }
        assertTrue(rows > GRAPHS, "too little was found to show anything: " + rows);
    }

    /** The objects at the ends of walks of so many flows: level by level, all versions that can be come to. */
    private Set<Long> farEnds(long start, int min, int max, boolean causes) {
        Set<Long> ends = new TreeSet<>();
        Set<Long> level = new TreeSet<>();
        for (long node : graph.versions(start)) {
            level.add(node);
        }
        if (min == 0) {
            ends.add(start);
        }
        for (int depth = 1; depth <= max; depth++) {
            Set<Long> at = new TreeSet<>();
            for (long node : level) {
                for (long version : graph.versions(graph.object(node))) {
                    if (causes ? version <= node : version >= node) {
                        at.add(version);
                    }
                }
            }
            Set<Long> next = new TreeSet<>();
            for (long i = 0; i < graph.edges(); i++) {
                Edge edge = graph.edge(i);
                boolean flow = edge.relation() == Relation.READ || edge.relation() == Relation.WRITE;
                if (flow && at.contains(causes ? edge.effect() : edge.cause())) {
                    next.add(causes ? edge.cause() : edge.effect());
                }
            }
            level = next;
            if (depth >= min) {
                next.forEach(node -> ends.add(graph.object(node)));
            }
        }
        return ends;
    }

    @Test
    void shouldHaveTheLineageThatTheVerbsHave() throws Exception {
        System.out.println("ReferenceMatchTest seed=" + seed);
        for (int i = 0; i < GRAPHS; i++) {
            draw();
            for (long start = 0; start < graph.objects(); start++) {
                for (Lineage.Direction direction : Lineage.Direction.values()) {
                    Reach reach = Reach.of(graph, direction, graph.versions(start), Limits.NONE);
                    Set<Long> wanted = new TreeSet<>();
                    for (long object = reach.nextObject(0); object >= 0; object = reach.nextObject(object + 1)) {
                        wanted.add(object);
                    }
                    wanted.remove(start);
                    String operator = direction == Lineage.Direction.CAUSES ? "ancestors" : "descendants";
                    Set<Long> found = new TreeSet<>();
                    ask("MATCH (a) WHERE a in " + operator + "('hw:" + start + "') RETURN a.object").forEach(row -> found.add((Long) row.getFirst()));
                    assertEquals(wanted, found, () -> "seed=" + seed);
                    found.clear();
                    ask("MATCH (a), (b {id: 'hw:" + start + "'}) WHERE a in " + operator + "(b) RETURN a.object")
                            .forEach(row -> found.add((Long) row.getFirst()));
                    assertEquals(wanted, found, () -> "seed=" + seed);
                }
            }
        }
    }
}
