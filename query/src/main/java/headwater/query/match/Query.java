// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Expression;
import java.util.List;

/**
 * A query that was read. Immutable.
 *
 * @param text as it was written
 * @param where null if there is none
 * @param limit -1 if there is none
 */
public record Query(String text, List<PathPattern> patterns, Expression where, boolean distinct, List<Item> items, List<Order> order,
        long skip, long limit) {
    public Query {
        patterns = List.copyOf(patterns);
        items = List.copyOf(items);
        order = List.copyOf(order);
    }

    /** How an arrow points: from what came to be to what it came from, as in PROV, or the other way. */
    public enum Arrow {
        /** {@code -[]->}: the right is the cause. */
        RIGHT,
        /** {@code <-[]-}: the left is the cause. */
        LEFT,
        /** {@code -[]-}: either. */
        EITHER
    }

    /** {@code name = (a)-[r]->(b)…}: one node more than edges. */
    record PathPattern(int at, String name, List<NodePattern> nodes, List<EdgePattern> edges) {
        PathPattern {
            nodes = List.copyOf(nodes);
            edges = List.copyOf(edges);
        }
    }

    /**
     * @param name a made-up one, that begins with a blank, if it was written without
     * @param labels kinds, or PROV classes; empty for all
     */
    record NodePattern(int at, String name, List<Word> labels, List<Property> properties, Expression where) {
        boolean isNamed() {
            return !name.startsWith(" ");
        }
    }

    /**
     * @param relations relations, or their PROV classes; empty for all that carry bytes
     * @param variable true if it stands for several flows in a row
     * @param max {@link Integer#MAX_VALUE} for any number
     */
    record EdgePattern(int at, String name, List<Word> relations, Arrow arrow, boolean variable, int min, int max,
            List<Property> properties, Expression where) {
        boolean isNamed() {
            return !name.startsWith(" ");
        }
    }

    /** A word, and where it stands. */
    record Word(int at, String text) {
    }

    /** {@code field: value}. */
    record Property(int at, String field, Expression value) {
    }

    /**
     * One column.
     *
     * @param name its title: what stands after AS, else the expression
     */
    public record Item(Expression expression, String name) {
    }

    record Order(Expression key, boolean descending) {
    }
}
