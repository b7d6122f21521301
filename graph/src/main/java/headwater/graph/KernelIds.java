// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.Arrays;

/**
 * From the kernel's ids to handles of objects ({@link Versions}). Ids count up on each CPU, so those in use lie close
 * together: a page of them is one array. The pages are found by hash, so that an absurd id costs one page, not a table
 * up to it.
 */
final class KernelIds {
    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;

    private final LongIntMap directory = new LongIntMap();
    private int[][] pages = new int[16][];
    private int pageCount;

    /** The handle that {@code id} stands for, -1 if it is unknown. */
    int get(long id) {
        int page = directory.get(id >>> PAGE_BITS);
        return page < 0 ? -1 : pages[page][(int) id & PAGE - 1] - 1;
    }

    void remove(long id) {
        int page = directory.get(id >>> PAGE_BITS);
        if (page >= 0) {
            pages[page][(int) id & PAGE - 1] = 0;
        }
    }

    void put(long id, int handle) {
        int page = directory.get(id >>> PAGE_BITS);
        if (page < 0) {
            if (pageCount == pages.length) {
                pages = Arrays.copyOf(pages, pageCount * 2);
            }
            page = pageCount++;
            pages[page] = new int[PAGE];
            directory.put(id >>> PAGE_BITS, page);
        }
        pages[page][(int) id & PAGE - 1] = handle + 1;
    }
}
