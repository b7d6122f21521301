// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.GraphView.Edge;
import headwater.query.format.CamflowGraph;
import headwater.query.format.SpadeWriter;

/** {@code spade_json} and {@code spade_dsl}. */
final class SpadeDocuments implements Documents {
    /** CamFlow's buffer. */
    static final int FULL_CHARS = 8 << 10;

    private final StringBuilder text = new StringBuilder();
    private final SpadeWriter writer;
    private final boolean duplicates;

    private SpadeDocuments(CamflowGraph graph, boolean dsl, boolean duplicates) {
        writer = dsl ? SpadeWriter.dsl(graph, text) : new SpadeWriter(graph, text);
        this.duplicates = duplicates;
    }

    /** Whose reader needs both vertices again before each edge. */
    static SpadeDocuments json(CamflowGraph graph) {
        return new SpadeDocuments(graph, false, true);
    }

    /** Whose reader keeps each vertex that it was told of. */
    static SpadeDocuments dsl(CamflowGraph graph, boolean duplicates) {
        return new SpadeDocuments(graph, true, duplicates);
    }

    @Override
    public boolean duplicates() {
        return duplicates;
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
