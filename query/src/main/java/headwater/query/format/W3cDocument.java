// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.RelationClass;
import headwater.model.StatementChunk.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PROV-JSON document that grows, as CamFlow's {@code format=w3c} has it: one line, sections in a fixed order, those that are empty
 * left out. The caller adds each node at most once to a document. For one thread.
 */
public final class W3cDocument {
    private static final String OPENING =
            "{\"prefix\":{\"prov\" : \"http://www.w3.org/ns/prov\", \"cf\":\"http://www.camflow.org\"";
    private static final List<ProvClass> NODE_SECTIONS = List.of(ProvClass.ACTIVITY, ProvClass.AGENT, ProvClass.ENTITY);
    private static final List<RelationClass> EDGE_SECTIONS = List.of(RelationClass.USED, RelationClass.GENERATED,
            RelationClass.INFORMED, RelationClass.ASSOCIATED, RelationClass.INFLUENCED, RelationClass.DERIVED);

    private final CamflowGraph graph;
    private final ImportedStatements imported;
    private final W3cWriter writer;
    private final StringBuilder member = new StringBuilder();
    /** By bundle, which has no name for what stands in none; then by section. */
    private final Map<String, Map<String, StringBuilder>> bundles = new LinkedHashMap<>();
    private int length;

    public W3cDocument(CamflowGraph graph) {
        this.graph = graph;
        this.imported = graph.imported();
        this.writer = new W3cWriter(graph, member);
        clear();
    }

    private void clear() {
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        NODE_SECTIONS.forEach(section -> sections.put(section.section(), new StringBuilder()));
        EDGE_SECTIONS.forEach(section -> sections.put(section.section(), new StringBuilder()));
        bundles.clear();
        bundles.put("", sections);
        length = 0;
    }

    /** Adds a node. */
    public void node(long node) {
        long object = graph.object(node);
        if (imported != null && imported.of(object) != null) {
            statements(imported.node(node));
        } else if (graph.kind(object) != NodeKind.STATEMENTS) {
            writer.node(node);
            add("", graph.kind(object).provClass().section());
        }
    }

    /** Adds an edge. */
    public void edge(Edge edge) {
        if (imported != null && imported.of(graph.object(edge.effect())) != null) {
            statements(imported.edge(edge.number()));
        } else {
            writer.edge(edge);
            add("", edge.relation().relationClass().section());
        }
    }

    /** As the source had them; several of one identifier and section as an array. */
    private void statements(List<Statement> statements) {
        Map<List<String>, List<StatementText>> alike = new LinkedHashMap<>();
        for (Statement statement : statements) {
            StatementText text = StatementText.prov(statement);
            alike.computeIfAbsent(List.of(statement.bundle(), text.section(), text.id()), key -> new ArrayList<>()).add(text);
        }
        alike.forEach((key, texts) -> {
            CamflowText.quote(member, key.get(2));
            member.append(':');
            if (texts.size() == 1) {
                member.append(texts.getFirst().body());
            } else {
                member.append('[').append(String.join(",", texts.stream().map(StatementText::body).toList())).append(']');
            }
            add(key.get(0), key.get(1));
        });
    }

    /** Characters of all members so far; 0 if there are none. */
    public int length() {
        return length;
    }

    /** The document, without a newline; empty if nothing was added. A new one begins. */
    public String take() {
        if (length == 0) {
            return "";
        }
        // CamFlow leaves out the end of PROV's name; a reader of W3C's own documents needs it.
        String opening = imported != null && imported.isW3c() ? OPENING.replace("ns/prov\"", "ns/prov#\"") : OPENING;
        StringBuilder text = new StringBuilder(OPENING.length() + length + 256).append(opening);
        prefixes(text);
        text.append('}');
        put(text, bundles.remove(""));
        if (!bundles.isEmpty()) {
            text.append(", \"bundle\":{");
            String comma = "";
            for (Map.Entry<String, Map<String, StringBuilder>> bundle : bundles.entrySet()) {
                text.append(comma);
                CamflowText.quote(text, bundle.getKey());
                int from = text.append(':').length();
                put(text, bundle.getValue());
                // Every section brings a comma and a blank before it; the first of a bundle opens it.
                text.replace(from, from + 2, "{").append('}');
                comma = ",";
            }
            text.append('}');
        }
        clear();
        return text.append('}').toString();
    }

    private void prefixes(StringBuilder text) {
        if (imported == null) {
            return;
        }
        Map<String, String> others = new LinkedHashMap<>();
        for (String body : imported.prefixes()) {
            StatementText.texts(body).forEach(others::putIfAbsent);
        }
        others.keySet().removeAll(List.of("prov", "cf"));
        others.forEach((prefix, uri) -> {
            text.append(", ");
            CamflowText.quote(text, prefix);
            text.append(':');
            CamflowText.quote(text, uri);
        });
    }

    private void add(String bundle, String name) {
        StringBuilder section = bundles.computeIfAbsent(bundle, key -> new LinkedHashMap<>())
                .computeIfAbsent(name, key -> new StringBuilder());
        if (!section.isEmpty()) {
            section.append(',');
        }
        section.append(member);
        length += member.length() + 1;
        member.setLength(0);
    }

    private static void put(StringBuilder text, Map<String, StringBuilder> sections) {
        sections.forEach((section, members) -> {
            if (!members.isEmpty()) {
                text.append(", \"").append(section).append("\":{").append(members).append('}');
            }
        });
    }
}
