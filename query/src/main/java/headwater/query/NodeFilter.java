// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.expression.Compiler;
import headwater.expression.ExpressionException;
import headwater.expression.Scope;
import headwater.model.GraphView;
import java.time.Clock;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Which nodes are meant, by an expression over {@link GraphFields#NODE}. Immutable.
 *
 * @param text as it was written
 */
public record NodeFilter(String text, Predicate<NodeCursor> test) {
    /** Compiles a filter; what does not fit the fields is an error with its place. */
    public static NodeFilter of(String text, Clock clock) throws ExpressionException {
        return new NodeFilter(text, Compiler.filter(text, Scope.of(GraphFields.NODE), clock));
    }

    /** The filter, over the nodes of a view; for one thread. */
    public LongPredicate on(GraphView view) {
        NodeCursor cursor = new NodeCursor(view);
        return node -> test.test(cursor.at(node));
    }
}
