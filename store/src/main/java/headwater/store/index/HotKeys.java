// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.index.HotFormat.Table;
import java.lang.foreign.MemorySegment;

/**
 * The foreign nodes, or objects, of a hot segment, by number: rows that never move, and slots that are made anew twice as many when half
 * are taken. The writer's half; {@link #find} is the readers'.
 */
final class HotKeys {
    private static final MemorySegment MEMORY = HotTables.MEMORY;

    private final HotTables hot;
    private final int rows;
    private final int slots;
    private final long powerAt;
    private int power = HotFormat.FIRST_SLOTS_POWER;
    private int count;

    /** @param place of its number of slots in the header */
    HotKeys(HotTables hot, Table rows, Table slots, int place) {
        this.hot = hot;
        this.rows = rows.ordinal();
        this.slots = slots.ordinal();
        this.powerAt = HotFormat.SLOTS_AT + 4L * place;
        hot.header.set(IndexFormat.INT, powerAt, power);
        room(this.slots, HotFormat.slotsAt(power + 1));
    }

    /** Where the row of {@code key} stands; makes it if there is none. */
    long row(int key) {
        long table = hot.addresses[rows];
        long base = hot.addresses[slots] + HotFormat.slotsAt(power);
        int mask = (1 << power) - 1;
        int slot = slot(key, mask);
        for (int entry = MEMORY.get(IndexFormat.INT, base + 4L * slot); entry != 0; entry = MEMORY.get(IndexFormat.INT, base + 4L * slot)) {
            long at = (long) (entry - 1) * HotFormat.FOREIGN_BYTES;
            if (MEMORY.get(IndexFormat.INT, table + at) == key) {
                return at;
            }
            slot = slot + 1 & mask;
        }
        long at = (long) count * HotFormat.FOREIGN_BYTES;
        room(rows, at + HotFormat.FOREIGN_BYTES);
        MEMORY.set(IndexFormat.INT, hot.addresses[rows] + at, key);
        count++;
        HotFormat.LINK.setRelease(MEMORY, base + 4L * slot, count);
        if (2 * count > mask) {
            grow();
        }
        return at;
    }

    private void grow() {
        int larger = power + 1;
        room(slots, HotFormat.slotsAt(larger + 1));
        long base = hot.addresses[slots] + HotFormat.slotsAt(larger);
        int mask = (1 << larger) - 1;
        for (int row = 0; row < count; row++) {
            int slot = slot(MEMORY.get(IndexFormat.INT, hot.addresses[rows] + (long) row * HotFormat.FOREIGN_BYTES), mask);
            while (MEMORY.get(IndexFormat.INT, base + 4L * slot) != 0) {
                slot = slot + 1 & mask;
            }
            MEMORY.set(IndexFormat.INT, base + 4L * slot, row + 1);
        }
        power = larger;
        HotFormat.LINK.setRelease(hot.header, powerAt, larger);
    }

    private void room(int table, long bytes) {
        if (bytes > hot.reserved[table]) {
            hot.reserve(table, bytes);
        }
    }

    private static int slot(int key, int mask) {
        return (int) (IndexFormat.mix(key & 0xffffffffL) >>> 20) & mask;
    }

    /** Where the row of {@code key} stands, -1 if there is none. */
    static long find(MemorySegment header, int place, MemorySegment rows, MemorySegment slots, int key) {
        int power = (int) HotFormat.LINK.getAcquire(header, HotFormat.SLOTS_AT + 4L * place);
        long base = HotFormat.slotsAt(power);
        int mask = (1 << power) - 1;
        int slot = slot(key, mask);
        for (int i = 0; i <= mask; i++) {
            int entry = (int) HotFormat.LINK.getAcquire(slots, base + 4L * slot);
            if (entry == 0) {
                return -1;
            }
            long at = (long) (entry - 1) * HotFormat.FOREIGN_BYTES;
            if (rows.get(IndexFormat.INT, at) == key) {
                return at;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }
}
