// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A set of node numbers, one bit for each, in pages that are made when first needed. */
final class PagedBits {
    private static final int POWER = 16;

    private final Map<Long, BitSet> pages = new HashMap<>();

    /** Adds {@code number}; true if it was not in it. */
    boolean add(long number) {
        BitSet page = pages.computeIfAbsent(number >>> POWER, key -> new BitSet(1 << POWER));
        int bit = (int) (number & (1 << POWER) - 1);
        boolean was = page.get(bit);
        page.set(bit);
        return !was;
    }

    void clear() {
        pages.clear();
    }
}
