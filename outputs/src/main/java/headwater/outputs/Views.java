// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.store.Store;
import headwater.store.index.StoreView;

/** Views of the store that outputs share, as each takes memory for what the index does not cover yet. Any thread may call. */
final class Views {
    /** A view that its users hold together; it closes when the last lets go. */
    final class Held {
        private final StoreView view;
        private int holders;

        private Held(StoreView view) {
            this.view = view;
        }

        StoreView view() {
            return view;
        }

        void release() {
            synchronized (Views.this) {
                if (--holders == 0) {
                    view.close();
                    newest = newest == this ? null : newest;
                }
            }
        }
    }

    private final Store store;
    private Held newest;

    /** @param store open for reading, and asked by nobody else */
    Views(Store store) {
        this.store = store;
    }

    /**
     * A view that has at least the first {@code blocks} blocks of the log; the caller releases it.
     *
     * @throws IndexBehindException if these are not indexed yet
     */
    synchronized Held covering(long blocks) {
        if (newest == null || newest.view.position().block() < blocks) {
            StoreView view = store.viewCovering(blocks);
            if (view == null) {
                throw new IndexBehindException(blocks);
            }
            newest = new Held(view);
        }
        newest.holders++;
        return newest;
    }
}
