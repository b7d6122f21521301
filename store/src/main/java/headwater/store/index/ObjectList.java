// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.util.Arrays;

/** Numbers of objects or nodes as they are found, in any order and with repeats. For one thread. */
final class ObjectList {
    private long[] numbers = new long[4];
    private int count;

    void add(long number) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = number;
    }

    /** Ascending, each once. */
    long[] toArray() {
        Arrays.sort(numbers, 0, count);
        int end = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || numbers[i] != numbers[end - 1]) {
                numbers[end++] = numbers[i];
            }
        }
        return Arrays.copyOf(numbers, end);
    }
}
