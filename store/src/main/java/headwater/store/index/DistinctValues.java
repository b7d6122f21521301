// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The different values of the indexed attributes, numbered as they came, and the hash table that finds them. */
final class DistinctValues {
    private final GraphTables tables;
    private final MemorySegment strings;
    private int[] slots = new int[1024];
    private int[] hashes = new int[512];
    /** For each value, the first attribute row that has it. */
    private int[] rows = new int[512];
    private int count;

    DistinctValues(GraphTables tables) {
        this.tables = tables;
        this.strings = tables.strings();
    }

    int count() {
        return count;
    }

    int[] slots() {
        return slots;
    }

    /** An attribute row that has value {@code number}. */
    int row(int number) {
        return rows[number];
    }

    /** The number of the value of an attribute row, -1 if its attribute is not indexed. */
    int number(int row) {
        int code = tables.attributes.intAt(row, IndexFormat.VALUE_CODE);
        if (!Attribute.ofCode(code).indexed()) {
            return -1;
        }
        int hash = hash(row, code);
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (hashes[number] == hash && same(rows[number], row)) {
                return number;
            }
            slot = slot + 1 & mask;
        }
        add(slot, hash, row);
        return count - 1;
    }

    private int hash(int row, int code) {
        long number = tables.attributes.longAt(row, IndexFormat.VALUE_NUMBER);
        int length = tables.attributes.intAt(row, IndexFormat.VALUE_LENGTH);
        return length < 0 ? IndexFormat.hash(code, number) : IndexFormat.hash(code, strings, number, length);
    }

    private boolean same(int a, int b) {
        // Equal strings are interned, so that equal starts and lengths say equal bytes.
        RowTable attributes = tables.attributes;
        return attributes.longAt(a, IndexFormat.VALUE_NUMBER) == attributes.longAt(b, IndexFormat.VALUE_NUMBER)
                && attributes.longAt(a, IndexFormat.VALUE_LENGTH) == attributes.longAt(b, IndexFormat.VALUE_LENGTH);
    }

    private void add(int slot, int hash, int row) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        rows[count] = row;
        hashes[count] = hash;
        slots[slot] = ++count;
        if (2 * count > slots.length) {
            slots = rehashed(2 * slots.length);
        }
    }

    private int[] rehashed(int capacity) {
        int[] larger = new int[capacity];
        int mask = capacity - 1;
        for (int number = 0; number < count; number++) {
            int slot = hashes[number] & mask;
            while (larger[slot] != 0) {
                slot = slot + 1 & mask;
            }
            larger[slot] = number + 1;
        }
        return larger;
    }
}
