// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.GraphView.Edge;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Follows a log block by block and makes documents of it. Each node stands before the first edge that uses it, anew in each session
 * (CamFlow's epoch) and after {@link #forget}; again if something became known of it since; from-node, to-node, edge. A node that no
 * edge uses stands once its block and the next are over, or its session. For one thread.
 */
final class OutputFeed implements AutoCloseable {
    /** Takes a document. */
    interface Receiver {
        /**
         * @param after how far the output is when this document has arrived
         */
        void take(Document document, Mark after) throws IOException;
    }

    private final LogReader log;
    private final OutputFormat format;
    private final LiveGraph graph;
    private final Documents documents;
    private final BlockEvents events;
    private final PagedBits written = new PagedBits();
    private Mark mark;
    private boolean mustCatchUp = true;
    private boolean forget;
    private long lastTimeNs;

    /**
     * @param duplicate whether both ends stand again before each edge, where the format leaves it open
     * @param from where to begin, a boundary of the log
     */
    OutputFeed(LogReader log, Views views, OutputFormat format, boolean duplicate, Mark from, int mostRows) {
        this.log = log;
        this.format = format;
        this.graph = new LiveGraph(views, mostRows);
        this.documents = format.documents(graph, duplicate);
        this.events = new BlockEvents(graph);
        this.mark = from;
    }

    /** How far it has got. */
    Mark mark() {
        return mark;
    }

    /** How many gaps the record had, where it was read. */
    long gaps() {
        return events.gaps();
    }

    /** What follows has to be readable without what went before. */
    void forget() {
        forget = true;
    }

    /** Goes back, to a mark that was given before; what was handed on since may not have arrived, so no node counts as known. */
    void rewind(Mark to) {
        documents.take();
        written.clear();
        mark = to;
    }

    /**
     * Makes documents of the next block.
     *
     * @param wanted says of the position after a block whether it may be read yet
     * @return false if there is none
     * @throws IOException from the receiver; {@link #rewind} is then due
     */
    boolean block(Predicate<LogPosition> wanted, Receiver receiver) throws IOException {
        LogPosition at = mark.position();
        boolean first = mustCatchUp;
        forgetIfAsked();
        LogPosition after = log.replayBlock(at, wanted.and(next -> begin(at, first)), events);
        if (after.block() == at.block()) {
            return false;
        }
        mustCatchUp = false;
        long firstEdge = mark.edge();
        List<BlockEvents.Boundary> boundaries = events.boundaries();
        int boundary = 0;
        long swept = mark.swept();
        for (Edge edge : events.edges()) {
            for (; boundary < boundaries.size() && boundaries.get(boundary).edge() <= edge.number(); boundary++) {
                swept = cross(boundaries.get(boundary), swept, firstEdge, receiver);
            }
            if (edge.number() >= firstEdge) {
                add(edge);
                lastTimeNs = edge.timeNs();
                hand(receiver, new Mark(at, edge.number() + 1, swept), false);
            }
        }
        for (; boundary < boundaries.size(); boundary++) {
            swept = cross(boundaries.get(boundary), swept, firstEdge, receiver);
        }
        swept = sweep(swept, at.nodes(), after.edges(), receiver);
        Mark end = new Mark(after, after.edges(), swept);
        hand(receiver, end, true);
        mark = end;
        return true;
    }

    private boolean begin(LogPosition at, boolean first) {
        graph.block(at.block(), first && at.block() > 0);
        events.begin(at.nodes(), at.edges());
        return true;
    }

    private long cross(BlockEvents.Boundary boundary, long swept, long firstEdge, Receiver receiver) throws IOException {
        if (boundary.edge() < firstEdge) {
            return swept;
        }
        long now = sweep(swept, boundary.node(), boundary.edge(), receiver);
        hand(receiver, new Mark(mark.position(), boundary.edge(), now), true);
        if (boundary.begins()) {
            written.clear();
        }
        return now;
    }

    /** Writes the nodes from {@code swept} on and below {@code end} that nobody used. */
    private long sweep(long swept, long end, long nextEdge, Receiver receiver) throws IOException {
        for (long node = swept; node < end; node++) {
            if (written.add(node)) {
                documents.node(node);
                lastTimeNs = graph.timeNs(node);
                hand(receiver, new Mark(mark.position(), nextEdge, node + 1), false);
            }
        }
        return Math.max(swept, end);
    }

    private void add(Edge edge) {
        addNode(edge.cause());
        if (edge.effect() != edge.cause()) {
            addNode(edge.effect());
        }
        documents.edge(edge);
    }

    private void addNode(long node) {
        boolean fresh = written.add(node);
        if (graph.takeNews(graph.object(node)) || fresh || documents.duplicates()) {
            documents.node(node);
        }
    }

    private void hand(Receiver receiver, Mark after, boolean whatever) throws IOException {
        if (documents.isEmpty() || !whatever && !documents.full()) {
            return;
        }
        receiver.take(new Document(documents.take(), graph.at(lastTimeNs).machineId(), format), after);
        forgetIfAsked();
    }

    private void forgetIfAsked() {
        if (forget) {
            forget = false;
            written.clear();
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
