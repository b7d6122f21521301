// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.store.index.StoreView;
import java.util.Map;

/**
 * From where a capture goes on in a store that already holds something. Objects are looked up in the
 * {@link Store#view view}, by {@link headwater.model.Attribute#INODE_KEY} and the like.
 */
public final class ContinuationState {
    private final StoreView view;
    private final long nextObject;
    private final long nextNode;
    private final long nextEdge;
    private final Map<String, Integer> boots;

    /** @param view stays the caller's, and must be open for {@link #currentNode} */
    ContinuationState(StoreView view) {
        this.view = view;
        this.nextObject = view.objects();
        this.nextNode = view.nodes();
        this.nextEdge = view.edges();
        this.boots = view.boots();
    }

    /** The number that the next new object must have; likewise the next two. */
    public long nextObject() {
        return nextObject;
    }

    public long nextNode() {
        return nextNode;
    }

    public long nextEdge() {
        return nextEdge;
    }

    /** The number that the next session must have, from 1. */
    public int nextSession() {
        return view.lastSession() + 1;
    }

    /** The boot number of {@code bootId}: the one that it had before in this store, else the next free one, from 1. */
    public int bootNumber(String bootId) {
        Integer known = boots.get(bootId);
        return known != null ? known : 1 + boots.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** The newest version of {@code object}, as a node. */
    public long currentNode(long object) {
        long[] versions = view.versions(object);
        return versions[versions.length - 1];
    }
}
