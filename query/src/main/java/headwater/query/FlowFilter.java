// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.expression.Compiler;
import headwater.expression.ExpressionException;
import headwater.expression.Scope;
import headwater.model.GraphView;
import headwater.model.Relation;
import java.time.Clock;
import java.util.function.Predicate;

/**
 * Which flows are followed, by an expression over {@link GraphFields#FLOW}. Immutable. What joins the versions of an object is always
 * followed: a version is no flow from one thing to another.
 *
 * @param text as it was written
 */
public record FlowFilter(String text, Predicate<FlowCursor> test) {
    /** Compiles a filter; what does not fit the fields is an error with its place. */
    public static FlowFilter of(String text, Clock clock) throws ExpressionException {
        return new FlowFilter(text, Compiler.filter(text, Scope.of(GraphFields.FLOW), clock));
    }

    /** The filter, over the edges of a view; for one thread. */
    public On on(GraphView view) {
        FlowCursor cursor = new FlowCursor(view);
        return (edge, relation, cause, effect, timeNs) -> relation.isVersion()
                || test.test(cursor.at(edge, relation, cause, effect, timeNs));
    }

    /** A filter over the edges of one view. */
    @FunctionalInterface
    public interface On {
        boolean follows(long edge, Relation relation, long cause, long effect, long timeNs);
    }
}
