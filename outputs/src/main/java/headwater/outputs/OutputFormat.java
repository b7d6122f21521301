// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.query.format.CamflowGraph;

/** The forms in which outputs are written, in CamFlow's words where it has them. */
public enum OutputFormat {
    /** PROV-JSON documents, one on a line. */
    W3C("w3c"),
    /** Vertices and edges as SPADE reads them, one on a line, both vertices again before each edge. */
    SPADE_JSON("spade_json"),
    /** Lines for SPADE's reporter DSL, both vertices before the first edge that uses them. Ours; CamFlow has no such format. */
    SPADE_DSL("spade_dsl");

    private final String text;

    OutputFormat(String text) {
        this.text = text;
    }

    /** The word in configurations. */
    public String text() {
        return text;
    }

    /**
     * The format of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static OutputFormat ofText(String text) {
        for (OutputFormat format : values()) {
            if (format.text.equals(text)) {
                return format;
            }
        }
        throw new IllegalArgumentException("unknown format of an output: format=" + text + ", want w3c, spade_json or spade_dsl");
    }

    /** @param duplicate whether both ends are written again with each edge, where the format leaves it open */
    Documents documents(CamflowGraph graph, boolean duplicate) {
        return switch (this) {
            case W3C -> new W3cDocuments(graph, duplicate);
            case SPADE_JSON -> SpadeDocuments.json(graph);
            case SPADE_DSL -> SpadeDocuments.dsl(graph, duplicate);
        };
    }
}
