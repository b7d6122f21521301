// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.picture.Arrow;
import headwater.query.picture.Figure;
import headwater.query.picture.Picture;

/**
 * Draws a picture in Graphviz's language, in the W3C's PROV style: yellow ellipses for entities, blue boxes for
 * activities, orange houses for agents. Arrows point the way the data went, from left to right.
 */
final class DotWriter {
    private static final String FONT = "Helvetica,Arial,DejaVu Sans,sans-serif";
    private static final int TITLE_CHARS = 44;
    private static final int DETAIL_CHARS = 40;

    private final StringBuilder dot = new StringBuilder();

    private DotWriter() {
    }

    /**
     * @param caption a line below the picture; may be empty
     */
    static String write(Picture picture, String caption) {
        DotWriter writer = new DotWriter();
        writer.open(caption);
        for (int i = 0; i < picture.figures().size(); i++) {
            writer.figure(i, picture.figures().get(i));
        }
        for (Arrow arrow : picture.arrows()) {
            writer.arrow(arrow, picture);
        }
        if (picture.hidden() > 0) {
            writer.dot.append("  more [shape=plaintext, style=\"\", fontcolor=\"#808080\", label=\"… ")
                    .append(picture.hidden())
                    .append(" more\"];\n");
        }
        return writer.dot.append("}\n").toString();
    }

    private void open(String caption) {
        dot.append("digraph provenance {\n");
        dot.append("  graph [rankdir=LR, bgcolor=\"white\", pad=\"0.3\", nodesep=\"0.22\", ranksep=\"0.55\", "
                + "fontname=\"")
                .append(FONT).append("\", fontsize=10, fontcolor=\"#707070\", labelloc=b, labeljust=l");
        if (!caption.isEmpty()) {
            dot.append(", label=").append(quoted("\n" + caption + "\\l"));
        }
        dot.append("];\n  node [fontname=\"").append(FONT)
                .append("\", fontsize=12, style=filled, penwidth=\"1.2\", margin=\"0.12,0.06\", height=\"0.4\"];\n");
        dot.append("  edge [fontname=\"").append(FONT)
                .append("\", fontsize=9, color=\"#5f6368\", fontcolor=\"#5f6368\", arrowsize=\"0.7\", "
                        + "penwidth=\"1.1\"];\n");
    }

    private void figure(int index, Figure figure) {
        dot.append("  n").append(index).append(" [label=<").append(html(cut(figure.title(), TITLE_CHARS)));
        if (!figure.detail().isEmpty()) {
            dot.append("<br/><font point-size=\"9\" color=\"#4a4f57\">").append(html(cutFront(figure.detail())))
                    .append("</font>");
        }
        dot.append(">, tooltip=").append(quoted(figure.name())).append(", ").append(style(figure.shape()));
        if (figure.members() > 1) {
            dot.append(", peripheries=2");
        }
        if (figure.start()) {
            dot.append(", penwidth=\"3\"");
        }
        dot.append("];\n");
    }

    private static String style(Figure.Shape shape) {
        return switch (shape) {
            case PROCESS -> "shape=box, fillcolor=\"#9FB1FC\", color=\"#0000FF\"";
            case AGENT -> "shape=house, fillcolor=\"#FED37F\", color=\"#B26B00\"";
            case SIBLINGS -> "shape=ellipse, fillcolor=\"#FFFC87\", color=\"#808080\"";
            case BACKGROUND -> "shape=ellipse, fillcolor=\"#FFFDD0\", color=\"#808080\"";
            case FILE, DIRECTORY, PIPE, SOCKET, OTHER -> "shape=ellipse, fillcolor=\"#FFFC87\", color=\"#808080\"";
        };
    }

    private void arrow(Arrow arrow, Picture picture) {
        dot.append("  n").append(arrow.from()).append(" -> n").append(arrow.to());
        String label = arrow.label();
        dot.append(" [label=").append(quoted(label.isEmpty() ? "" : " " + label + " "));
        Figure from = picture.figures().get(arrow.from());
        if (arrow.isDisclosed()) {
            dot.append(", style=dotted, color=\"#8a2be2\", fontcolor=\"#8a2be2\"");
        } else if (arrow.isWeak()) {
            dot.append(", style=dashed, color=\"#b0b0b0\"");
        } else if (from.shape() == Figure.Shape.BACKGROUND) {
            // What was folded is the background: it neither pulls the layout nor the eye.
            dot.append(", color=\"#c3c7cd\", fontcolor=\"#9aa0a6\", weight=0");
        } else if (arrow.carriesData()) {
            dot.append(", weight=4");
        }
        if (from.shape() == Figure.Shape.AGENT) {
            dot.append(", constraint=false");
        }
        dot.append("];\n");
    }

    private static String cut(String text, int chars) {
        int length = text.codePointCount(0, text.length());
        return length <= chars ? text : text.substring(0, text.offsetByCodePoints(0, chars - 1)) + "…";
    }

    /** Of a folder, the end says more than the beginning. */
    private static String cutFront(String text) {
        int length = text.codePointCount(0, text.length());
        return length <= DETAIL_CHARS ? text
                : "…" + text.substring(text.offsetByCodePoints(0, length - DETAIL_CHARS + 1));
    }

    private static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\\\\l", "\\l").replace("\"", "\\\"").replace("\n", "\\n")
                + '"';
    }
}
