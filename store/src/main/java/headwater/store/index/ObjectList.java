// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.util.Arrays;

/** Objects as they are found, in any order and with repeats. */
final class ObjectList {
    private long[] objects = new long[4];
    private int count;

    void add(long object) {
        if (count == objects.length) {
            objects = Arrays.copyOf(objects, 2 * count);
        }
        objects[count++] = object;
    }

    /** Ascending, each once. */
    long[] toArray() {
        return Ascending.sortUnique(objects, count);
    }
}
