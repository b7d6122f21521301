// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.Arrays;

/** A growing row of numbers, without an object for each. One thread uses it. */
public final class LongList {
    private long[] values = new long[64];
    private int size;

    public void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    public long get(int index) {
        return values[index];
    }

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    public long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
