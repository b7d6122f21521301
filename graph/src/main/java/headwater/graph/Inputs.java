// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * What each process has taken in since the last line that it wrote to a log: the nodes, and the objects of which they are versions. At
 * most {@value #OF_PROCESS_MAX} of a process, and {@value #PROCESSES_MAX} processes; of more, those are forgotten that have taken in
 * nothing for longest. To take makes no object, once there are enough.
 */
final class Inputs {
    static final int OF_PROCESS_MAX = 1024;
    static final int PROCESSES_MAX = 8192;
    private static final int NONE = -1;

    /** What one process has taken, in that order. */
    static final class Taken {
        private long process;
        private long[] nodes = new long[8];
        private int[] handles = new int[8];
        private int size;
        private final LongIntMap places = new LongIntMap();
        private boolean more;
        private int older;
        private int newer;

        int size() {
            return size;
        }

        long node(int place) {
            return nodes[place];
        }

        /** Of the object. */
        int handle(int place) {
            return handles[place];
        }

        /** There was more than is kept. */
        boolean more() {
            return more;
        }

        private void add(long node, int handle) {
            int place = places.get(node);
            if (place >= 0) {
                handles[place] = handle;
            } else if (size == OF_PROCESS_MAX) {
                more = true;
            } else {
                if (size == nodes.length) {
                    nodes = Arrays.copyOf(nodes, 2 * size);
                    handles = Arrays.copyOf(handles, 2 * size);
                }
                nodes[size] = node;
                handles[size] = handle;
                places.put(node, size++);
            }
        }

        private void clear() {
            for (int i = 0; i < size; i++) {
                places.remove(nodes[i]);
            }
            size = 0;
            more = false;
        }
    }

    private final LongIntMap slots = new LongIntMap();
    private Taken[] taken = new Taken[64];
    private int made;
    /** Of those in use, linked by `older` and `newer`; of those free, by `older`. */
    private int newest = NONE;
    private int oldest = NONE;
    private int free = NONE;

    /** @param process the kernel's id */
    void take(long process, long node, int handle) {
        int slot = slots.get(process);
        if (slot < 0) {
            slot = next();
            taken[slot].process = process;
            slots.put(process, slot);
            link(slot);
        } else if (slot != newest) {
            unlink(slot);
            link(slot);
        }
        taken[slot].add(node, handle);
    }

    private int next() {
        if (free == NONE && made == PROCESSES_MAX) {
            forget(taken[oldest].process);
        }
        if (free != NONE) {
            int slot = free;
            free = taken[slot].older;
            return slot;
        }
        if (made == taken.length) {
            taken = Arrays.copyOf(taken, 2 * made);
        }
        taken[made] = new Taken();
        return made++;
    }

    private void link(int slot) {
        taken[slot].older = newest;
        taken[slot].newer = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            taken[newest].newer = slot;
        }
        newest = slot;
    }

    private void unlink(int slot) {
        Taken gone = taken[slot];
        if (gone.newer == NONE) {
            newest = gone.older;
        } else {
            taken[gone.newer].older = gone.older;
        }
        if (gone.older == NONE) {
            oldest = gone.newer;
        } else {
            taken[gone.older].newer = gone.newer;
        }
    }

    /** Null if it has taken in nothing; else as it is until that process is forgotten. */
    Taken of(long process) {
        int slot = slots.get(process);
        return slot < 0 ? null : taken[slot];
    }

    /** Hands over all that is kept. */
    void each(LongConsumer nodes) {
        for (int slot = newest; slot != NONE; slot = taken[slot].older) {
            for (int i = 0; i < taken[slot].size; i++) {
                nodes.accept(taken[slot].nodes[i]);
            }
        }
    }

    void forget(long process) {
        int slot = slots.get(process);
        if (slot >= 0) {
            slots.remove(process);
            unlink(slot);
            taken[slot].clear();
            taken[slot].older = free;
            free = slot;
        }
    }

    void clear() {
        while (newest != NONE) {
            forget(taken[newest].process);
        }
    }
}
