// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.GraphView;
import headwater.store.log.LogPosition;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * Finds out whether a segment of the log holds something important: a node, or an edge into, out of or by a node. It reads the graph's
 * index, opened when it is first needed, and in memory keeps no more than {@link #REMEMBERED} numbers. For one thread.
 */
final class Pins implements AutoCloseable {
    /** How many nodes of before the segment are not asked for again; a power of two. */
    private static final int REMEMBERED = 1 << 16;
    private static final int STOP_INTERVAL = 1 << 10;

    private final Supplier<? extends GraphView> views;
    private final Importance importance;
    private final RetentionPlan.Pin known;
    private final BooleanSupplier stop;
    private GraphView view;
    private LongPredicate important;
    private long[] unimportant;
    private int steps;
    private boolean stopped;

    /**
     * @param views opens the graph of the log; what is opened is closed here
     * @param known what kept a segment when it was last asked, or null: looked at first, as it most often still does
     * @param stop asked now and then: true to find nothing more
     */
    Pins(Supplier<? extends GraphView> views, Importance importance, RetentionPlan.Pin known, BooleanSupplier stop) {
        this.views = views;
        this.importance = importance;
        this.known = known;
        this.stop = stop;
    }

    /** True if it was to stop: that nothing was found means nothing then. */
    boolean stopped() {
        return stopped;
    }

    /**
     * An important node of a segment.
     *
     * @param from where the segment begins
     * @param to where the next one does
     * @return its number, -1 if there is none
     */
    long find(LogPosition from, LogPosition to) {
        stopped |= stop.getAsBoolean();
        if (stopped) {
            return -1;
        }
        if (view == null) {
            view = views.get();
            important = importance.on(view);
            unimportant = new long[REMEMBERED];
        }
        if (view.nodes() < to.nodes() || view.edges() < to.edges()) {
            // The index is behind: what is important there is not known yet.
            stopped = true;
            return -1;
        }
        if (known != null && known.segment() == from.segment() && isKnown(known.node()) && important.test(known.node())) {
            return known.node();
        }
        // A reader's view may begin later than the log did when it was asked: another process can drop.
        long firstNode = Math.max(from.nodes(), view.dropped().nodes());
        for (long node = firstNode; node < to.nodes() && onward(); node++) {
            if (important.test(node)) {
                return node;
            }
        }
        for (long edge = Math.max(from.edges(), view.dropped().edges()); edge < to.edges() && onward(); edge++) {
            GraphView.Edge one = view.edge(edge);
            long found = olderOf(one, firstNode);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    /** The object of a node that was found. */
    long object(long node) {
        return view.object(node);
    }

    /** An important one of the ends of an edge that are from before {@code firstNode}, -1 if there is none. */
    private long olderOf(GraphView.Edge edge, long firstNode) {
        if (isOlder(edge.cause(), firstNode)) {
            return edge.cause();
        }
        if (isOlder(edge.effect(), firstNode)) {
            return edge.effect();
        }
        return isOlder(edge.task(), firstNode) ? edge.task() : -1;
    }

    private boolean isOlder(long node, long firstNode) {
        if (node < 0 || node >= firstNode) {
            return false;
        }
        int slot = (int) node & REMEMBERED - 1;
        if (unimportant[slot] == node + 1) {
            return false;
        }
        if (isKnown(node) && important.test(node)) {
            return true;
        }
        unimportant[slot] = node + 1;
        return false;
    }

    private boolean isKnown(long node) {
        return node < view.nodes() && view.nextNode(node) == node;
    }

    private boolean onward() {
        if ((++steps & STOP_INTERVAL - 1) == 0) {
            stopped |= stop.getAsBoolean();
        }
        return !stopped;
    }

    @Override
    public void close() {
        if (view != null) {
            view.close();
        }
    }
}
