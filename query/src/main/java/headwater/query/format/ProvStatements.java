// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.StatementChunk.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes and edges of a graph as the members of PROV-JSON's sections: of what was captured as CamFlow writes them, of what was
 * imported as its source had them. For one thread.
 */
public final class ProvStatements {
    /** Takes a member. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param section such as {@code used}
         * @param id with its prefix
         * @param body one JSON object
         */
        void statement(String section, String id, String body);
    }

    private final GraphView view;
    private final CamflowGraph graph;
    private final ImportedStatements imported;
    private final StringBuilder member = new StringBuilder();
    private final W3cWriter writer;

    public ProvStatements(GraphView view) {
        this.view = view;
        this.graph = CamflowGraph.of(view);
        this.imported = new ImportedStatements(view);
        this.writer = new W3cWriter(graph, member);
    }

    /** What is said of a node: once of what was captured. */
    public void node(long node, Sink sink) {
        long object = view.object(node);
        if (imported.of(object) != null) {
            give(imported.node(node), sink);
        } else if (view.kind(object) != NodeKind.STATEMENTS) {
            writer.node(node);
            give(view.kind(object).provClass().section(), sink);
        }
    }

    /** What is said of an edge. */
    public void edge(long number, Sink sink) {
        GraphView.Edge edge = view.edge(number);
        if (imported.of(view.object(edge.effect())) != null) {
            give(imported.edge(number), sink);
        } else {
            writer.edge(edge);
            give(edge.relation().relationClass().section(), sink);
        }
    }

    private void give(String section, Sink sink) {
        // "ID":{…}, and an identifier has no quotes.
        int end = member.indexOf("\":{");
        String id = member.substring(1, end);
        String body = member.substring(end + 2);
        member.setLength(0);
        sink.statement(section, id, body);
    }

    private static void give(List<Statement> statements, Sink sink) {
        for (Statement statement : statements) {
            StatementText text = StatementText.prov(statement);
            sink.statement(text.section(), text.id(), text.body());
        }
    }

    /** The prefixes that the imports of the store declare, besides {@code cf} and {@code prov}. */
    public Map<String, String> prefixes() {
        Map<String, String> prefixes = new LinkedHashMap<>();
        for (String body : imported.prefixes()) {
            StatementText.texts(body).forEach(prefixes::putIfAbsent);
        }
        prefixes.keySet().removeAll(List.of("cf", "prov", "xsd", "audit", "hw"));
        return prefixes;
    }
}
