// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView.Edge;
import headwater.model.ProvClass;
import headwater.model.RelationClass;
import java.util.EnumMap;
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
    private final W3cWriter writer;
    private final StringBuilder member = new StringBuilder();
    private final Map<ProvClass, StringBuilder> nodes = new EnumMap<>(ProvClass.class);
    private final Map<RelationClass, StringBuilder> edges = new EnumMap<>(RelationClass.class);
    private int length;

    public W3cDocument(CamflowGraph graph) {
        this.graph = graph;
        this.writer = new W3cWriter(graph, member);
        NODE_SECTIONS.forEach(section -> nodes.put(section, new StringBuilder()));
        EDGE_SECTIONS.forEach(section -> edges.put(section, new StringBuilder()));
    }

    /** Adds a node. */
    public void node(long node) {
        writer.node(node);
        add(nodes.get(graph.kind(graph.object(node)).provClass()));
    }

    /** Adds an edge. */
    public void edge(Edge edge) {
        writer.edge(edge);
        add(edges.get(edge.relation().relationClass()));
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
        StringBuilder text = new StringBuilder(OPENING.length() + length + 256).append(OPENING);
        NODE_SECTIONS.forEach(section -> put(text, section.section(), nodes.get(section)));
        EDGE_SECTIONS.forEach(section -> put(text, section.section(), edges.get(section)));
        length = 0;
        return text.append("}}").toString();
    }

    private void add(StringBuilder section) {
        if (!section.isEmpty()) {
            section.append(',');
        }
        section.append(member);
        length += member.length() + 1;
        member.setLength(0);
    }

    private static void put(StringBuilder text, String section, StringBuilder members) {
        if (!members.isEmpty()) {
            text.append("}, \"").append(section).append("\":{").append(members);
            members.setLength(0);
        }
    }
}
