// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.query.Lineage.Direction;

/** Which nodes a walk reaches, one bit each. Not changed once made; one thread uses it. */
public final class Reach {
    private final GraphView view;
    private final PagedBitmap nodes;
    private final PagedBitmap objects = new PagedBitmap();

    private Reach(GraphView view, PagedBitmap nodes) {
        this.view = view;
        this.nodes = nodes;
        for (long node = nodes.next(0); node >= 0; node = nodes.next(node + 1)) {
            objects.add(view.object(node));
        }
    }

    /** What {@code start} came from, or what came of it; it is among that itself. */
    public static Reach of(GraphView view, Direction direction, long[] start, Limits limits) {
        return new Reach(view, Lineage.reached(view, direction, start, limits));
    }

    public boolean hasObject(long object) {
        return objects.contains(object);
    }

    /** The lowest object from {@code from} on, -1 if there is none. */
    public long nextObject(long from) {
        return objects.next(from);
    }

    /** The newest version of an object that was reached. */
    public long newest(long object) {
        long[] versions = view.versions(object);
        for (int i = versions.length - 1; i > 0; i--) {
            if (nodes.contains(versions[i])) {
                return versions[i];
            }
        }
        return versions[0];
    }
}
