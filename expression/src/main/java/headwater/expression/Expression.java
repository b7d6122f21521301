// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.List;

/**
 * A text that was read, as a tree. Each part knows the index in the text at which it stands, for messages. Immutable.
 */
public sealed interface Expression {
    /** Index in the text, from 0. */
    int at();

    /**
     * @param value a Long, a String, a Boolean, or null
     */
    record Literal(int at, Type type, Object value) implements Expression {
    }

    /** {@code [a, b]}. */
    record Row(int at, List<Expression> items) implements Expression {
        public Row {
            items = List.copyOf(items);
        }
    }

    /** A bare name. */
    record Name(int at, String name) implements Expression {
    }

    /** {@code of.field}. */
    record Select(int at, Expression of, String field) implements Expression {
    }

    /**
     * {@code name(a, b)}, {@code of.name(a, b)}.
     *
     * @param of null if it is called by itself
     * @param arguments those without and those with a name, in order
     */
    record Call(int at, Expression of, String name, List<Argument> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * @param name null if it has none
     */
    record Argument(String name, Expression value) {
    }

    /**
     * @param operator {@code !} or {@code -}
     */
    record Unary(int at, String operator, Expression of) implements Expression {
    }

    /**
     * @param at the index of the operator
     * @param operator {@code && || == != < <= > >= in + - * / %}
     */
    record Binary(int at, String operator, Expression left, Expression right) implements Expression {
    }

    /** {@code test ? yes : no}. */
    record Conditional(int at, Expression test, Expression yes, Expression no) implements Expression {
    }
}
