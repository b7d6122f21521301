// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Numbers different strings from 0, in the order in which they come; the bytes are kept by another. For one thread. */
final class StringTable {
    /** Where the bytes are. */
    interface Bytes {
        MemorySegment bytes();

        /** Appends and returns where. */
        long append(MemorySegment from, long offset, int length);
    }

    private final Bytes bytes;
    private int[] slots = new int[1024];
    private long[] hashes = new long[512];
    private long[] starts = new long[512];
    private int[] lengths = new int[512];
    private int count;

    StringTable(Bytes bytes) {
        this.bytes = bytes;
    }

    int count() {
        return count;
    }

    long start(int string) {
        return starts[string];
    }

    int length(int string) {
        return lengths[string];
    }

    /** {@link IndexFormat#contentHash} of a string. */
    long hash(int string) {
        return hashes[string];
    }

    /** The number of the string; equal to the {@link #count} before the call if it is new. */
    int intern(MemorySegment from, long offset, int length) {
        long hash = IndexFormat.contentHash(from, offset, length);
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            int string = entry - 1;
            if (hashes[string] == hash && lengths[string] == length && MemorySegment.mismatch(bytes.bytes(),
                    starts[string], starts[string] + length, from, offset, offset + length) < 0) {
                return string;
            }
            slot = slot + 1 & mask;
        }
        if (count == starts.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        hashes[count] = hash;
        starts[count] = bytes.append(from, offset, length);
        lengths[count] = length;
        slots[slot] = ++count;
        if (2 * count > slots.length) {
            rehash();
        }
        return count - 1;
    }

    private void rehash() {
        int[] larger = new int[2 * slots.length];
        int mask = larger.length - 1;
        for (int string = 0; string < count; string++) {
            int slot = (int) hashes[string] & mask;
            while (larger[slot] != 0) {
                slot = slot + 1 & mask;
            }
            larger[slot] = string + 1;
        }
        slots = larger;
    }
}
