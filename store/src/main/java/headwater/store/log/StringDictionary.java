// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Strings of bytes, each kept once and numbered from 0 in the order in which they came. For one thread. */
public final class StringDictionary {
    private static final int FIRST_CAPACITY = 1024;

    private final ColumnBuffer bytes;
    private int[] starts = new int[FIRST_CAPACITY];
    private int[] lengths = new int[FIRST_CAPACITY];
    private int[] hashes = new int[FIRST_CAPACITY];
    /** Number of a string plus one, by its hash; 0 is free. */
    private int[] slots = new int[2 * FIRST_CAPACITY];
    private int count;

    /** Keeps the strings, one after another, in {@code bytes}, which nobody else may change. */
    public StringDictionary(ColumnBuffer bytes) {
        this.bytes = bytes;
    }

    public int count() {
        return count;
    }

    /** Where string {@code number} starts in the buffer. */
    public int start(int number) {
        return starts[number];
    }

    public int length(int number) {
        return lengths[number];
    }

    /** The number of the string; equal to the {@link #count} before the call if it is a new one. */
    public int intern(MemorySegment from, long offset, int length) {
        int start = bytes.length();
        bytes.putBytes(from, offset, length);
        byte[] array = bytes.array();
        int hash = hash(array, start, length);
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            int number = entry - 1;
            int other = starts[number];
            if (hashes[number] == hash && lengths[number] == length
                    && Arrays.equals(array, other, other + length, array, start, start + length)) {
                bytes.cut(start);
                return number;
            }
            slot = slot + 1 & mask;
        }
        return add(slot, start, length, hash);
    }

    /** Forgets all strings. */
    public void clear() {
        if (count > 0) {
            Arrays.fill(slots, 0);
        }
        count = 0;
        bytes.clear();
    }

    private int add(int slot, int start, int length, int hash) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        starts[count] = start;
        lengths[count] = length;
        hashes[count] = hash;
        slots[slot] = ++count;
        if (2 * count > slots.length) {
            rehash();
        }
        return count - 1;
    }

    private void rehash() {
        int[] larger = new int[2 * slots.length];
        int mask = larger.length - 1;
        for (int number = 0; number < count; number++) {
            int slot = hashes[number] & mask;
            while (larger[slot] != 0) {
                slot = slot + 1 & mask;
            }
            larger[slot] = number + 1;
        }
        slots = larger;
    }

    private static int hash(byte[] array, int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + array[i];
        }
        hash *= 0x9e3779b9;
        return hash ^ hash >>> 15;
    }
}
