// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.model.GraphView;
import headwater.query.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Graphviz's language, every node and edge: for programs, and for small graphs. Answers have pictures that people can
 * read.
 */
final class DotGraphFormat implements GraphFormat {
    private static final int LABEL_CHARS = 120;

    @Override
    public String name() {
        return "dot";
    }

    @Override
    public void write(Part part, OutputStream out) throws IOException {
        GraphView view = part.view();
        Labels labels = new Labels(view);
        Lines lines = new Lines(out);
        try {
            lines.add("digraph provenance {\n  rankdir=RL;\n  node [style=filled, fontsize=10];\n  edge [fontsize=8];\n");
            part.nodes(node -> node(lines, view, labels, node));
            part.edges(number -> {
                GraphView.Edge edge = view.edge(number);
                for (long end : new long[] {edge.cause(), edge.effect()}) {
                    if (!part.has(view.object(end), view.timeNs(end))) {
                        // To name a node once more does no harm.
                        node(lines, view, labels, end);
                    }
                }
                lines.add("  n" + edge.effect() + " -> n" + edge.cause() + " [label=\"" + edge.relation().text()
                        + "\"];\n");
            });
            lines.add("}\n").flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void node(Lines lines, GraphView view, Labels labels, long node) {
        long object = view.object(node);
        String label = labels.of(object);
        String cut = label.length() <= LABEL_CHARS ? label : label.substring(0, LABEL_CHARS - 1) + "…";
        String style = switch (view.kind(object).provClass()) {
            case ACTIVITY -> "shape=box, fillcolor=\"#9FB1FC\"";
            case ENTITY -> "shape=ellipse, fillcolor=\"#FFFC87\"";
            case AGENT -> "shape=house, fillcolor=\"#FED37F\"";
        };
        lines.add("  n" + node + " [label=\"" + quoted(cut) + "\\n" + view.kind(object).text() + " "
                + view.version(node) + "\", " + style
                + "];\n");
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
