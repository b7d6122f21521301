// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.expression.ExpressionException;
import headwater.expression.Printer;
import headwater.expression.Type;
import headwater.model.GraphView;
import headwater.query.FileNow;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.WhatFinder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A query of the language of docs/query.md: read and checked once, asked of any graph. Immutable; each asking is for one thread.
 */
public final class GraphQuery {
    /** Takes the rows of an answer, one at a time. */
    @FunctionalInterface
    public interface Rows {
        /**
         * @param values one for each column: a Long, String, Boolean or List, a {@link Values.NodeValue}, a {@link Values.FlowValue}, a
         *        {@link PathValue}, or null if it is not known
         * @return false if no more rows are wanted
         */
        boolean row(Object[] values);
    }

    /**
     * How it ended.
     *
     * @param stops why there may be more rows, one clause each; empty if there are none
     * @param notes what a person should know
     */
    public record Ending(List<String> stops, List<String> notes) {
        public Ending {
            stops = List.copyOf(stops);
            notes = List.copyOf(notes);
        }
    }

    private final Query query;
    private final Analysis analysis;
    private final List<Column> columns = new ArrayList<>();
    private final List<Gathering.Key> keys = new ArrayList<>();

    private GraphQuery(Query query, Clock clock) throws ExpressionException {
        this.query = query;
        analysis = new Analysis(query, clock);
        for (Query.Item item : query.items()) {
            columns.add(Column.of(analysis, item));
        }
        for (Query.Order order : query.order()) {
            keys.add(key(order));
        }
    }

    /**
     * Reads and checks a query.
     *
     * @param clock for {@code now()} and times without a date or zone
     * @throws ExpressionException if it is not of the language, or asks for what there is not
     */
    public static GraphQuery parse(String text, Clock clock) throws ExpressionException {
        return new GraphQuery(QueryParser.parse(text), clock);
    }

    private Gathering.Key key(Query.Order order) throws ExpressionException {
        String printed = Printer.print(order.key());
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(printed) || Printer.print(query.items().get(i).expression()).equals(printed)) {
                return new Gathering.Key(i, null, order.descending());
            }
        }
        if (query.distinct() || Column.anyTotal(columns)) {
            throw new ExpressionException(query.text(), order.key().at(), "with DISTINCT or totals, ORDER BY is by a column: add "
                    + printed + " to RETURN");
        }
        Code<Row> code = analysis.compile(order.key());
        return new Gathering.Key(-1, code, order.descending());
    }

    /** The titles of the columns. */
    public List<String> columns() {
        return columns.stream().map(Column::name).toList();
    }

    /** What the columns hold. */
    public List<Type> types() {
        return columns.stream().map(Column::type).toList();
    }

    /** As it was written. */
    public String text() {
        return query.text();
    }

    /** In which order it would be answered, a line for each step. */
    public List<String> plan(GraphView view) {
        List<String> lines = new ArrayList<>(Planner.plan(analysis, view).stream().map(Step::text).toList());
        if (Column.anyTotal(columns)) {
            lines.add("add up " + String.join(", ", columns.stream().filter(column -> column.total() != null).map(Column::name).toList()));
        }
        if (query.distinct()) {
            lines.add("each row once");
        }
        if (!keys.isEmpty()) {
            lines.add("order by " + String.join(", ", query.order().stream().map(order -> Printer.print(order.key())
                    + (order.descending() ? " DESC" : "")).toList()) + (query.limit() < 0 ? "" : ", keeping " + (query.skip() + query.limit())));
        }
        lines.add("return " + String.join(", ", columns()) + (query.limit() < 0 ? "" : ", at most " + query.limit() + " rows"));
        analysis.misfits().forEach(misfit -> lines.add("nothing will be found " + misfit));
        return lines;
    }

    /**
     * Asks it. Rows come as they are found, unless they have to be ordered or counted.
     *
     * @param files for a WHAT in {@code ancestors("…")} and the like
     * @param limits time, what is known in memory, and patience; {@code count} bounds one walk, {@code detail} what is remembered
     * @throws NothingFoundException if a WHAT in it names nothing
     */
    public Ending ask(GraphView view, FileNow.Lookup files, Limits limits, Rows to) throws NothingFoundException {
        int[] left = analysis.edges().stream().mapToInt(Analysis.EdgeSlot::left).toArray();
        int[] right = analysis.edges().stream().mapToInt(Analysis.EdgeSlot::right).toArray();
        Row row = new Row(view, analysis.nodes().size(), left, right);
        row.setLineages(new Lineages(view, new WhatFinder(view, files), limits, analysis.operators().uses(), analysis.operators().paths()));
        long[] given = {0};
        Rows counted = values -> {
            given[0]++;
            return to.row(values);
        };
        Gathering gathering = new Gathering(columns, keys, query.distinct(), query.skip(), query.limit(), limits.detail(), counted);
        Matcher matcher = new Matcher(view, analysis, limits, Planner.plan(analysis, view), row, () -> gathering.add(row));
        if (query.limit() != 0) {
            matcher.run();
            gathering.end();
        }
        List<String> stops = new ArrayList<>();
        if (limits.patience().reason() != null) {
            stops.add(limits.patience().reason());
        }
        if (gathering.full()) {
            stops.add("stopped at " + limits.detail() + " rows that have to be remembered for ORDER BY, DISTINCT or a total: ask for less, or"
                    + " ORDER BY with a LIMIT");
        }
        if (matcher.cut()) {
            stops.add("a walk stopped at " + limits.count() + " nodes (memory)");
        }
        List<String> notes = new ArrayList<>();
        if (given[0] == 0) {
            analysis.misfits().forEach(misfit -> notes.add("nothing can be found " + misfit));
        }
        return new Ending(stops, notes);
    }
}
