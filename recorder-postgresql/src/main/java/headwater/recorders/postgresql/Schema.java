// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the tables, views and functions of {@code schema.sql}, and fills the tables of words. */
final class Schema {
    /** Of what this code makes and fills. */
    static final int VERSION = 1;

    /** Any number that is always the same: two recorders must not make one schema at once. */
    private static final long LOCK = 0x68656164_77617465L;

    private Schema() {
    }

    /**
     * Makes what is missing, in one transaction, and leaves {@code name} the first schema in which names are looked up.
     *
     * @throws IOException if a newer Headwater made the schema, or it is something else
     */
    static void prepare(Connection connection, String name) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            if (!exists(connection, name)) {
                statement.execute("create schema if not exists " + name);
                statement.execute("set search_path to " + name + ", public");
                statement.execute(text());
                Set<String> classes = Arrays.stream(ProvClass.values()).map(ProvClass::section).collect(Collectors.toSet());
                for (NodeKind kind : NodeKind.values()) {
                    // A word that is a kind of imported nodes and a class is the view of the class, which has them too.
                    if (!classes.contains(kind.text())) {
                        statement.execute(view(kind.text(), "versions", "kind", kind.text()));
                    }
                }
                for (ProvClass one : ProvClass.values()) {
                    statement.execute(view(one.section(), "versions", "class", one.section()));
                }
                for (RelationClass one : RelationClass.values()) {
                    statement.execute(view(one.section().toLowerCase(Locale.ROOT), "flows", "class",
                            one.section()));
                }
            } else {
                statement.execute("set search_path to " + name + ", public");
                checkVersion(statement, name);
            }
        }
        words(connection);
        connection.commit();
        // What is set in a transaction holds as long as the connection once that is committed.
    }

    private static String view(String name, String of, String column, String value) {
        return "create view \"" + name + "\" as select * from " + of + " where " + column + " = '" + value + "'";
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select 1 from information_schema.tables where table_schema = ? and table_name = 'store'")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void checkVersion(Statement statement, String name) throws SQLException, IOException {
        try (ResultSet rows = statement.executeQuery("select format from store")) {
            if (rows.next() && rows.getInt(1) != VERSION) {
                throw new IOException("schema of another Headwater: schema=" + name + ", format=" + rows.getInt(1)
                        + ", this one writes="
                        + VERSION + "; name another schema");
            }
        }
    }

    private static void words(Connection connection) throws SQLException {
        try (PreparedStatement kinds = connection.prepareStatement(
                "insert into node_kind (code, kind, class) values (?, ?, ?) on conflict do nothing");
                PreparedStatement relations = connection.prepareStatement(
                        "insert into relation_kind (code, relation, class, telling) values (?, ?, ?, ?) on conflict do nothing");
                PreparedStatement attributes = connection.prepareStatement(
                        "insert into attribute_kind (code, attribute) values (?, ?) on conflict do nothing")) {
            for (NodeKind kind : NodeKind.values()) {
                kinds.setInt(1, kind.code());
                kinds.setString(2, kind.text());
                kinds.setString(3, kind.provClass().section());
                kinds.addBatch();
            }
            for (Relation relation : Relation.values()) {
                relations.setInt(1, relation.code());
                relations.setString(2, relation.text());
                relations.setString(3, relation.relationClass().section());
                relations.setBoolean(4, relation.isTelling());
                relations.addBatch();
            }
            for (Attribute attribute : Attribute.values()) {
                attributes.setInt(1, attribute.code());
                attributes.setString(2, attribute.text());
                attributes.addBatch();
            }
            kinds.executeBatch();
            relations.executeBatch();
            attributes.executeBatch();
        }
    }

    static String text() throws IOException {
        try (InputStream in = Schema.class.getResourceAsStream("schema.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
