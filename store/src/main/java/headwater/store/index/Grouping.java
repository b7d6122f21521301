// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongToIntFunction;

/**
 * Rows grouped by a key: by counting sort those whose key is a segment's own, by sorting those whose key is foreign. The thread that
 * made it uses it.
 */
final class Grouping implements AutoCloseable {
    /** Of each row put, its own key, -1 if the key is foreign. */
    private final GrowingBytes keys = new GrowingBytes(256);
    /** Of each row put, the number that it stands for, if that is not the row itself. */
    private final GrowingBytes numbers = new GrowingBytes(256);
    private boolean dense = true;
    /** Foreign key in the upper half, number in the lower. */
    private long[] foreign = new long[16];
    private int foreigners;
    private boolean sorted;
    private int rows;

    /**
     * @param own the key within the segment, negative if it is foreign
     * @param key the key in the store
     * @param number ascending
     */
    void put(long own, long key, int number) {
        if (own < 0) {
            if (foreigners == foreign.length) {
                foreign = Arrays.copyOf(foreign, 2 * foreigners);
            }
            foreign[foreigners++] = key << 32 | number;
            sorted = false;
            if (dense) {
                keys.putInt(-1);
                rows++;
            }
            return;
        }
        if (dense && number != rows) {
            dense = false;
            for (int i = 0; i < rows; i++) {
                numbers.putInt(i);
            }
        }
        keys.putInt((int) own);
        if (!dense) {
            numbers.putInt(number);
        }
        rows++;
    }

    /** The lists of keys 0 to below {@code count}. */
    EdgeLists.Writer own(int count, LongToIntFunction base) {
        EdgeLists.Writer lists = new EdgeLists.Writer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(4L * (count + 1), 8);
            MemorySegment grouped = arena.allocate(Math.max(4, 4L * rows), 8);
            for (int row = 0; row < rows; row++) {
                int key = keys.intAt(row);
                if (key >= 0) {
                    ends.set(IndexFormat.INT, 4L * key, ends.get(IndexFormat.INT, 4L * key) + 1);
                }
            }
            int sum = 0;
            for (int key = 0; key < count; key++) {
                int of = ends.get(IndexFormat.INT, 4L * key);
                ends.set(IndexFormat.INT, 4L * key, sum);
                sum += of;
            }
            for (int row = 0; row < rows; row++) {
                int key = keys.intAt(row);
                if (key >= 0) {
                    int at = ends.get(IndexFormat.INT, 4L * key);
                    grouped.set(IndexFormat.INT, 4L * at, dense ? row : numbers.intAt(row));
                    ends.set(IndexFormat.INT, 4L * key, at + 1);
                }
            }
            EdgeLists.Numbers numbersOf = row -> grouped.get(IndexFormat.INT, 4L * row);
            int from = 0;
            for (int key = 0; key < count; key++) {
                int to = ends.get(IndexFormat.INT, 4L * key);
                lists.put(numbersOf, from, to - from, base.applyAsInt(key));
                from = to;
            }
        }
        return lists;
    }

    /** The foreign keys, ascending, each once. */
    PackedColumnWriter foreignKeys() {
        sort();
        PackedColumnWriter column = new PackedColumnWriter();
        for (int i = 0; i < foreigners; i++) {
            if (i == 0 || foreign[i] >>> 32 != foreign[i - 1] >>> 32) {
                column.put(foreign[i] >>> 32);
            }
        }
        return column;
    }

    /** The lists of the foreign keys, in their order; base 0. */
    EdgeLists.Writer foreignLists() {
        sort();
        EdgeLists.Writer lists = new EdgeLists.Writer();
        EdgeLists.Numbers numbersOf = row -> foreign[(int) row] & 0xffffffffL;
        for (int from = 0; from < foreigners;) {
            int to = from + 1;
            while (to < foreigners && foreign[to] >>> 32 == foreign[from] >>> 32) {
                to++;
            }
            lists.put(numbersOf, from, to - from, 0);
            from = to;
        }
        return lists;
    }

    void writeFilter(SectionWriter to) throws IOException {
        sort();
        long[] distinct = new long[foreigners];
        int count = 0;
        for (int i = 0; i < foreigners; i++) {
            if (i == 0 || foreign[i] >>> 32 != foreign[i - 1] >>> 32) {
                distinct[count++] = foreign[i] >>> 32;
            }
        }
        NodeFilter.write(to, row -> distinct[(int) row], count);
    }

    private void sort() {
        if (!sorted) {
            // Numbers are below 2^31 and keys below 2^32: flipping the sign bit sorts keys as unsigned.
            for (int i = 0; i < foreigners; i++) {
                foreign[i] ^= Long.MIN_VALUE;
            }
            Arrays.sort(foreign, 0, foreigners);
            for (int i = 0; i < foreigners; i++) {
                foreign[i] ^= Long.MIN_VALUE;
            }
            sorted = true;
        }
    }

    @Override
    public void close() {
        keys.close();
        numbers.close();
    }
}
