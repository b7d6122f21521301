// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.GraphView.Edge;
import headwater.query.format.CamflowGraph;
import headwater.query.format.W3cDocument;

/** {@code w3c}. */
final class W3cDocuments implements Documents {
    /** About what CamFlow's documents have, whose sections are of 8 KiB each. */
    static final int FULL_CHARS = 32 << 10;

    private final W3cDocument document;

    W3cDocuments(CamflowGraph graph) {
        document = new W3cDocument(graph);
    }

    @Override
    public boolean duplicates() {
        return false;
    }

    @Override
    public void node(long node) {
        document.node(node);
    }

    @Override
    public void edge(Edge edge) {
        document.edge(edge);
    }

    @Override
    public boolean isEmpty() {
        return document.length() == 0;
    }

    @Override
    public boolean full() {
        return document.length() >= FULL_CHARS;
    }

    @Override
    public String take() {
        return document.take();
    }
}
