// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongBiFunction;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.PathExpanders;
import org.neo4j.graphdb.RelationshipType;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;
import org.neo4j.graphdb.traversal.Evaluators;
import org.neo4j.graphdb.traversal.Uniqueness;
import org.neo4j.io.ByteUnit;

/**
 * Asks an embedded Neo4j for ancestors, for {@code dev/bench store --databases}. The edges were put into its home by
 * {@code neo4j-admin database import} before, as nodes {@code Node} with a {@code number} and relationships
 * {@code CAUSE} from effect to cause. It is among the tests because Neo4j is under GPL-3.0 and no part of what ships.
 *
 * <pre>
 * HOME index                  makes the index over the numbers; prints the seconds that took
 * HOME cypher QUESTIONS       asks, once the answers of some rounds are thrown away; prints milliseconds, one a line
 * HOME traversal QUESTIONS    the same by the traversal framework
 * </pre>
 *
 * A question is a line of a node's number and how many ancestors it has. A wrong answer ends it with an exception.
 */
public final class Neo4jBench {
    private static final Label NODE = Label.label("Node");
    private static final RelationshipType CAUSE = RelationshipType.withName("CAUSE");
    private static final String NUMBER = "number";
    /** Because the ends are distinct the planner prunes paths to nodes that were seen: there are too many to count. */
    private static final String CYPHER =
            "MATCH (:Node {number: $number})-[:CAUSE*]->(ancestor) RETURN count(DISTINCT ancestor) AS count";
    /** Rounds that are not timed: the JVM compiles, and the page cache fills. */
    private static final int WARM_UP = 3;

    private record Question(long number, long ancestors) {
    }

    private Neo4jBench() {
    }

    public static void main(String[] arguments) throws IOException {
        DatabaseManagementService service = new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
                .setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.gibiBytes(1)).build();
        try {
            GraphDatabaseService database = service.database(GraphDatabaseSettings.DEFAULT_DATABASE_NAME);
            switch (arguments[1]) {
                case "index" -> index(database);
                case "cypher" -> ask(database, questions(Path.of(arguments[2])), Neo4jBench::cypher);
                case "traversal" -> ask(database, questions(Path.of(arguments[2])), Neo4jBench::traversal);
                default -> throw new IllegalArgumentException("unknown command: " + arguments[1]);
            }
        } finally {
            service.shutdown();
        }
    }

    private static void index(GraphDatabaseService database) {
        long start = System.nanoTime();
        try (Transaction transaction = database.beginTx()) {
            transaction.schema().indexFor(NODE).on(NUMBER).create();
            transaction.commit();
        }
        try (Transaction transaction = database.beginTx()) {
            transaction.schema().awaitIndexesOnline(1, TimeUnit.HOURS);
        }
        System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - start) / 1e9);
    }

    private static List<Question> questions(Path file) throws IOException {
        List<Question> questions = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            String[] words = line.split(" ");
            questions.add(new Question(Long.parseLong(words[0]), Long.parseLong(words[1])));
        }
        return questions;
    }

    private static void ask(GraphDatabaseService database, List<Question> questions,
            ToLongBiFunction<Transaction, Long> way) {
        for (int round = 0; round <= WARM_UP; round++) {
            for (Question one : questions) {
                long start = System.nanoTime();
                long count;
                try (Transaction transaction = database.beginTx()) {
                    count = way.applyAsLong(transaction, one.number);
                }
                double ms = (System.nanoTime() - start) / 1e6;
                if (count != one.ancestors) {
                    throw new IllegalStateException("wrong answer: node=" + one.number + ", ancestors=" + count
                            + ", want=" + one.ancestors);
                }
                if (round == WARM_UP) {
                    System.out.printf(Locale.ROOT, "%.4f%n", ms);
                }
            }
        }
    }

    private static long cypher(Transaction transaction, long number) {
        try (Result result = transaction.execute(CYPHER, Map.of(NUMBER, number))) {
            return (Long) result.next().get("count");
        }
    }

    @SuppressWarnings("deprecation")
    private static long traversal(Transaction transaction, long number) {
        long count = 0;
        for (var _ : transaction.traversalDescription().breadthFirst().uniqueness(Uniqueness.NODE_GLOBAL)
                .expand(PathExpanders.forTypeAndDirection(CAUSE, Direction.OUTGOING))
                .evaluator(Evaluators.excludeStartPosition())
                .traverse(transaction.findNode(NODE, NUMBER, number))) {
            count++;
        }
        return count;
    }
}
