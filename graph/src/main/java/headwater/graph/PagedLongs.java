// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.Arrays;

/** An array of longs that grows by pages, so that growing never copies what is there. All are 0 at first. */
final class PagedLongs {
    private static final int PAGE_BITS = 13;
    private static final int PAGE = 1 << PAGE_BITS;

    private long[][] pages = new long[16][];

    long get(long index) {
        return pages[(int) (index >>> PAGE_BITS)][(int) index & PAGE - 1];
    }

    void set(long index, long value) {
        pages[(int) (index >>> PAGE_BITS)][(int) index & PAGE - 1] = value;
    }

    /** Makes room for {@code index}. */
    void reach(long index) {
        int page = (int) (index >>> PAGE_BITS);
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
        }
        if (pages[page] == null) {
            pages[page] = new long[PAGE];
        }
    }
}
