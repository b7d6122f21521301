// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.util.function.IntUnaryOperator;

/**
 * Rows grouped by a key that is a small number, by counting sort: rows {@code starts[key]} to {@code starts[key + 1]}
 * of {@code rows} are those of {@code key}, ascending.
 */
record Groups(int[] starts, int[] rows) {
    /**
     * @param keys keys are from 0 to below this
     * @param rows rows are from 0 to below this
     * @param keyOf the key of a row, -1 to leave it out
     */
    static Groups of(int keys, int rows, IntUnaryOperator keyOf) {
        int[] starts = new int[keys + 1];
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            int key = keyOf.applyAsInt(row);
            if (key >= 0) {
                starts[key + 1]++;
                kept++;
            }
        }
        for (int key = 0; key < keys; key++) {
            starts[key + 1] += starts[key];
        }
        int[] grouped = new int[kept];
        int[] at = starts.clone();
        for (int row = 0; row < rows; row++) {
            int key = keyOf.applyAsInt(row);
            if (key >= 0) {
                grouped[at[key]++] = row;
            }
        }
        return new Groups(starts, grouped);
    }
}
