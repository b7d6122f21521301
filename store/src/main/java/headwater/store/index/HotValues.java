// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.index.HotFormat.Table;
import java.lang.foreign.MemorySegment;

/** The different values of indexed attributes of a hot segment: rows that never move, and slots as in {@link HotKeys}. For one thread. */
final class HotValues {
    private static final MemorySegment MEMORY = HotTables.MEMORY;
    static final int PLACE = 2;
    private static final int ROWS = Table.VALUES.ordinal();
    private static final int SLOTS = Table.VALUE_SLOTS.ordinal();
    private static final int NUMBERS = Table.NUMBERS.ordinal();

    private final HotTables hot;
    private int power = HotFormat.FIRST_SLOTS_POWER;
    private int count;

    HotValues(HotTables hot) {
        this.hot = hot;
        hot.header.set(IndexFormat.INT, HotFormat.SLOTS_AT + 4L * PLACE, power);
        room(SLOTS, HotFormat.slotsAt(power + 1));
    }

    /**
     * Where the row of a value stands; makes it if there is none.
     *
     * @param word as {@link HotFormat} says of the tag
     * @param number the number, if it is one
     */
    long row(int hash, int tag, int word, long number) {
        long table = hot.addresses[ROWS];
        long base = hot.addresses[SLOTS] + HotFormat.slotsAt(power);
        int mask = (1 << power) - 1;
        int slot = hash & mask;
        for (int entry = MEMORY.get(IndexFormat.INT, base + 4L * slot); entry != 0; entry = MEMORY.get(IndexFormat.INT, base + 4L * slot)) {
            long at = (long) (entry - 1) * HotFormat.VALUE_BYTES;
            if (MEMORY.get(IndexFormat.INT, table + at) == hash && MEMORY.get(IndexFormat.INT, table + at + 4) == tag
                    && same(MEMORY.get(IndexFormat.INT, table + at + 8), tag, word, number)) {
                return at;
            }
            slot = slot + 1 & mask;
        }
        long at = (long) count * HotFormat.VALUE_BYTES;
        room(ROWS, at + HotFormat.VALUE_BYTES);
        long to = hot.addresses[ROWS] + at;
        MEMORY.set(IndexFormat.INT, to, hash);
        MEMORY.set(IndexFormat.INT, to + 4, tag);
        MEMORY.set(IndexFormat.INT, to + 8, word);
        count++;
        HotFormat.LINK.setRelease(MEMORY, base + 4L * slot, count);
        if (2 * count > mask) {
            grow();
        }
        return at;
    }

    private boolean same(int other, int tag, int word, long number) {
        return other == word
                || (tag & HotFormat.TAG_NUMBER) != 0 && MEMORY.get(IndexFormat.LONG, hot.addresses[NUMBERS] + (other & 0xffffffffL) * 8) == number;
    }

    private void grow() {
        int larger = power + 1;
        room(SLOTS, HotFormat.slotsAt(larger + 1));
        long base = hot.addresses[SLOTS] + HotFormat.slotsAt(larger);
        int mask = (1 << larger) - 1;
        for (int row = 0; row < count; row++) {
            int slot = MEMORY.get(IndexFormat.INT, hot.addresses[ROWS] + (long) row * HotFormat.VALUE_BYTES) & mask;
            while (MEMORY.get(IndexFormat.INT, base + 4L * slot) != 0) {
                slot = slot + 1 & mask;
            }
            MEMORY.set(IndexFormat.INT, base + 4L * slot, row + 1);
        }
        power = larger;
        HotFormat.LINK.setRelease(hot.header, HotFormat.SLOTS_AT + 4L * PLACE, larger);
    }

    private void room(int table, long bytes) {
        if (bytes > hot.reserved[table]) {
            hot.reserve(table, bytes);
        }
    }
}
