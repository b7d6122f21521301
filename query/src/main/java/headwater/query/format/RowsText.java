// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.expression.Type;
import headwater.model.GraphView;
import headwater.query.Escapes;
import headwater.query.Explain;
import headwater.query.Flow;
import headwater.query.Labels;
import headwater.query.NodeId;
import headwater.query.match.GraphQuery;
import headwater.query.match.PathValue;
import headwater.query.match.Values;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Rows as a table. The first rows give the columns their widths; from then on each row is written as it comes. */
public final class RowsText implements RowWriter {
    private static final int ROWS_MEASURED = 200;
    private static final int MAX_WIDTH = 60;
    private static final int MAX_GAPS = 10;

    private final GraphView view;
    private final Labels labels;
    private final List<Type> types;
    private final OutputStream out;
    private final List<String[]> first = new ArrayList<>();
    private int[] widths;
    private long rows;

    /**
     * @param query whose rows they are
     */
    public RowsText(GraphView view, GraphQuery query, OutputStream out) {
        this.view = view;
        this.out = out;
        labels = new Labels(view);
        types = query.types();
        first.add(query.columns().stream().map(Escapes::toLine).toArray(String[]::new));
    }

    @Override
    public boolean row(Object[] values) {
        rows++;
        String[] cells = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            cells[i] = cell(values[i], types.get(i));
        }
        if (widths == null) {
            first.add(cells);
            if (first.size() > ROWS_MEASURED) {
                measure();
            }
        } else {
            line(cells);
        }
        return true;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void end(GraphQuery.Ending ending) throws IOException {
        StringBuilder text = new StringBuilder();
        if (rows == 0) {
            text.append("No rows.\n");
        } else if (widths == null) {
            measure();
        }
        text.append('\n');
        ending.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        ending.stops().forEach(stop -> text.append("note: ").append(stop).append('\n'));
        String dropped = TextEnding.dropped(view);
        if (dropped != null) {
            text.append("dropped: ").append(dropped).append("; no row has any of it\n");
        }
        List<GapLine> gaps = GapLine.of(view.gaps());
        gaps.stream().limit(MAX_GAPS).forEach(gap -> text.append("gap: ").append(gap.text()).append('\n'));
        if (gaps.size() > MAX_GAPS) {
            text.append("gap: … ").append(gaps.size() - MAX_GAPS).append(" more\n");
        }
        text.append(!gaps.isEmpty() ? "incomplete: " + TextEnding.count(gaps.size(), "gap") : dropped != null
                ? "incomplete: part of the record was dropped" : ending.stops().isEmpty() ? "complete: nothing was lost" : "incomplete: the answer was cut");
        text.append("; ").append(TextEnding.count(rows, "row")).append('\n');
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void measure() {
        widths = new int[types.size()];
        for (String[] cells : first) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(MAX_WIDTH, cells[i].length()));
            }
        }
        first.forEach(this::line);
        first.clear();
    }

    private void line(String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(cells[i]);
            if (i + 1 < cells.length) {
                line.append(" ".repeat(Math.max(0, widths[i] - cells[i].length()) + 2));
            }
        }
        try {
            out.write((line.toString().stripTrailing() + '\n').getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String cell(Object value, Type type) {
        return switch (value) {
            case null -> "-";
            case Long time when type == Type.TIME -> TextEnding.time(time);
            case Long ns when type == Type.DURATION -> String.format("%.3f ms", ns / 1e6);
            case Values.NodeValue node -> label(node.object()) + " (" + NodeId.of(node.object()) + ")";
            case Values.FlowValue flow -> Explain.words(flow.flow().relation());
            case PathValue path -> path(path);
            case List<?> list -> Escapes.toLine(String.join(", ", list.stream().map(String::valueOf).toList()));
            default -> Escapes.toLine(value.toString());
        };
    }

    private String path(PathValue path) {
        if (path.flows().isEmpty()) {
            return label(view.object(path.node()));
        }
        StringBuilder text = new StringBuilder(label(view.object(path.flows().getFirst().cause())));
        long at = path.flows().getFirst().cause();
        for (Flow flow : path.flows()) {
            if (flow.relation().isVersion()) {
                continue;
            }
            // A pattern may lead two ways from a node: then what follows does not go on from what stands before.
            text.append(view.object(flow.cause()) == view.object(at) ? "" : "; " + label(view.object(flow.cause())));
            text.append(" ─ ").append(Explain.words(flow.relation())).append(" → ").append(label(view.object(flow.effect())));
            at = flow.effect();
        }
        return text.toString();
    }

    private String label(long object) {
        String label = labels.of(object);
        return label.length() <= MAX_WIDTH ? label : label.substring(0, MAX_WIDTH - 1) + "…";
    }
}
