// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Session;
import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words in which imported nodes and edges were written. Reads a chunk at a time, and keeps a few. For one thread. */
public final class ImportedStatements {
    private static final int KEPT = 64;

    private final GraphView view;
    private final Map<Integer, Session> imports = new HashMap<>();
    private final Map<Long, Map<Long, List<Statement>>> chunks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Map<Long, List<Statement>>> eldest) {
            return size() > KEPT;
        }
    };

    public ImportedStatements(GraphView view) {
        this.view = view;
        view.sessions().stream().filter(Session::isImported).forEach(session -> imports.put(session.number(), session));
    }

    /** False if the store holds nothing that was imported. */
    public boolean any() {
        return !imports.isEmpty();
    }

    /** True if documents of W3C PROV were imported that are not CamFlow's. */
    boolean isW3c() {
        return imports.values().stream().anyMatch(session -> session.scope().startsWith("prov-"));
    }

    /** The session that imported {@code object}; null if it was captured here. */
    public Session of(long object) {
        return imports.isEmpty() ? null : imports.get((int) view.attributes(object).number(Attribute.IMPORTED, 0));
    }

    /** What the source says of a node, in its order; empty if it was captured here, or only edges speak of it. */
    public List<Statement> node(long node) {
        return statements(false, node);
    }

    /** What the source says of an edge. */
    public List<Statement> edge(long edge) {
        return statements(true, edge);
    }

    /** The prefixes of all imports, as members of JSON objects. */
    public List<String> prefixes() {
        List<String> bodies = new ArrayList<>();
        for (int session : imports.keySet()) {
            for (Statement statement : chunk(StatementChunk.prefixKey(session)).getOrDefault(0L, List.of())) {
                bodies.add(statement.body());
            }
        }
        return bodies;
    }

    private List<Statement> statements(boolean edge, long number) {
        return imports.isEmpty() ? List.of() : chunk(StatementChunk.key(edge, number)).getOrDefault(number, List.of());
    }

    private Map<Long, List<Statement>> chunk(long key) {
        Map<Long, List<Statement>> known = chunks.get(key);
        if (known != null) {
            return known;
        }
        Map<Long, List<Statement>> statements = new HashMap<>();
        for (long object : view.find(Attribute.STATEMENTS_OF, key)) {
            byte[] packed = view.attributes(object).bytes(Attribute.STATEMENTS);
            if (packed != null) {
                StatementChunk.unpack(packed).forEach(statement ->
                        statements.computeIfAbsent(statement.number(), number -> new ArrayList<>()).add(statement));
            }
        }
        chunks.put(key, statements);
        return statements;
    }
}
