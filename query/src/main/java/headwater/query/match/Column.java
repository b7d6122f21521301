// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.expression.Expression;
import headwater.expression.Expression.Argument;
import headwater.expression.Expression.Call;
import headwater.expression.Expression.Name;
import headwater.expression.ExpressionException;
import headwater.expression.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One column of an answer: a value of each row, or one of all rows that are alike in the columns that are values.
 *
 * @param total null if it is no total
 * @param code null for {@code count(*)}
 */
record Column(String name, Type type, Total total, boolean distinct, Code<Row> code) {
    /** What is made of many values. */
    enum Total {
        COUNT, SUM, MIN, MAX
    }

    static Column of(Analysis analysis, Query.Item item) throws ExpressionException {
        Total total = item.expression() instanceof Call call && call.of() == null ? total(call.name()) : null;
        if (total == null) {
            Code<Row> code = analysis.compile(item.expression());
            return new Column(item.name(), code.type(), null, false, code);
        }
        Call call = (Call) item.expression();
        if (call.arguments().size() != 1) {
            throw new ExpressionException(analysis.query().text(), call.at(), call.name() + " wants one argument");
        }
        Argument argument = call.arguments().getFirst();
        if (total == Total.COUNT && argument.value() instanceof Name name && name.name().equals("*")) {
            return new Column(item.name(), Type.INT, total, false, null);
        }
        Code<Row> code = analysis.compile(argument.value());
        if (total == Total.SUM && code.type() != Type.INT && code.type() != Type.DURATION) {
            throw new ExpressionException(analysis.query().text(), call.at(), "sum wants numbers, this is " + code.type().text());
        }
        return new Column(item.name(), total == Total.COUNT ? Type.INT : code.type(), total, "distinct".equals(argument.name()), code);
    }

    private static Total total(String function) {
        return switch (function) {
            case "count" -> Total.COUNT;
            case "sum" -> Total.SUM;
            case "min" -> Total.MIN;
            case "max" -> Total.MAX;
            default -> null;
        };
    }

    Object value(Row row) {
        return Values.kept(code.value(row));
    }

    /** Adds up; for one group of rows. */
    static final class Sum {
        private final Column column;
        private final Set<Object> seen = new HashSet<>();
        private Object value;

        Sum(Column column) {
            this.column = column;
        }

        /** Takes one row in; how many more values it has to remember. */
        int add(Row row) {
            Object more = column.code() == null ? Boolean.TRUE : column.value(row);
            if (more == null || column.distinct() && !seen.add(more)) {
                return 0;
            }
            value = switch (column.total()) {
                case COUNT -> value == null ? 1L : (Long) value + 1;
                case SUM -> value == null ? more : (Object) Math.addExact((Long) value, (Long) more);
                case MIN -> value == null || Values.ORDER.compare(more, value) < 0 ? more : value;
                case MAX -> value == null || Values.ORDER.compare(more, value) > 0 ? more : value;
            };
            return column.distinct() ? 1 : 0;
        }

        Object value() {
            return value == null && column.total() == Total.COUNT ? (Object) 0L : value;
        }
    }

    static boolean anyTotal(List<Column> columns) {
        return columns.stream().anyMatch(column -> column.total() != null);
    }
}
