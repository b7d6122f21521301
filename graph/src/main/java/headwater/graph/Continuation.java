// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.GraphView;

/**
 * Where a store's numbering goes on.
 *
 * @param nextObject the number of the next object that is not yet in the store
 * @param nextNode that of the next node
 * @param nextEdge that of the next edge
 */
public record Continuation(long nextObject, long nextNode, long nextEdge) {
    /** Of a store that holds nothing yet. */
    public static final Continuation FIRST = new Continuation(0, 0, 0);

    /** Of a store that holds what {@code view} shows, and no more. */
    public static Continuation of(GraphView view) {
        return new Continuation(view.objects(), view.nodes(), view.edges());
    }
}
