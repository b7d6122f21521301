// SPDX-License-Identifier: Apache-2.0
package headwater.importers.spool;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Sorts rows of four numbers, the first three of which are the key, in memory that does not grow with them. */
public final class SpilledSort {
    private static final int RUN_ROWS = 1 << 17;
    private static final int COLUMNS = 4;

    private record Row(long a, long b, long c, long d) {
        static final Comparator<Row> ORDER = Comparator.comparingLong(Row::a).thenComparingLong(Row::b)
                .thenComparingLong(Row::c);
    }

    private record Head(Row row, long next, long end) {
    }

    private SpilledSort() {
    }

    /** @param rows are left as they are; the caller closes what is given back */
    public static RowFile sort(RowFile rows, Path folder) {
        RowFile sorted = new RowFile(folder, COLUMNS);
        try (RowFile runs = new RowFile(folder, COLUMNS)) {
            PriorityQueue<Head> heads = new PriorityQueue<>((x, y) -> Row.ORDER.compare(x.row(), y.row()));
            for (long from = 0; from < rows.rows(); from += RUN_ROWS) {
                Row[] run = new Row[(int) Math.min(RUN_ROWS, rows.rows() - from)];
                for (int i = 0; i < run.length; i++) {
                    run[i] = row(rows, from + i);
                }
                Arrays.sort(run, Row.ORDER);
                for (Row row : run) {
                    runs.add(row.a(), row.b(), row.c(), row.d());
                }
                heads.add(new Head(run[0], from + 1, from + run.length));
            }
            while (!heads.isEmpty()) {
                Head head = heads.poll();
                sorted.add(head.row().a(), head.row().b(), head.row().c(), head.row().d());
                if (head.next() < head.end()) {
                    heads.add(new Head(row(runs, head.next()), head.next() + 1, head.end()));
                }
            }
        }
        return sorted;
    }

    private static Row row(RowFile rows, long row) {
        return new Row(rows.get(row, 0), rows.get(row, 1), rows.get(row, 2), rows.get(row, 3));
    }
}
