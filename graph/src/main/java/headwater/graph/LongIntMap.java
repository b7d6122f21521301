// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/** From longs to ints of 0 and more; open addressing. Looking up makes no object. One thread. */
final class LongIntMap {
    private long[] keys = new long[64];
    /** The value plus one; 0 where the slot is free. */
    private int[] values = new int[64];
    private int used;

    /** The value of {@code key}, -1 if it has none. */
    int get(long key) {
        return values[slot(key)] - 1;
    }

    void put(long key, int value) {
        int slot = slot(key);
        if (values[slot] == 0) {
            keys[slot] = key;
            used++;
        }
        values[slot] = value + 1;
        if (used * 2 > keys.length) {
            grow();
        }
    }

    /** Takes a key out, if it is there. */
    void remove(long key) {
        int mask = keys.length - 1;
        int free = slot(key);
        if (values[free] == 0) {
            return;
        }
        used--;
        // What would not be found any more past a free slot moves into it.
        for (int slot = free + 1 & mask; values[slot] != 0; slot = slot + 1 & mask) {
            int home = home(keys[slot]);
            if ((slot - home & mask) >= (slot - free & mask)) {
                keys[free] = keys[slot];
                values[free] = values[slot];
                free = slot;
            }
        }
        values[free] = 0;
    }

    private int home(long key) {
        long mixed = key * 0x9e3779b97f4a7c15L;
        return (int) (mixed ^ mixed >>> 32) & keys.length - 1;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = home(key);
        while (values[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
