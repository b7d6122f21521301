// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;

/** Which objects may have a value in a field, by the indexes of a store. */
public final class IndexLookup {
    private IndexLookup() {
    }

    /**
     * The objects that may have {@code value} in the field of {@link GraphFields#NODE}; others surely do not have it.
     *
     * @param value a String or a Long
     * @return null if there is no index for the field
     */
    public static long[] of(GraphView view, String field, Object value) {
        return GraphFields.lookup(view, field, value);
    }
}
