// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Rows of one width outside the heap, growing by chunks, so that growth copies nothing. One thread writes. */
final class RowTable {
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK_ROWS = 1 << CHUNK_BITS;

    private final Arena arena;
    private final int rowBytes;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private int rows;

    /** @param arena owns the memory */
    RowTable(Arena arena, int rowBytes) {
        this.arena = arena;
        this.rowBytes = rowBytes;
    }

    int rows() {
        return rows;
    }

    /** Adds a row of zeros and returns its number. */
    int add() {
        if (rows == chunks.size() << CHUNK_BITS) {
            chunks.add(arena.allocate((long) rowBytes << CHUNK_BITS, Long.BYTES));
        }
        return rows++;
    }

    /** The memory in which {@code row} stands, at {@link #at}. */
    MemorySegment segment(int row) {
        return chunks.get(row >>> CHUNK_BITS);
    }

    long at(int row) {
        return (long) (row & CHUNK_ROWS - 1) * rowBytes;
    }

    /** The value at {@code field} of {@code row}. */
    int intAt(int row, int field) {
        return segment(row).get(IndexFormat.INT, at(row) + field);
    }

    long longAt(int row, int field) {
        return segment(row).get(IndexFormat.LONG, at(row) + field);
    }

    /** The used part of each chunk, in order. */
    List<MemorySegment> used() {
        List<MemorySegment> used = new ArrayList<>(chunks);
        if (!used.isEmpty()) {
            int rest = rows - (used.size() - 1 << CHUNK_BITS);
            used.set(used.size() - 1, used.getLast().asSlice(0, (long) rest * rowBytes));
        }
        return used;
    }
}
