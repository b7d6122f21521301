// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.query.match.Analysis.Condition;
import java.util.List;

/** One step of a plan. Each tries all ways and goes on to the next step for each. */
sealed interface Step {
    /** What it does, for people. */
    String text();

    /** Each of these objects. */
    record Objects(int slot, long[] objects, String text) implements Step {
    }

    /** Each object of the store that is of a kind that fits. */
    record Scan(int slot, String text) implements Step {
    }

    /** Each object that a lineage operator reaches. */
    record Source(int slot, int use, String text) implements Step {
    }

    /** Along an edge of the pattern, from the node at one side, which is bound. */
    record Expand(int edge, boolean fromLeft, String text) implements Step {
    }

    /** Only if they hold. */
    record Check(List<Condition> conditions, String text) implements Step {
        public Check {
            conditions = List.copyOf(conditions);
        }
    }
}
