// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Dropped;
import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.Arrays;

/**
 * Where an answer reaches into time that retention has dropped.
 *
 * @param dropped what was dropped of the store
 * @param count of how many of the answer's nodes something flowed in or out then, which is not known any more
 * @param nodes the first of them, as they were met; at most {@value #MOST_NODES}
 */
public record DroppedTime(Dropped dropped, long count, long[] nodes) {
    static final int MOST_NODES = 1000;

    /** Collects nodes of one answer. For one thread. */
    static final class Collector {
        private final GraphView view;
        private final Dropped dropped;
        private final boolean asked;
        private final boolean exact;
        private final LongList nodes = new LongList();
        private long count;

        Collector(GraphView view, Limits limits) {
            this.view = view;
            dropped = view.dropped();
            asked = !dropped.isNothing() && limits.sinceNs() <= dropped.untilNs();
            // What only tells, and names, are not kept account of.
            exact = limits.relations().stream().noneMatch(relation -> relation.isTelling() || relation == Relation.NAMED);
        }

        /** True if nodes can lack something at all. */
        boolean asked() {
            return asked;
        }

        void causes(long node) {
            if (node < dropped.nodes() && (!exact || view.lacksCauses(node))) {
                add(node);
            }
        }

        void effects(long node) {
            if (node < dropped.nodes() && (!exact || view.lacksEffects(node))) {
                add(node);
            }
        }

        /** Versions of what was asked for that are gone may have had effects of their own, if the oldest that is left was asked for. */
        void start(Start start) {
            for (long object : start.objects()) {
                if (object < dropped.objects() && view.lacksVersions(object)) {
                    long oldest = view.versions(object)[0];
                    if (Arrays.stream(start.nodes()).anyMatch(node -> node == oldest) && !view.lacksEffects(oldest)) {
                        add(oldest);
                    }
                }
            }
        }

        private void add(long node) {
            count++;
            if (nodes.size() < MOST_NODES) {
                nodes.add(node);
            }
        }

        /** Null if the answer does not reach there. */
        DroppedTime reached() {
            return count == 0 ? null : new DroppedTime(dropped, count, nodes.toArray());
        }
    }
}
