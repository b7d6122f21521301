// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.query.Flow;
import headwater.query.FlowCursor;
import headwater.query.NodeCursor;
import java.util.Comparator;

/** Values of columns, which outlive the row that they were read from. */
public final class Values {
    /** A node: of two versions of one object, one is as good as the other where rows are told apart. */
    public record NodeValue(long object, long node) {
        @Override
        public boolean equals(Object other) {
            return other instanceof NodeValue value && value.object == object;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(object);
        }
    }

    /** A flow. */
    public record FlowValue(Flow flow) {
    }

    /** Unknown values last, else by size or alphabet. */
    static final Comparator<Object> ORDER = Comparator.nullsLast(Values::compare);

    private Values() {
    }

    static Object kept(Object value) {
        return switch (value) {
            case NodeCursor cursor -> new NodeValue(cursor.object(), cursor.node());
            case FlowCursor flow -> new FlowValue(new Flow(flow.edge(), flow.relation(), flow.cause().node(), flow.effect().node(), flow.timeNs()));
            case null, default -> value;
        };
    }

    private static int compare(Object one, Object other) {
        return switch (one) {
            case Long a when other instanceof Long b -> Long.compare(a, b);
            case String a when other instanceof String b -> a.compareTo(b);
            case Boolean a when other instanceof Boolean b -> Boolean.compare(a, b);
            case NodeValue a when other instanceof NodeValue b -> Long.compare(a.object(), b.object());
            case FlowValue a when other instanceof FlowValue b -> Long.compare(a.flow().edge(), b.flow().edge());
            case PathValue a when other instanceof PathValue b -> Integer.compare(a.length(), b.length());
            default -> one.toString().compareTo(other.toString());
        };
    }
}
