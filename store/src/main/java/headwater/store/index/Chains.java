// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.util.Arrays;

/** Rows grouped by a key, each group in the order in which its rows were added. One thread adds; then many may read. */
final class Chains {
    private final int[] next;
    private int[] keys;
    private int[] heads;
    private int[] tails;
    private int used;

    /** @param rows the rows are below this */
    Chains(int rows) {
        next = new int[rows];
        int capacity = 16;
        keys = new int[capacity];
        heads = new int[capacity];
        tails = new int[capacity];
        Arrays.fill(heads, -1);
    }

    /** Adds {@code row} to the group of {@code key}; a row is in one group at most. */
    void add(int key, int row) {
        if (2 * used >= keys.length) {
            grow();
        }
        next[row] = -1;
        int slot = slot(keys, heads, key);
        if (heads[slot] < 0) {
            keys[slot] = key;
            heads[slot] = row;
            used++;
        } else {
            next[tails[slot]] = row;
        }
        tails[slot] = row;
    }

    /** The first row of the group, -1 if it is empty. */
    int first(int key) {
        return heads[slot(keys, heads, key)];
    }

    /** The row after {@code row} in its group, -1 if it is the last. */
    int next(int row) {
        return next[row];
    }

    private void grow() {
        int capacity = 2 * keys.length;
        int[] newKeys = new int[capacity];
        int[] newHeads = new int[capacity];
        int[] newTails = new int[capacity];
        Arrays.fill(newHeads, -1);
        for (int i = 0; i < keys.length; i++) {
            if (heads[i] >= 0) {
                int slot = slot(newKeys, newHeads, keys[i]);
                newKeys[slot] = keys[i];
                newHeads[slot] = heads[i];
                newTails[slot] = tails[i];
            }
        }
        keys = newKeys;
        heads = newHeads;
        tails = newTails;
    }

    private static int slot(int[] keys, int[] heads, int key) {
        int mask = keys.length - 1;
        int slot = key * 0x9e3779b9;
        slot = (slot ^ slot >>> 16) & mask;
        while (heads[slot] >= 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
