// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.query.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
    public void writeAll(GraphView view, OutputStream out) throws IOException {
        write(Slice.of(view), out, DOCUMENT_RECORDS);
    }

    static void write(Slice slice, OutputStream out, int documentRecords) throws IOException {
        StringBuilder text = new StringBuilder();
        W3cWriter writer = new W3cWriter(slice.view(), text);
        long[] nodes = new long[documentRecords];
        List<Edge> edges = new ArrayList<>();
        Edge waiting = null;
        while (slice.nodes().hasNext() || slice.edges().hasNext() || waiting != null) {
            int count = 0;
            while (count < documentRecords && slice.nodes().hasNext()) {
                nodes[count++] = slice.nodes().nextLong();
            }
            long newest = slice.nodes().hasNext() ? nodes[count - 1] : Long.MAX_VALUE;
            edges.clear();
            while (edges.size() < documentRecords && (waiting != null || slice.edges().hasNext())) {
                Edge edge = waiting != null ? waiting : slice.view().edge(slice.edges().nextLong());
                waiting = edge;
                if (edge.cause() > newest || edge.effect() > newest) {
                    break;
                }
                edges.add(edge);
                waiting = null;
            }
            writer.document(nodes, count, edges);
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            text.setLength(0);
        }
    }
}
