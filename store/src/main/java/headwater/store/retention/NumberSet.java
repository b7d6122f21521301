// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** A set of numbers from 0, in eight to sixteen bytes each. For one thread. */
final class NumberSet {
    private long[] slots = new long[64];
    private int count;

    boolean add(long number) {
        if (2 * (count + 1) > slots.length) {
            grow();
        }
        int slot = slot(slots, number);
        if (slots[slot] != 0) {
            return false;
        }
        slots[slot] = number + 1;
        count++;
        return true;
    }

    boolean contains(long number) {
        return slots[slot(slots, number)] != 0;
    }

    int count() {
        return count;
    }

    void each(LongConsumer to) {
        for (long slot : slots) {
            if (slot != 0) {
                to.accept(slot - 1);
            }
        }
    }

    /** All of them, ascending. */
    long[] sorted() {
        long[] sorted = Arrays.stream(slots).filter(slot -> slot != 0).map(slot -> slot - 1).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private void grow() {
        long[] larger = new long[2 * slots.length];
        for (long slot : slots) {
            if (slot != 0) {
                larger[slot(larger, slot - 1)] = slot;
            }
        }
        slots = larger;
    }

    /** Where the number is, or would be. */
    private static int slot(long[] in, long number) {
        long mixed = number * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & in.length - 1;
        while (in[slot] != 0 && in[slot] != number + 1) {
            slot = slot + 1 & in.length - 1;
        }
        return slot;
    }
}
