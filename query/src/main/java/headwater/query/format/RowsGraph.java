// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.Completeness;
import headwater.query.Flow;
import headwater.query.Limits;
import headwater.query.Question;
import headwater.query.Start;
import headwater.query.match.GraphQuery;
import headwater.query.match.PathValue;
import headwater.query.match.Values;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes, flows and paths of all rows as one graph, in any format that an answer has. */
public final class RowsGraph implements RowWriter {
    private final GraphView view;
    private final GraphQuery query;
    private final AnswerFormat format;
    private final AnswerFormat.Detail detail;
    private final Limits limits;
    private final OutputStream out;
    private final Set<Long> nodes = new LinkedHashSet<>();
    private final Map<Long, Flow> flows = new LinkedHashMap<>();
    private long rows;
    private boolean full;

    /**
     * @param query whose rows they are
     * @param limits {@code detail}: as many nodes at most
     */
    public RowsGraph(GraphView view, GraphQuery query, AnswerFormat format, AnswerFormat.Detail detail, Limits limits, OutputStream out) {
        this.view = view;
        this.query = query;
        this.format = format;
        this.detail = detail;
        this.limits = limits;
        this.out = out;
    }

    @Override
    public boolean row(Object[] values) {
        rows++;
        for (Object value : values) {
            switch (value) {
                case Values.NodeValue node -> nodes.add(node.node());
                case Values.FlowValue flow -> add(flow.flow());
                case PathValue path -> {
                    nodes.add(path.node());
                    path.flows().forEach(this::add);
                }
                case null, default -> {
                    // Not a part of the graph.
                }
            }
        }
        full = nodes.size() >= limits.detail();
        return !full;
    }

    private void add(Flow flow) {
        nodes.add(flow.cause());
        nodes.add(flow.effect());
        flows.put(flow.edge(), flow);
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void end(GraphQuery.Ending ending) throws IOException {
        List<String> stops = new ArrayList<>(ending.stops());
        if (full) {
            stops.add("stopped at " + nodes.size() + " nodes");
        }
        Completeness completeness = new Completeness(view.gaps().isEmpty() && stops.isEmpty() && view.dropped().isNothing(), view.gaps(), List.of(), List.of());
        Answer answer = new Answer(view, new Question("query", List.of(query.text()), limits), List.<Start>of(),
                nodes.stream().mapToLong(Long::longValue).toArray(), new ArrayList<>(flows.values()), new long[0], stops, ending.notes(),
                completeness);
        format.write(answer, detail, out);
    }
}
