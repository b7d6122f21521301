// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import java.util.List;

/**
 * A part of the graph that answers a question. It reads labels and attributes from {@code view}, which must stay open
 * for as long as the answer is used.
 *
 * @param starts what was asked about: one, or two for explain (cause first)
 * @param nodes nodes of it, in the order in which they were reached
 * @param flows the edges among {@code nodes}
 * @param reached for a report, the files, sockets and addresses that the data reached; else empty
 * @param stops why the answer goes no further, one clause each; empty if it was followed to the end
 * @param notes what a person should know
 * @param extent all of an answer of which {@code nodes} and {@code flows} hold only what is nearest to the start; null if they hold
 *        all
 * @param paths if all paths were asked for, each by itself, the best first; else empty
 */
public record Answer(GraphView view, Question question, List<Start> starts, long[] nodes, List<Flow> flows,
        long[] reached, List<String> stops, List<String> notes, Completeness completeness, Extent extent,
        List<List<Flow>> paths) {
    public Answer {
        starts = List.copyOf(starts);
        flows = List.copyOf(flows);
        stops = List.copyOf(stops);
        notes = List.copyOf(notes);
        paths = List.copyOf(paths);
    }

    /** An answer to anything but which paths there are. */
    Answer(GraphView view, Question question, List<Start> starts, long[] nodes, List<Flow> flows, long[] reached,
            List<String> stops, List<String> notes, Completeness completeness, Extent extent) {
        this(view, question, starts, nodes, flows, reached, stops, notes, completeness, extent, List.of());
    }

    /** An answer that is held whole. */
    public Answer(GraphView view, Question question, List<Start> starts, long[] nodes, List<Flow> flows, long[] reached,
            List<String> stops, List<String> notes, Completeness completeness) {
        this(view, question, starts, nodes, flows, reached, stops, notes, completeness, null, List.of());
    }

    /** How many nodes it has in all. */
    public long nodeCount() {
        return extent == null ? nodes.length : extent.nodes();
    }

    /** How many edges it has in all. */
    public long flowCount() {
        return extent == null ? flows.size() : extent.flows();
    }
}
