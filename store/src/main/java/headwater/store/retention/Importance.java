// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.GraphView;
import java.util.function.LongPredicate;

/** Which nodes are important: segments that hold them are kept for longer ({@link RetentionPolicy}). */
@FunctionalInterface
public interface Importance {
    /** No node is. */
    Importance NONE = view -> node -> false;

    /** Says of the nodes of a view which are, by what is known of them there; for one thread. */
    LongPredicate on(GraphView view);
}
