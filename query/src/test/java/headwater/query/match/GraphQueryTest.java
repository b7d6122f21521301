// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.expression.ExpressionException;
import headwater.model.GraphView;
import headwater.query.FileNow;
import headwater.query.Labels;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.Patience;
import headwater.query.Scene;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphQueryTest {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
    static final FileNow.Lookup NOTHING = path -> new FileNow(path, path, false, false, 0, 0);

    private final GraphView graph = Scene.pipeline().end().graph();

    static List<List<Object>> ask(GraphView graph, String text, Limits limits) throws ExpressionException, NothingFoundException {
        List<List<Object>> rows = new ArrayList<>();
        GraphQuery.parse(text, CLOCK).ask(graph, NOTHING, limits, values -> rows.add(Arrays.asList(values)));
        return rows;
    }

    private List<String> rows(String text) throws ExpressionException, NothingFoundException {
        Labels labels = new Labels(graph);
        return ask(graph, text, Limits.NONE).stream().map(row -> String.join(" | ", row.stream()
                .map(value -> value instanceof Values.NodeValue node ? labels.of(node.object()) : value instanceof PathValue path
                        ? "path of " + path.length() : String.valueOf(value)).toList())).toList();
    }

    @Test
    void shouldFindWhoReadAFile() throws Exception {
        assertEquals(List.of("sort | 102 | /etc/passwd"), rows("MATCH (p:task)-[:read]->(f:file {path: \"/etc/passwd\"}) RETURN p.command, p.pid, f.path"));
        assertEquals(List.of("sort"), rows("match (f:file)<-[:read]-(p:task) where f.path = '/etc/passwd' return p.command"));
        assertEquals(List.of("gzip"), rows("MATCH (f:file {path: '/tmp/p.gz'})-[:write]->(p:task) RETURN p.command"));
    }

    @Test
    void shouldGoAlongSeveralFlowsInTime() throws Exception {
        List<String> files = rows("MATCH (g:file {path: '/tmp/p.gz'})-[*]->(f:file) RETURN f.path ORDER BY f.path");
        assertTrue(files.contains("/etc/passwd") && files.contains("/usr/bin/sort"), files.toString());
        assertEquals(files.stream().distinct().toList(), files, "each far end once");
        assertEquals(List.of(), rows("MATCH (g:file {path: '/etc/passwd'})-[*]->(f:file) RETURN f.path"));
        assertEquals(List.of("/tmp/p.gz"), rows("MATCH (g:file {path: '/etc/passwd'})<-[*]-(f:file) RETURN f.path"));
        assertEquals(List.of("sort | gzip"), rows("MATCH (w:task)-[:read]->(p:pipe)-[:write]->(r:task) RETURN r.command, w.command"));
        assertEquals(List.of("/etc/passwd | path of 4"), rows("MATCH way = (g:file {path: '/tmp/p.gz'})-[:read|write|memory_read|memory_write*4]->"
                + "(p:pipe), (f:file {path: '/etc/passwd'}) RETURN f.path, way").stream().limit(1).toList());
    }

    @Test
    void shouldHaveLineageOperators() throws Exception {
        List<String> all = rows("MATCH (f:file) WHERE f in ancestors('/tmp/p.gz') RETURN f.path");
        assertTrue(all.contains("/etc/passwd") && !all.contains("/tmp/p.gz"), all.toString());
        assertEquals(all, rows("MATCH (g {path: '/tmp/p.gz'}), (f:file) WHERE f IN ancestors(g) RETURN f.path"));
        assertEquals(List.of("/tmp/p.gz"), rows("MATCH (g:file) WHERE g in descendants('/etc/passwd') RETURN g.path"));
        assertEquals(List.of(), rows("MATCH (f:file) WHERE f in ancestors('/tmp/p.gz', until: '2026-11-20T09:00:00Z') RETURN f.path"));
        assertEquals(List.of(), rows("MATCH (f:file) WHERE f in ancestors('/tmp/p.gz', depth: 1) RETURN f.path"));
        assertEquals(List.of("path of 5"), rows("RETURN path('/etc/passwd', '/tmp/p.gz')").stream().map(s -> s.replaceAll("[0-9]+", "5")).toList());
        assertEquals(List.of("null"), rows("RETURN path('/tmp/p.gz', '/etc/passwd')"));
        assertThrows(NothingFoundException.class, () -> rows("MATCH (f) WHERE f in ancestors('/nowhere') RETURN f"));
    }

    @Test
    void shouldCountOrderAndLimit() throws Exception {
        assertEquals(List.of("3"), rows("MATCH (p:process_memory) WHERE p.command_line != null RETURN count(*)"));
        assertEquals(List.of("0"), rows("MATCH (p:socket) RETURN count(*)"));
        List<String> counted = rows("MATCH (p:task)-[:mmap_private]->(f:file) RETURN f.basename, count(DISTINCT p) AS users "
                + "ORDER BY users DESC, f.basename LIMIT 2");
        assertEquals(List.of("ld.so.cache | 3", "libc.so.6 | 3"), counted);
        assertEquals(List.of("libcrypto.so.3"), rows("MATCH (:task)-[:mmap_private]->(f:file) RETURN DISTINCT f.basename ORDER BY f.basename SKIP 2"));
        assertEquals(List.of("1"), rows("MATCH (p:task)-[r:read]->(f:file) WHERE r.time > '2026-11-20T10:00:00Z' RETURN count(r)"));
    }

    @Test
    void shouldPlanByTheIndex() throws Exception {
        List<String> plan = GraphQuery.parse("MATCH (p:task)-[:read]->(f:file {path: '/etc/passwd'}) WHERE p.pid > 100 RETURN p", CLOCK).plan(graph);
        assertEquals("find f by path in the index: 1 object", plan.getFirst());
        assertTrue(plan.get(2).startsWith("from f to the effects by read to p"), plan.toString());
        assertTrue(GraphQuery.parse("MATCH (f:file) WHERE f.path.endsWith('d') RETURN f", CLOCK).plan(graph).getFirst().contains("no index"));
    }

    @Test
    void shouldSayThatAnArrowPointsTheWrongWay() throws Exception {
        GraphQuery query = GraphQuery.parse("MATCH (f:file)-[:read]->(p:task) RETURN f", CLOCK);
        GraphQuery.Ending ending = query.ask(graph, NOTHING, Limits.NONE, values -> true);
        assertTrue(ending.notes().getFirst().contains("turn the arrow"), ending.toString());
    }

    @Test
    void shouldStopWhenToldTo() throws Exception {
        Patience patience = Patience.endless();
        List<Object> rows = new ArrayList<>();
        GraphQuery.Ending ending = GraphQuery.parse("MATCH (a), (b) RETURN a, b", CLOCK).ask(graph, NOTHING, Limits.NONE.withPatience(patience),
                values -> {
                    rows.add(values);
                    if (rows.size() == 3) {
                        patience.cancel();
                    }
                    return true;
                });
        assertEquals(3, rows.size());
        assertEquals(List.of("interrupted (Ctrl-C)"), ending.stops());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "MATCH (f:fil) RETURN f                            ^ 9  ^ unknown kind of node: fil, did you mean file?",
        "MATCH (f)-[:reed]->(g) RETURN f                   ^ 12 ^ unknown relation: reed, did you mean read?",
        "MATCH (f:file) WHERE f.pth = 'x' RETURN f         ^ 23 ^ a node has no field pth, did you mean path?",
        "MATCH (f:file) WHERE path = 'x' RETURN f          ^ 21 ^ unknown name: path",
        "MATCH (f:file) RETURN g                           ^ 22 ^ unknown name: g",
        "MATCH (f:file RETURN f                            ^ 14 ^ unexpected RETURN: want )",
        "MATCH (f)-[*]-(g) RETURN f                        ^ 9  ^ a step of several flows has a direction",
        "MATCH (f)<-[:read]->(g) RETURN f                  ^ 9  ^ an arrow has one head",
        "MATCH (f) WHERE f in ancestor(f) RETURN f         ^ 21 ^ unknown function: ancestor",
        "MATCH (f) WHERE f in ancestors(g) RETURN f        ^ 31 ^ there is no g",
        "MATCH (f) WHERE f in ancestors(f, dept: 2) RETURN f ^ 40 ^ did you mean depth?",
        "MATCH (f) WITH f RETURN f                         ^ 10 ^ WITH is Cypher's, and not of this language",
        "CREATE (f) RETURN f                               ^ 0  ^ CREATE is Cypher's",
        "MATCH (f)                                         ^ 50 ^ the text ends here: want",
        "MATCH (f) RETURN DISTINCT f ORDER BY f.path       ^ 39 ^ with DISTINCT or totals, ORDER BY is by a column",
        "MATCH (f)-[f]->(g) RETURN f                       ^ 9  ^ the name stands for something else already: f"})
    void shouldSayWhereAndWhat(String line) {
        String[] parts = line.split("\\^");
        ExpressionException e = assertThrows(ExpressionException.class, () -> GraphQuery.parse(parts[0].stripTrailing(), CLOCK));
        assertTrue(e.reason().contains(parts[2].strip()), e.getMessage());
        assertTrue(e.at() == Integer.parseInt(parts[1].strip()) || e.at() == parts[0].stripTrailing().length(), e.at() + " " + e.getMessage());
    }
}
