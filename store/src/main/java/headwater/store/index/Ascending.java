// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.util.Arrays;

/** Ascending numbers, each once. */
final class Ascending {
    private Ascending() {
    }

    /**
     * Sorts {@code from} to {@code to} of the array, drops repeats, and returns how many are left from {@code from} on.
     */
    static int sortUnique(int[] numbers, int from, int to) {
        Arrays.sort(numbers, from, to);
        int end = from;
        for (int i = from; i < to; i++) {
            if (i == from || numbers[i] != numbers[i - 1]) {
                numbers[end++] = numbers[i];
            }
        }
        return end - from;
    }

    /** As {@link #sortUnique(int[], int, int)}, of the first {@code count} numbers. */
    static long[] sortUnique(long[] numbers, int count) {
        long[] sorted = Arrays.copyOf(numbers, count);
        Arrays.sort(sorted);
        int end = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || sorted[i] != sorted[end - 1]) {
                sorted[end++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, end);
    }
}
