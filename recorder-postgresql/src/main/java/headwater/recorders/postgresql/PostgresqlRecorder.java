// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import headwater.model.Session;
import headwater.outputs.Stop;
import headwater.recorders.Recorded;
import headwater.recorders.Recorder;
import headwater.store.log.BlockHash;
import headwater.store.log.LogBlock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Keeps rows of several blocks in memory and puts them into the tables by COPY, in one transaction with the number of
 * blocks. For one thread.
 */
final class PostgresqlRecorder implements Recorder {
    private final Connector connector;
    private final String schema;
    private final TableRows rows = new TableRows();
    private Connection connection;
    private UUID store;
    private Recorded has;

    PostgresqlRecorder(Connector connector, String schema) {
        this.connector = connector;
        this.schema = schema;
    }

    @Override
    public Recorded open(UUID id, Stop stop) throws IOException {
        store = id;
        rows.clear();
        try {
            connection = connector.connect();
            Schema.prepare(connection, schema);
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into store (store, format, blocks, hash) values (?, ?, 0, ?) on conflict do nothing")) {
                Recorded nothing = Recorded.nothing(id);
                insert.setObject(1, id);
                insert.setInt(2, Schema.VERSION);
                insert.setBytes(3, bytes(nothing.hash()));
                insert.executeUpdate();
            }
            has = recorded("");
            connection.commit();
            return has;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private Recorded recorded(String lock) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select store, blocks, hash from store" + lock)) {
            if (!row.next()) {
                throw new IOException("the row of the table store is gone: schema=" + schema);
            }
            if (!store.equals(row.getObject(1))) {
                throw new IOException("schema of another store: schema=" + schema + ", its store=" + row.getObject(1)
                        + ", this store="
                        + store + "; name another with schema=");
            }
            return new Recorded(row.getLong(2), BlockHash.read(MemorySegment.ofArray(row.getBytes(3)), 0));
        }
    }

    @Override
    public void take(LogBlock block, Stop stop) throws IOException {
        rows.block(block.number());
        Recorder.replay(block, rows);
    }

    @Override
    public void commit(Recorded all, Stop stop) throws IOException {
        try {
            Recorded now = recorded(" for update");
            if (!now.equals(has)) {
                throw new IOException("another recorder records into this schema: schema=" + schema + ", blocks="
                        + now.blocks()
                        + ", this one was at blocks=" + has.blocks());
            }
            copy("node", rows.nodes);
            copy("edge", rows.edges);
            copy("attribute", rows.attributes);
            copy("gap", rows.gaps);
            for (TableRows.SessionChange change : rows.sessions) {
                apply(change);
            }
            try (PreparedStatement update = connection.prepareStatement("update store set blocks = ?, hash = ?, recorded = now()")) {
                update.setLong(1, all.blocks());
                update.setBytes(2, bytes(all.hash()));
                update.executeUpdate();
            }
            connection.commit();
            has = all;
            rows.clear();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private void copy(String table, BinaryCopy from) throws SQLException {
        if (from.rows() == 0) {
            return;
        }
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + table
                + " from stdin (format binary)");
        try {
            byte[] bytes = from.end();
            copy.writeToCopy(bytes, 0, from.length());
            long count = copy.endCopy();
            if (count != from.rows()) {
                throw new SQLException("rows taken: table=" + table + ", is=" + count + ", want=" + from.rows());
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void apply(TableRows.SessionChange change) throws SQLException {
        if (change.started() == null) {
            try (PreparedStatement update = connection.prepareStatement(
                    "update session set end_ns = ? where number = (select max(number) from session)")) {
                update.setLong(1, change.endNs());
                update.executeUpdate();
            }
            return;
        }
        Session session = change.started();
        try (PreparedStatement insert = connection.prepareStatement("insert into session values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)")) {
            insert.setInt(1, session.number());
            insert.setString(2, session.bootId());
            insert.setInt(3, session.bootNumber());
            insert.setLong(4, session.machineId() & 0xffffffffL);
            insert.setString(5, session.frontEnd());
            insert.setString(6, session.scope());
            insert.setString(7, session.command());
            insert.setString(8, session.onLoss());
            insert.setLong(9, session.startNs());
            insert.executeUpdate();
        }
    }

    private static byte[] bytes(BlockHash hash) {
        return HexFormat.of().parseHex(hash.toString());
    }

    private IOException refused(SQLException e) {
        String cause = e.getCause() instanceof IOException io ? io.getMessage() : e.getMessage();
        return new IOException("PostgreSQL does not take it: " + connector.target() + ", schema=" + schema + ", state="
                + e.getSQLState() + ", cause=" + cause, e);
    }

    @Override
    public void close() {
        rows.clear();
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // What was not committed is undone by the server.
        }
        connection = null;
    }
}
