// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.query.match.GraphQuery.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Makes the rows of an answer out of what was found: as it is found, or, where it has to be counted or ordered, at the end. What has to
 * be remembered is bounded; with a LIMIT, an ORDER BY remembers no more than that many. For one thread.
 */
final class Gathering {
    /**
     * One key of ORDER BY.
     *
     * @param column the column that it is, -1 if it is none
     * @param code what it is then
     */
    record Key(int column, Code<Row> code, boolean descending) {
    }

    private record Ordered(Object[] values, Object[] keys, long number) {
    }

    private final List<Column> columns;
    private final List<Key> keys;
    private final boolean distinct;
    private final long skip;
    private final long limit;
    private final int remembered;
    private final Rows to;
    private final boolean totals;
    private final Map<List<Object>, List<Column.Sum>> groups = new LinkedHashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private final PriorityQueue<Ordered> sorted;
    private long kept;
    private long number;
    private long skipped;
    private long given;
    private boolean full;

    /**
     * @param remembered rows, groups and distinct values that are remembered, at most
     * @param limit -1 for none
     */
    Gathering(List<Column> columns, List<Key> keys, boolean distinct, long skip, long limit, int remembered, Rows to) {
        this.columns = columns;
        this.keys = keys;
        this.distinct = distinct;
        this.skip = skip;
        this.limit = limit;
        this.remembered = remembered;
        this.to = to;
        totals = Column.anyTotal(columns);
        sorted = new PriorityQueue<>(order().reversed());
    }

    private Comparator<Ordered> order() {
        Comparator<Ordered> order = (a, b) -> 0;
        for (int i = 0; i < keys.size(); i++) {
            int key = i;
            Comparator<Object> values = keys.get(i).descending() ? Values.ORDER.reversed() : Values.ORDER;
            order = order.thenComparing(row -> row.keys()[key], values);
        }
        return order.thenComparingLong(Ordered::number);
    }

    /** Takes what was found; false if no more is wanted. */
    boolean add(Row row) {
        if (totals) {
            return group(row);
        }
        Object[] values = columns.stream().map(column -> column.value(row)).toArray();
        return give(values, keys.stream().map(key -> key.column() >= 0 ? values[key.column()] : Values.kept(key.code().value(row))).toArray());
    }

    private boolean group(Row row) {
        List<Object> key = new ArrayList<>();
        columns.stream().filter(column -> column.total() == null).forEach(column -> key.add(column.value(row)));
        List<Column.Sum> sums = groups.get(key);
        if (sums == null) {
            if (kept >= remembered) {
                full = true;
                return false;
            }
            kept++;
            sums = columns.stream().filter(column -> column.total() != null).map(Column.Sum::new).toList();
            groups.put(key, sums);
        }
        for (Column.Sum sum : sums) {
            kept += sum.add(row);
        }
        full = kept >= remembered * 4L;
        return !full;
    }

    private boolean give(Object[] values, Object[] sortKeys) {
        if (distinct && !seen.contains(Arrays.asList(values))) {
            if (seen.size() >= remembered) {
                full = true;
                return false;
            }
            seen.add(Arrays.asList(values));
        } else if (distinct) {
            return true;
        }
        if (keys.isEmpty()) {
            return out(values);
        }
        sorted.add(new Ordered(values, sortKeys, number++));
        if (limit >= 0 && sorted.size() > skip + limit) {
            sorted.poll();
        }
        full = sorted.size() > remembered;
        return !full;
    }

    private boolean out(Object[] values) {
        if (skipped < skip) {
            skipped++;
            return true;
        }
        if (limit >= 0 && given >= limit) {
            return false;
        }
        given++;
        return to.row(values) && (limit < 0 || given < limit);
    }

    /** Gives out what waited for the end. */
    void end() {
        if (totals) {
            if (groups.isEmpty() && columns.stream().allMatch(column -> column.total() != null) && !full) {
                groups.put(List.of(), columns.stream().map(Column.Sum::new).toList());
            }
            groups.forEach(this::giveGroup);
        }
        List<Ordered> rows = new ArrayList<>(sorted);
        rows.sort(order());
        for (Ordered row : rows) {
            if (!out(row.values())) {
                return;
            }
        }
    }

    private void giveGroup(List<Object> key, List<Column.Sum> sums) {
        Object[] values = new Object[columns.size()];
        int nextKey = 0;
        int nextSum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = columns.get(i).total() == null ? key.get(nextKey++) : sums.get(nextSum++).value();
        }
        give(values, keys.stream().map(one -> values[one.column()]).toArray());
    }

    /** True if more was found than could be remembered. */
    boolean full() {
        return full;
    }
}
