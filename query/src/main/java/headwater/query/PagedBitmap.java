// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.Arrays;

/**
 * A set of node numbers whose memory follows what is in it and not the size of the graph: pages of 65,536 bits, made
 * when first set. One thread uses it.
 */
public final class PagedBitmap {
    private static final int PAGE_POWER = 16;
    private static final int PAGE_LONGS = 1 << PAGE_POWER - 6;
    private static final long PAGE_MASK = (1L << PAGE_POWER) - 1;

    private long[][] pages = new long[16][];

    /** Adds {@code number}, from 0 to 2^46; true if it was not there before. */
    public boolean add(long number) {
        int page = Math.toIntExact(number >>> PAGE_POWER);
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
        }
        long[] bits = pages[page];
        if (bits == null) {
            bits = new long[PAGE_LONGS];
            pages[page] = bits;
        }
        int word = (int) (number & PAGE_MASK) >>> 6;
        long bit = 1L << number;
        boolean isNew = (bits[word] & bit) == 0;
        bits[word] |= bit;
        return isNew;
    }

    /** The same numbers in a set of their own. */
    PagedBitmap copy() {
        PagedBitmap copy = new PagedBitmap();
        copy.pages = new long[pages.length][];
        for (int i = 0; i < pages.length; i++) {
            copy.pages[i] = pages[i] == null ? null : pages[i].clone();
        }
        return copy;
    }

    public boolean contains(long number) {
        long page = number >>> PAGE_POWER;
        if (page >= pages.length || pages[(int) page] == null) {
            return false;
        }
        return (pages[(int) page][(int) (number & PAGE_MASK) >>> 6] & 1L << number) != 0;
    }

    /** The lowest number from {@code from} on that is in it, -1 if there is none. */
    public long next(long from) {
        long at = Math.max(0, from);
        while (at >>> PAGE_POWER < pages.length) {
            long[] bits = pages[(int) (at >>> PAGE_POWER)];
            if (bits == null) {
                at = (at >>> PAGE_POWER) + 1 << PAGE_POWER;
                continue;
            }
            int word = (int) (at & PAGE_MASK) >>> 6;
            long rest = bits[word] >>> at;
            if (rest != 0) {
                return at + Long.numberOfTrailingZeros(rest);
            }
            at = (at | 63) + 1;
        }
        return -1;
    }
}
