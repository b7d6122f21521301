// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.expression.Type;
import headwater.model.GraphView;
import headwater.query.Flow;
import headwater.query.Labels;
import headwater.query.match.GraphQuery;
import headwater.query.match.PathValue;
import headwater.query.match.Values;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/**
 * Rows as JSON, an object for each on a line of its own. The last line is of another form: {@code {"end":{"rows":…,"complete":…,
 * "stopped":[…],"notes":[…],"gaps":[…]}}}; where it is missing, the answer is not whole.
 */
public final class RowsJson implements RowWriter {
    private final GraphView view;
    private final Labels labels;
    private final ImportedStatements imported;
    private final List<String> columns;
    private final List<Type> types;
    private final JsonGenerator json;
    private long rows;

    /**
     * @param query whose rows they are
     */
    public RowsJson(GraphView view, GraphQuery query, OutputStream out) {
        this.view = view;
        labels = new Labels(view);
        imported = new ImportedStatements(view);
        columns = query.columns();
        types = query.types();
        json = JsonFormat.lines(out);
    }

    @Override
    public boolean row(Object[] values) {
        rows++;
        json.writeStartObject();
        for (int i = 0; i < values.length; i++) {
            json.writeName(columns.get(i));
            value(values[i], types.get(i));
        }
        json.writeEndObject();
        return true;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void end(GraphQuery.Ending ending) throws IOException {
        try {
            json.writeStartObject();
            json.writeObjectPropertyStart("end");
            json.writeNumberProperty("rows", rows);
            json.writeBooleanProperty("complete", view.gaps().isEmpty() && ending.stops().isEmpty() && view.dropped().isNothing());
            strings("stopped", ending.stops());
            strings("notes", ending.notes());
            JsonFormat.gaps(json, view.gaps());
            JsonFormat.dropped(json, view);
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
            json.close();
        } catch (JacksonException e) {
            throw JsonFormat.unwrapped(e);
        }
    }

    private void strings(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private void value(Object value, Type type) {
        switch (value) {
            case null -> json.writeNull();
            case Long time when type == Type.TIME -> json.writeString(JsonFormat.time(time));
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case Values.NodeValue node -> JsonFormat.node(json, view, labels, imported, node.node());
            case Values.FlowValue flow -> edge(flow.flow());
            case PathValue path -> path(path);
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(item -> json.writeString(String.valueOf(item)));
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    private void path(PathValue path) {
        Set<Long> nodes = new LinkedHashSet<>();
        if (path.flows().isEmpty()) {
            nodes.add(path.node());
        }
        path.flows().forEach(flow -> nodes.addAll(List.of(flow.cause(), flow.effect())));
        json.writeStartObject();
        json.writeArrayPropertyStart("nodes");
        new ArrayList<>(nodes).forEach(node -> JsonFormat.node(json, view, labels, imported, node));
        json.writeEndArray();
        json.writeArrayPropertyStart("edges");
        path.flows().forEach(this::edge);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void edge(Flow flow) {
        JsonFormat.edge(json, view, flow.edge(), flow.relation(), flow.cause(), flow.effect(), flow.timeNs());
    }
}
