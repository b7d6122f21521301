// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.function.ObjIntConsumer;

/** From inodes to ints of 0 and more; open addressing. An entry takes some 50 bytes, and no object. One thread. */
final class InodeIntMap {
    private long[] inos = new long[64];
    /** Device and generation, 32 bits each. */
    private long[] places = new long[64];
    /** The value plus one; 0 where the slot is free. */
    private int[] values = new int[64];
    private int used;

    /** The value of {@code key}, -1 if it has none. */
    int get(KernelInode key) {
        return values[slot(key.ino(), place(key))] - 1;
    }

    void put(KernelInode key, int value) {
        put(key.ino(), place(key), value + 1);
        if (used * 2 > values.length) {
            rebuild(values.length * 2, -1);
        }
    }

    private void put(long ino, long place, int stored) {
        int slot = slot(ino, place);
        if (values[slot] == 0) {
            inos[slot] = ino;
            places[slot] = place;
            used++;
        }
        values[slot] = stored;
    }

    /** Takes a key out, if it is there. */
    void remove(KernelInode key) {
        int mask = values.length - 1;
        int free = slot(key.ino(), place(key));
        if (values[free] == 0) {
            return;
        }
        used--;
        // What would not be found any more past a free slot moves into it.
        for (int slot = free + 1 & mask; values[slot] != 0; slot = slot + 1 & mask) {
            int home = home(inos[slot], places[slot]);
            if ((slot - home & mask) >= (slot - free & mask)) {
                inos[free] = inos[slot];
                places[free] = places[slot];
                values[free] = values[slot];
                free = slot;
            }
        }
        values[free] = 0;
    }

    /** Takes all inodes of a device out. */
    void removeDevice(long dev) {
        rebuild(values.length, dev);
    }

    /** All entries, in no order. */
    void forEach(ObjIntConsumer<KernelInode> consumer) {
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot] != 0) {
                consumer.accept(new KernelInode(places[slot] >>> 32, inos[slot], places[slot] & 0xffffffffL), values[slot] - 1);
            }
        }
    }

    private static long place(KernelInode key) {
        return key.dev() << 32 | key.generation();
    }

    private int home(long ino, long place) {
        long mixed = (ino * 0x9e3779b97f4a7c15L ^ place) * 0x9e3779b97f4a7c15L;
        return (int) (mixed ^ mixed >>> 32) & values.length - 1;
    }

    private int slot(long ino, long place) {
        int mask = values.length - 1;
        int slot = home(ino, place);
        while (values[slot] != 0 && (inos[slot] != ino || places[slot] != place)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** @param without the device that is left out, -1 for none */
    private void rebuild(int slots, long without) {
        long[] oldInos = inos;
        long[] oldPlaces = places;
        int[] oldValues = values;
        inos = new long[slots];
        places = new long[slots];
        values = new int[slots];
        used = 0;
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != 0 && oldPlaces[i] >>> 32 != without) {
                put(oldInos[i], oldPlaces[i], oldValues[i]);
            }
        }
    }
}
