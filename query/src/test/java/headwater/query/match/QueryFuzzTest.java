// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.expression.ExpressionException;
import headwater.model.GraphView;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.Patience;
import headwater.query.Scene;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.neo4j.cypherdsl.parser.CypherParser;

/** Whatever the text, a query is answered or refused with a place; what Cypher and this language have in common, Cypher reads too. */
class QueryFuzzTest {
    private static final GraphView GRAPH = Scene.pipeline().end().graph();
    private static final String[] WORDS = {"MATCH", "(f:file)", "(p)", "(p:task {pid: 102})", "-[:read]->", "<-[r:write]-", "-[*]->", "-[*1..2]-",
        "--", "-->", "WHERE", "f.path", "=", "'/etc/passwd'", "AND", "f in ancestors('/tmp/p.gz')", "p in descendants(f)", "RETURN", "f", "p", "r",
        "count(*)", "count(DISTINCT p)", "DISTINCT", "ORDER BY", "LIMIT 3", "SKIP 1", ",", "AS x", "path(f, p)", "way =", "(", "[", "{", "}", "\u0007"};

    @FuzzTest
    void answersOrRefuses(byte[] bytes) {
        isAnswered(new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    void shouldSurviveAnyMixOfWords() {
        long seed = System.nanoTime();
        System.out.println("QueryFuzzTest seed=" + seed);
        Random random = new Random(seed);
        int answered = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "" : "MATCH (f:file)");
            for (int n = random.nextInt(10); n > 0; n--) {
                text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
            }
            answered += isAnswered(text + (random.nextBoolean() ? " RETURN f" : "")) ? 1 : 0;
        }
        assertTrue(answered > 100, "too few were answered to show anything: " + answered);
    }

    private static boolean isAnswered(String text) {
        try {
            GraphQuery query = GraphQuery.parse(text, GraphQueryTest.CLOCK);
            int columns = query.columns().size();
            int[] rows = {0};
            query.plan(GRAPH);
            query.ask(GRAPH, GraphQueryTest.NOTHING, Limits.NONE.withPatience(Patience.of(50_000_000, System::nanoTime)), values -> {
                assertEquals(columns, values.length);
                return ++rows[0] < 50;
            });
            return true;
        } catch (ExpressionException e) {
            assertTrue(e.at() >= 0 && e.at() <= text.length() && !e.reason().isBlank(), text);
            return false;
        } catch (NothingFoundException e) {
            return true;
        }
    }

    @Test
    void shouldBeReadByCypherWhereItIsCypher() throws ExpressionException {
        for (String text : List.of("MATCH (p:task)-[:read]->(f:file {path: \"/etc/shadow\"}) RETURN p.command, p.pid AS pid ORDER BY p.pid DESC LIMIT 10",
                "MATCH (p:task)-[:read*1..5]->(f:file) WHERE f.path STARTS WITH '/etc' AND NOT p.uid = 0 OR p.uid IS NULL RETURN DISTINCT p",
                "MATCH way = (a)<-[*2..]-(b:socket), (b)--(c) WHERE a.size >= 10 AND b.port IN [80, 443] RETURN way, count(*) SKIP 3",
                "MATCH (p:task)-[r:read|write]->(f) WHERE r.time > 3 AND f.path CONTAINS 'x' RETURN count(DISTINCT p)")) {
            assertDoesNotThrow(() -> CypherParser.parse(text), text);
            if (!text.contains("r.time")) {
                GraphQuery.parse(text, GraphQueryTest.CLOCK);
            }
        }
    }
}
