// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Labels;
import headwater.query.NodeId;
import headwater.query.Selection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;

/** GraphML, for Gephi, yEd and their like. Edges point from the effect to the cause, as in PROV. */
final class GraphMlFormat implements GraphFormat {
    private static final String HEAD = """
            <?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
            <key id="label" for="node" attr.name="label" attr.type="string"/>
            <key id="kind" for="node" attr.name="kind" attr.type="string"/>
            <key id="class" for="node" attr.name="class" attr.type="string"/>
            <key id="object" for="node" attr.name="object" attr.type="string"/>
            <key id="version" for="node" attr.name="version" attr.type="int"/>
            <key id="since" for="node" attr.name="time" attr.type="string"/>
            <key id="relation" for="edge" attr.name="relation" attr.type="string"/>
            <key id="type" for="edge" attr.name="type" attr.type="string"/>
            <key id="time" for="edge" attr.name="time" attr.type="string"/>
            <graph id="headwater" edgedefault="directed">
            """;

    @Override
    public String name() {
        return "graphml";
    }

    @Override
    public void write(Part part, OutputStream out) throws IOException {
        GraphView view = part.view();
        Labels labels = new Labels(view);
        Lines lines = new Lines(out);
        try {
            lines.add(HEAD);
            Selection.On on = part.selection().on(view);
            part.nodes(node -> node(lines, view, labels, node));
            part.edges(number -> {
                GraphView.Edge one = view.edge(number);
                // A node of an earlier session belongs to the picture if an edge of this one ends at it.
                for (long end : new long[] {one.cause(), one.effect()}) {
                    if (!part.has(view.object(end), view.timeNs(end))) {
                        foreign(lines, labels, part, on, end, number);
                    }
                }
                edge(lines, one);
            });
            lines.add("</graph>\n</graphml>\n").flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Written with the first edge of the part that ends at it. */
    private static void foreign(Lines lines, Labels labels, Part part, Selection.On on, long node, long number) {
        GraphView view = part.view();
        boolean[] earlier = {false};
        GraphView.EdgeVisitor seen = (edge, relation, other, timeNs) -> {
            GraphView.Edge one = view.edge(edge);
            earlier[0] |= edge < number && part.isOfSession(one) && on.hasEdge(one);
            return !earlier[0];
        };
        view.causes(node, seen);
        if (!earlier[0]) {
            view.effects(node, seen);
        }
        if (!earlier[0]) {
            node(lines, view, labels, node);
        }
    }

    private static void node(Lines lines, GraphView view, Labels labels, long node) {
        long object = view.object(node);
        NodeKind kind = view.kind(object);
        lines.add("<node id=\"n" + node + "\">");
        data(lines, "label", labels.of(object));
        data(lines, "kind", kind.text());
        data(lines, "class", kind.provClass().section());
        data(lines, "object", NodeId.of(object));
        data(lines, "version", Integer.toString(view.version(node)));
        data(lines, "since", time(view.timeNs(node)));
        lines.add("</node>\n");
    }

    private static void edge(Lines lines, GraphView.Edge edge) {
        lines.add("<edge id=\"e" + edge.number() + "\" source=\"n" + edge.effect() + "\" target=\"n" + edge.cause()
                + "\">");
        data(lines, "relation", edge.relation().text());
        data(lines, "type", edge.relation().relationClass().section());
        data(lines, "time", time(edge.timeNs()));
        lines.add("</edge>\n");
    }

    private static void data(Lines lines, String key, String value) {
        lines.add("<data key=\"" + key + "\">" + xml(value) + "</data>");
    }

    static String time(long timeNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, 1_000_000_000L), Math.floorMod(timeNs, 1_000_000_000L))
                .toString();
    }

    /** XML 1.0 has no place for most control characters, nor for halves of characters. */
    static String xml(String text) {
        StringBuilder xml = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                default -> {
                    boolean allowed = c == '\t' || c == '\n' || c >= 0x20 && c < 0xd800 || c >= 0xe000 && c <= 0xfffd
                            || c >= 0x10000;
                    xml.appendCodePoint(allowed ? c : 0xfffd);
                }
            }
        });
        return xml.toString();
    }
}
