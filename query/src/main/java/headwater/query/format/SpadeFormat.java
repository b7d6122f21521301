// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.query.Answer;
import headwater.query.Selection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * CamFlow's {@code format=spade_json}. Both vertices stand before each edge, again and again: SPADE's reporter counts
 * one vertex record for each end of an edge, and would otherwise keep vertices for ever. Vertices without an edge stand
 * last.
 */
public final class SpadeFormat implements AnswerFormat, StoreFormat {
    private static final int FLUSH_CHARS = 1 << 16;
    private static final int SET_POWER = 20;

    @Override
    public String name() {
        return "spade";
    }

    @Override
    public void write(Answer answer, Detail detail, OutputStream out) throws IOException {
        write(Slice.of(answer), out);
    }

    @Override
    public void write(GraphView view, Selection selection, OutputStream out) throws IOException {
        write(Slice.of(view, selection), out);
    }

    private static void write(Slice slice, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        SpadeWriter writer = new SpadeWriter(slice.view(), text);
        Map<Long, BitSet> written = new HashMap<>();
        while (slice.edges().hasNext()) {
            Edge edge = slice.view().edge(slice.edges().nextLong());
            for (long node : new long[] {edge.cause(), edge.effect()}) {
                writer.vertex(node);
                written.computeIfAbsent(node >>> SET_POWER, page ->
                        new BitSet()).set((int) (node & (1 << SET_POWER) - 1));
            }
            writer.edge(edge);
            flush(text, out, FLUSH_CHARS);
        }
        while (slice.nodes().hasNext()) {
            long node = slice.nodes().nextLong();
            BitSet page = written.get(node >>> SET_POWER);
            if (page == null || !page.get((int) (node & (1 << SET_POWER) - 1))) {
                writer.vertex(node);
                flush(text, out, FLUSH_CHARS);
            }
        }
        flush(text, out, 0);
    }

    private static void flush(StringBuilder text, OutputStream out, int atLeast) throws IOException {
        if (text.length() >= atLeast) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            text.setLength(0);
        }
    }
}
