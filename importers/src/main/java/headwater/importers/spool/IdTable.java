// SPDX-License-Identifier: Apache-2.0
package headwater.importers.spool;

import java.nio.file.Path;

/**
 * Finds rows by the 128-bit digest in their first two columns: open addressing in a mapped file, doubled when it is
 * half full. For one thread.
 */
public final class IdTable implements AutoCloseable {
    private final Path folder;
    private final RowFile rows;
    private SpoolFile slots;
    private long capacity = 1 << 12;

    /** @param rows stays the caller's; each row that is found by its digest is put with {@link #put} */
    public IdTable(Path folder, RowFile rows) {
        this.folder = folder;
        this.rows = rows;
        slots = new SpoolFile(folder);
        slots.append(8 * capacity);
    }

    /** The row that has the digest, -1 if there is none. */
    public long find(long high, long low) {
        for (long slot = low & capacity - 1;; slot = slot + 1 & capacity - 1) {
            long entry = slots.get(8 * slot);
            if (entry == 0) {
                return -1;
            }
            if (rows.get(entry - 1, 0) == high && rows.get(entry - 1, 1) == low) {
                return entry - 1;
            }
        }
    }

    /** Takes in a row whose digest is not yet found. */
    public void put(long row) {
        if (2 * (row + 1) > capacity) {
            grow(row);
        }
        insert(row);
    }

    private void insert(long row) {
        long slot = rows.get(row, 1) & capacity - 1;
        while (slots.get(8 * slot) != 0) {
            slot = slot + 1 & capacity - 1;
        }
        slots.put(8 * slot, row + 1);
    }

    private void grow(long until) {
        SpoolFile old = slots;
        long oldCapacity = capacity;
        slots = new SpoolFile(folder);
        while (2 * (until + 1) > capacity) {
            capacity *= 2;
        }
        slots.append(8 * capacity);
        for (long slot = 0; slot < oldCapacity; slot++) {
            long entry = old.get(8 * slot);
            if (entry != 0) {
                insert(entry - 1);
            }
        }
        old.close();
    }

    @Override
    public void close() {
        slots.close();
    }
}
