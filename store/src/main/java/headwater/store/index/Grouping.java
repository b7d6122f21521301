// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongToIntFunction;

/**
 * Rows grouped by a key: by counting sort those whose key is a segment's own, by radix sort those whose key is foreign. All of it in memory
 * outside the heap, which would be the larger by each array that is let go. The thread that made it uses it.
 */
final class Grouping implements AutoCloseable {
    private static final int DIGITS = 1 << Byte.SIZE;

    /** Of each row put, its own key, -1 if the key is foreign. */
    private final GrowingBytes keys = new GrowingBytes(256);
    /** Of each row put, the number that it stands for, if that is not the row itself. */
    private final GrowingBytes numbers = new GrowingBytes(256);
    private boolean dense = true;
    /** Foreign key in the upper half, number in the lower. */
    private final GrowingBytes foreign = new GrowingBytes(128);
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
            foreign.putLong(key << 32 | number);
            foreigners++;
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
            if (i == 0 || foreignKey(i) != foreignKey(i - 1)) {
                column.put(foreignKey(i));
            }
        }
        return column;
    }

    /** The lists of the foreign keys, in their order; base 0. */
    EdgeLists.Writer foreignLists() {
        sort();
        EdgeLists.Writer lists = new EdgeLists.Writer();
        EdgeLists.Numbers numbersOf = row -> foreign.longAt(row) & 0xffffffffL;
        for (int from = 0; from < foreigners;) {
            int to = from + 1;
            while (to < foreigners && foreignKey(to) == foreignKey(from)) {
                to++;
            }
            lists.put(numbersOf, from, to - from, 0);
            from = to;
        }
        return lists;
    }

    void writeFilter(SectionWriter to) throws IOException {
        sort();
        try (GrowingBytes distinct = new GrowingBytes(128)) {
            for (int i = 0; i < foreigners; i++) {
                if (i == 0 || foreignKey(i) != foreignKey(i - 1)) {
                    distinct.putLong(foreignKey(i));
                }
            }
            NodeFilter.write(to, distinct::longAt, distinct.length() / Long.BYTES);
        }
    }

    private long foreignKey(int row) {
        return foreign.longAt(row) >>> 32;
    }

    /** By the keys alone: numbers ascend already, and rows of one key keep their order. */
    private void sort() {
        if (sorted) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rowsNow = foreign.bytes();
            MemorySegment from = rowsNow;
            MemorySegment to = arena.allocate(Math.max(Long.BYTES, foreign.length()), Long.BYTES);
            for (int shift = 32; shift < Long.SIZE; shift += Byte.SIZE) {
                if (scatter(from, to, shift)) {
                    MemorySegment ordered = to;
                    to = from;
                    from = ordered;
                }
            }
            if (from != rowsNow) {
                MemorySegment.copy(from, 0, rowsNow, 0, rowsNow.byteSize());
            }
        }
        sorted = true;
    }

    /** Orders rows by eight bits of them; false if all have the same, and nothing was done. */
    private boolean scatter(MemorySegment from, MemorySegment to, int shift) {
        int[] places = new int[DIGITS + 1];
        for (int i = 0; i < foreigners; i++) {
            places[digit(from, i, shift) + 1]++;
        }
        if (foreigners == 0 || places[digit(from, 0, shift) + 1] == foreigners) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            places[i + 1] += places[i];
        }
        for (int i = 0; i < foreigners; i++) {
            int place = places[digit(from, i, shift)]++;
            to.set(IndexFormat.LONG, (long) place * Long.BYTES, from.get(IndexFormat.LONG, (long) i * Long.BYTES));
        }
        return true;
    }

    private static int digit(MemorySegment rows, int i, int shift) {
        return (int) (rows.get(IndexFormat.LONG, (long) i * Long.BYTES) >>> shift) & DIGITS - 1;
    }

    @Override
    public void close() {
        keys.close();
        numbers.close();
        foreign.close();
    }
}
