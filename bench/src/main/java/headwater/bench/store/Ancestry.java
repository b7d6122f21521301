// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.model.GraphView;
import java.util.Arrays;

/**
 * Walks to all ancestors of a node: breadth first, what was visited in a paged bitmap. For one thread, again and again.
 */
final class Ancestry {
    private static final int PAGE_POWER = 11;
    private static final int PAGE_LONGS = 1 << PAGE_POWER - 6;

    private final GraphView view;
    private final long[][] pages;
    private long[] queue = new long[1 << 12];
    private int end;
    private final GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
        visit(other);
        return true;
    };

    Ancestry(GraphView view) {
        this.view = view;
        pages = new long[(int) (view.nodes() >>> PAGE_POWER) + 1][];
    }

    /** How many ancestors the node has, itself not counted. */
    int count(long node) {
        for (int i = 0; i < end; i++) {
            pages[(int) (queue[i] >>> PAGE_POWER)][(int) (queue[i] >>> 6) & PAGE_LONGS - 1] = 0;
        }
        end = 0;
        visit(node);
        for (int next = 0; next < end; next++) {
            view.causes(queue[next], visitor);
        }
        return end - 1;
    }

    /** A sum over the ancestors that were counted last. */
    long sum() {
        long sum = 0;
        for (int i = 1; i < end; i++) {
            sum += mix(queue[i]);
        }
        return sum;
    }

    static long mix(long node) {
        long mixed = (node ^ node >>> 30) * 0xbf58476d1ce4e5b9L;
        return mixed ^ mixed >>> 27;
    }

    private void visit(long node) {
        int page = (int) (node >>> PAGE_POWER);
        long[] bits = pages[page];
        if (bits == null) {
            bits = new long[PAGE_LONGS];
            pages[page] = bits;
        }
        int word = (int) (node >>> 6) & PAGE_LONGS - 1;
        long bit = 1L << node;
        if ((bits[word] & bit) == 0) {
            if (end == queue.length) {
                queue = Arrays.copyOf(queue, 2 * end);
            }
            bits[word] |= bit;
            queue[end++] = node;
        }
    }
}
