// SPDX-License-Identifier: Apache-2.0
package headwater.importers.spool;

import java.nio.file.Path;

/** Rows of a fixed number of 64-bit numbers in a {@link SpoolFile}, numbered from 0. For one thread. */
public final class RowFile implements AutoCloseable {
    private final SpoolFile file;
    private final int columns;
    private long rows;

    public RowFile(Path folder, int columns) {
        this.file = new SpoolFile(folder);
        this.columns = columns;
    }

    public long rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Appends a row; gives its number. */
    public long add(long... values) {
        long at = file.append(8L * columns);
        for (int i = 0; i < values.length; i++) {
            file.put(at + 8L * i, values[i]);
        }
        return rows++;
    }

    public long get(long row, int column) {
        return file.get(8 * (row * columns + column));
    }

    public void set(long row, int column, long value) {
        file.put(8 * (row * columns + column), value);
    }

    @Override
    public void close() {
        file.close();
    }
}
