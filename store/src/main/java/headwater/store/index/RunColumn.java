// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Numbers that often equal the one before: a bit for each says whether it differs, and the different ones are packed.
 *
 * <pre>
 * RunColumn --> length of the RankBitmap u64, RankBitmap, PackedColumn
 * </pre>
 *
 * Any thread may read.
 */
final class RunColumn {
    private final RankBitmap begins;
    private final PackedColumn values;

    RunColumn(MemorySegment bytes) {
        if (bytes.byteSize() < 8) {
            begins = new RankBitmap(bytes);
            values = new PackedColumn(bytes);
            return;
        }
        long length = bytes.get(IndexFormat.LONG, 0);
        begins = new RankBitmap(bytes.asSlice(8, length));
        values = new PackedColumn(bytes.asSlice(8 + length));
    }

    long count() {
        return begins.count();
    }

    long get(long row) {
        return values.get(begins.rank(row) - (begins.get(row) ? 0 : 1));
    }

    /** Writes one. The thread that made it uses it. */
    static final class Writer implements ColumnWriter {
        private final RankBitmap.Writer begins = new RankBitmap.Writer();
        private final PackedColumnWriter values = new PackedColumnWriter();
        private long last;
        private boolean any;

        void put(long value) {
            boolean differs = !any || value != last;
            begins.put(differs);
            if (differs) {
                values.put(value);
                last = value;
                any = true;
            }
        }

        @Override
        public long length() {
            return 8 + begins.length() + values.length();
        }

        @Override
        public void writeTo(SectionWriter to) throws IOException {
            to.putLong(begins.length());
            begins.writeTo(to);
            values.writeTo(to);
        }

        @Override
        public void close() {
            begins.close();
            values.close();
        }
    }
}
