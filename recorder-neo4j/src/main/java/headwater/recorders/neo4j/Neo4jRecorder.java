// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.neo4j;

import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.outputs.Stop;
import headwater.recorders.CommitRule;
import headwater.recorders.Recorded;
import headwater.recorders.Recorder;
import headwater.recorders.RecorderSpec;
import headwater.store.log.BlockHash;
import headwater.store.log.LogBlock;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.exceptions.Neo4jException;

/**
 * Keeps rows of several blocks in memory and hands them to the server in one transaction, with the number of blocks.
 * For one thread.
 */
final class Neo4jRecorder implements Recorder {
    /** What one query gets. */
    private static final int ROWS = 10_000;
    private static final CommitRule RULE = new CommitRule(20_000, 0);
    private static final List<String> SCHEMA = List.of(
            "CREATE CONSTRAINT headwater_store IF NOT EXISTS FOR (s:Store) REQUIRE s.store IS UNIQUE",
            "CREATE CONSTRAINT headwater_version IF NOT EXISTS FOR (v:Version) REQUIRE (v.store, v.node) IS UNIQUE",
            "CREATE CONSTRAINT headwater_object IF NOT EXISTS FOR (o:Object) REQUIRE (o.store, o.object) IS UNIQUE",
            "CREATE CONSTRAINT headwater_session IF NOT EXISTS FOR (s:Session) REQUIRE (s.store, s.number) IS UNIQUE",
            "CREATE TEXT INDEX headwater_name IF NOT EXISTS FOR (o:Object) ON (o.name)",
            "CREATE TEXT INDEX headwater_pathname IF NOT EXISTS FOR (o:Object) ON (o.pathname)",
            "CREATE INDEX headwater_pid IF NOT EXISTS FOR (o:Object) ON (o.pid)",
            "CREATE INDEX headwater_time IF NOT EXISTS FOR (v:Version) ON (v.time)");

    /** What goes wrong is in the exceptions; the driver's own log goes nowhere. Held, or it would be forgotten. */
    private static final Logger LOG = Logger.getLogger("org.neo4j.driver");

    static {
        LOG.setLevel(Level.OFF);
    }

    private final RecorderSpec spec;
    private final GraphRows rows = new GraphRows();
    private Driver driver;
    private Session session;
    private String store;
    private Recorded has;

    Neo4jRecorder(RecorderSpec spec) {
        this.spec = spec;
    }

    @Override
    public Recorded open(UUID id, Stop stop) throws IOException {
        store = id.toString();
        rows.clear();
        String password = spec.secret("password");
        AuthToken token = password == null ? AuthTokens.none() : AuthTokens.basic(spec.setting("user", "neo4j"),
                password);
        try {
            driver = GraphDatabase.driver(spec.required("address"), token, Config.builder().withUserAgent("headwater")
                    .withConnectionTimeout(10, TimeUnit.SECONDS)
                    .withConnectionAcquisitionTimeout(15, TimeUnit.SECONDS).withMaxConnectionPoolSize(2).build());
            String database = spec.setting("database", "");
            session = driver.session(database.isEmpty() ? SessionConfig.defaultConfig()
                    : SessionConfig.forDatabase(database));
            for (String command : SCHEMA) {
                session.run(command).consume();
            }
            Recorded nothing = Recorded.nothing(id);
            session.run("MERGE (s:Store {store: $store}) ON CREATE SET s.blocks = 0, s.hash = $hash",
                    Map.of("store", store, "hash", nothing.hash().toString())).consume();
            Record row = session.run("MATCH (s:Store {store: $store}) RETURN s.blocks AS blocks, s.hash AS hash",
                    Map.of("store", store))
                    .single();
            has = new Recorded(row.get("blocks").asLong(), BlockHash.parse(row.get("hash").asString()));
            return has;
        } catch (Neo4jException | IllegalArgumentException e) {
            throw refused(e);
        }
    }

    @Override
    public CommitRule commitRule() {
        return RULE;
    }

    @Override
    public void take(LogBlock block, Stop stop) throws IOException {
        rows.block(block.number(), block.firstObject());
        Recorder.replay(block, rows);
    }

    @Override
    public void commit(Recorded all, Stop stop) throws IOException {
        try (Transaction transaction = session.beginTransaction()) {
            // Writing it first keeps any other recorder out until this one is through.
            long blocks = transaction.run("MATCH (s:Store {store: $store}) SET s.recorded = datetime() RETURN s.blocks AS blocks",
                    Map.of("store", store)).single().get("blocks").asLong();
            if (blocks != has.blocks()) {
                throw new IOException("another recorder records this store: store=" + store + ", blocks=" + blocks
                        + ", this one was at blocks="
                        + has.blocks());
            }
            write(transaction);
            transaction.run("MATCH (s:Store {store: $store}) SET s.blocks = $blocks, s.hash = $hash",
                    Map.of("store", store, "blocks", all.blocks(), "hash", all.hash().toString())).consume();
            transaction.commit();
            has = all;
            rows.clear();
        } catch (Neo4jException e) {
            throw refused(e);
        }
    }

    private void write(Transaction transaction) {
        unwind(transaction, "CREATE (o:Object {store: $store, object: row.object, kind: row.kind})", rows.objects);
        for (Map.Entry<NodeKind, List<Map<String, Object>>> kind : rows.nodes.entrySet()) {
            // Labels and types are words of our own, never what was recorded.
            unwind(transaction,
                    "MATCH (o:Object {store: $store, object: row.object}) CREATE (o)-[:HAS_VERSION]->(:Version:"
                    + kind.getKey().provClass().spadeType() + ":" + kind.getKey().text()
                    + " {store: $store, node: row.node,"
                    + " object: row.object, version: row.version, time: row.time})", kind.getValue());
        }
        for (Map.Entry<Relation, List<Map<String, Object>>> relation : rows.edges.entrySet()) {
            unwind(transaction,
                    "MATCH (effect:Version {store: $store, node: row.effect}) MATCH (cause:Version {store: $store,"
                    + " node: row.cause}) CREATE (effect)-[e:`" + relation.getKey().text()
                    + "`]->(cause) SET e = row.properties",
                    relation.getValue());
        }
        unwind(transaction, "MATCH (o:Object {store: $store, object: row.object}) SET o += row.values",
                rows.values.entrySet().stream()
                .map(object -> Map.<String, Object>of("object", object.getKey(), "values", object.getValue()))
                .toList());
        for (Map<String, Object> change : rows.sessions) {
            String query = change.containsKey("end")
                    ? "MATCH (s:Session {store: $store}) WITH s ORDER BY s.number DESC LIMIT 1 SET s.end = $row.end"
                    : "CREATE (s:Session {store: $store}) SET s += $row";
            transaction.run(query, Map.of("store", store, "row", change)).consume();
        }
        unwind(transaction, "CREATE (g:Gap {store: $store}) SET g += row", rows.gaps);
    }

    private void unwind(Transaction transaction, String query, List<Map<String, Object>> all) {
        for (int from = 0; from < all.size(); from += ROWS) {
            Map<String, Object> parameters = new HashMap<>();
            parameters.put("store", store);
            parameters.put("rows", all.subList(from, Math.min(all.size(), from + ROWS)));
            transaction.run("UNWIND $rows AS row " + query, parameters).consume();
        }
    }

    private IOException refused(Exception e) {
        return new IOException("Neo4j does not take it: address=" + spec.setting("address", "") + ", cause="
                + e.getMessage(), e);
    }

    @Override
    public void close() {
        rows.clear();
        try {
            if (session != null) {
                session.close();
            }
            if (driver != null) {
                driver.close();
            }
        } catch (Neo4jException e) {
            // What was not committed the server undoes.
        }
        session = null;
        driver = null;
    }
}
