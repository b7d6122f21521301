// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import java.util.List;

/**
 * A part of the graph that answers a question. It reads labels and attributes from {@code view}, which must stay open
 * for as long as the answer is used.
 *
 * @param starts what was asked about: one, or two for explain (cause first)
 * @param nodes in the order in which they were reached
 * @param flows the edges among {@code nodes}
 * @param reached for a report, the files, sockets and addresses that the data reached; else empty
 * @param stops why the answer goes no further, one clause each; empty if it was followed to the end
 * @param notes what a person should know
 */
public record Answer(GraphView view, Question question, List<Start> starts, long[] nodes, List<Flow> flows,
        long[] reached, List<String> stops, List<String> notes, Completeness completeness) {
    public Answer {
        starts = List.copyOf(starts);
        flows = List.copyOf(flows);
        stops = List.copyOf(stops);
        notes = List.copyOf(notes);
    }
}
