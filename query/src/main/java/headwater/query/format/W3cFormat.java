// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.query.Answer;
import headwater.query.Selection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * CamFlow's {@code format=w3c}: PROV-JSON documents, one on a line. A large graph becomes several documents; an edge
 * stands in the document of its younger node, or in a later one.
 */
public final class W3cFormat implements AnswerFormat, StoreFormat {
    /** Nodes and edges of one document, each at most. */
    static final int DOCUMENT_RECORDS = 8192;

    @Override
    public String name() {
        return "w3c";
    }

    @Override
    public void write(Answer answer, Detail detail, OutputStream out) throws IOException {
        write(Slice.of(answer), out, DOCUMENT_RECORDS);
    }

    @Override
    public void write(GraphView view, Selection selection, OutputStream out) throws IOException {
        write(Slice.of(view, selection), out, DOCUMENT_RECORDS);
    }

    static void write(Slice slice, OutputStream out, int documentRecords) throws IOException {
        W3cDocument document = new W3cDocument(CamflowGraph.of(slice.view()));
        Edge waiting = null;
        while (slice.nodes().hasNext() || slice.edges().hasNext() || waiting != null) {
            long newest = -1;
            for (int count = 0; count < documentRecords && slice.nodes().hasNext(); count++) {
                newest = slice.nodes().nextLong();
                document.node(newest);
            }
            if (!slice.nodes().hasNext()) {
                newest = Long.MAX_VALUE;
            }
            for (int count = 0; count < documentRecords && (waiting != null || slice.edges().hasNext()); count++) {
                Edge edge = waiting != null ? waiting : slice.view().edge(slice.edges().nextLong());
                waiting = edge;
                if (edge.cause() > newest || edge.effect() > newest) {
                    break;
                }
                document.edge(edge);
                waiting = null;
            }
            if (document.length() > 0) {
                out.write((document.take() + '\n').getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
