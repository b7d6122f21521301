// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.expression.Fields;
import headwater.expression.Type;
import headwater.query.Flow;
import java.util.List;

/**
 * A path that was found.
 *
 * @param flows from cause to effect, with those that join versions; empty for a path of one node
 * @param node the node of a path of one, else either end
 */
public record PathValue(List<Flow> flows, long node) {
    static final Fields<PathValue> FIELDS = new Fields<PathValue>("a path")
            .with("length", "how many flows it has, versions not counted", Code.number(Type.INT, PathValue::length))
            .with("time", "of its first flow", Code.number(Type.TIME, p -> p.flows.isEmpty() ? Code.UNKNOWN : p.flows.getFirst().timeNs()))
            .with("duration", "from its first flow to its last", Code.number(Type.DURATION, p -> p.flows.isEmpty() ? 0
                    : p.flows.getLast().timeNs() - p.flows.getFirst().timeNs()));

    public PathValue {
        flows = List.copyOf(flows);
    }

    /** How many flows, versions not counted. */
    public int length() {
        return (int) flows.stream().filter(flow -> !flow.relation().isVersion()).count();
    }
}
