// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.GraphView.Edge;
import headwater.query.format.CamflowGraph;
import headwater.query.format.W3cDocument;
import java.util.HashSet;
import java.util.Set;

/** {@code w3c}. */
final class W3cDocuments implements Documents {
    /** About what CamFlow's documents have, whose sections are of 8 KiB each. */
    static final int FULL_CHARS = 32 << 10;

    private final W3cDocument document;

    private final boolean duplicates;
    private final Set<Long> inThisOne = new HashSet<>();

    W3cDocuments(CamflowGraph graph, boolean duplicates) {
        document = new W3cDocument(graph);
        this.duplicates = duplicates;
    }

    @Override
    public boolean duplicates() {
        return duplicates;
    }

    @Override
    public void node(long node) {
        // A key stands once in one JSON object.
        if (!duplicates || inThisOne.add(node)) {
            document.node(node);
        }
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
        inThisOne.clear();
        return document.take();
    }
}
