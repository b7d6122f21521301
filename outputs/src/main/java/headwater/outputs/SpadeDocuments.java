// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.GraphView.Edge;
import headwater.query.format.CamflowGraph;
import headwater.query.format.SpadeWriter;

/** {@code spade_json}. */
final class SpadeDocuments implements Documents {
    /** CamFlow's buffer. */
    static final int FULL_CHARS = 8 << 10;

    private final StringBuilder text = new StringBuilder();
    private final SpadeWriter writer;

    SpadeDocuments(CamflowGraph graph) {
        writer = new SpadeWriter(graph, text);
    }

    @Override
    public boolean duplicates() {
        return true;
    }

    @Override
    public void node(long node) {
        writer.vertex(node);
    }

    @Override
    public void edge(Edge edge) {
        writer.edge(edge);
    }

    @Override
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean full() {
        return text.length() >= FULL_CHARS;
    }

    @Override
    public String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
