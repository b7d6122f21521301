// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * For each of many keys (the nodes, or the objects, of a segment) an ascending list of numbers (edges, or nodes),
 * gap-coded. A list of one number that is the key's base takes one bit.
 *
 * <pre>
 * EdgeLists --> lengths of the three that follow u64{3}, LISTED RankBitmap, TRIVIAL RankBitmap, STARTS PackedColumn, List*
 * LISTED    --> by key: it has a List
 * TRIVIAL   --> by key: its list is its base alone
 * STARTS    --> by rank in LISTED: where its List starts; and where the last one ends
 * List      --> Gap{1..}
 * Gap       --> var: even: twice the distance from the base, later from the number before plus one;
 *               odd: (value >> 1) + 2 numbers follow that each are one more than the one before
 * </pre>
 *
 * Any thread may read.
 */
final class EdgeLists {
    private final RankBitmap listed;
    private final RankBitmap trivial;
    private final PackedColumn starts;
    private final MemorySegment lists;

    EdgeLists(MemorySegment bytes) {
        long first = bytes.get(IndexFormat.LONG, 0);
        long second = bytes.get(IndexFormat.LONG, 8);
        long third = bytes.get(IndexFormat.LONG, 16);
        listed = new RankBitmap(bytes.asSlice(24, first));
        trivial = new RankBitmap(bytes.asSlice(24 + first, second));
        starts = new PackedColumn(bytes.asSlice(24 + first + second, third));
        lists = bytes.asSlice(24 + first + second + third);
    }

    /** True if the list of {@code key} is its base alone. */
    boolean isTrivial(long key) {
        return trivial.get(key);
    }

    /** Visits the list of {@code key}, which is not trivial; false if the visitor said stop. */
    boolean visit(long key, long base, Visitor visitor) {
        if (!listed.get(key)) {
            return true;
        }
        long rank = listed.rank(key);
        return visit(lists, starts.get(rank), starts.get(rank + 1), base, visitor);
    }

    private static boolean visit(MemorySegment lists, long from, long to, long base, Visitor visitor) {
        long at = from;
        long next = base;
        while (at < to) {
            byte first = lists.get(ValueLayout.JAVA_BYTE, at++);
            long token = first & 0x7f;
            for (int shift = 7; first < 0; shift += 7) {
                first = lists.get(ValueLayout.JAVA_BYTE, at++);
                token |= (first & 0x7fL) << shift;
            }
            if ((token & 1) == 0) {
                next += token >>> 1;
                if (!visitor.number(next++)) {
                    return false;
                }
            } else {
                for (long run = (token >>> 1) + 2; run > 0; run--) {
                    if (!visitor.number(next++)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Sees the numbers of a list. */
    @FunctionalInterface
    interface Visitor {
        /** Returns true to go on, false to stop. */
        boolean number(long number);
    }

    /** Writes them, key by key. The thread that made it uses it. */
    static final class Writer implements ColumnWriter {
        private final RankBitmap.Writer listed = new RankBitmap.Writer();
        private final RankBitmap.Writer trivial = new RankBitmap.Writer();
        private final PackedColumnWriter starts = new PackedColumnWriter();
        private final GrowingBytes lists = new GrowingBytes(256);
        private boolean ended;

        /** The next key has the {@code count} numbers from {@code row} on. */
        void put(Numbers numbers, long row, long count, long base) {
            if (count == 1 && numbers.at(row) == base) {
                trivial.put(true);
                listed.put(false);
                return;
            }
            trivial.put(false);
            listed.put(count > 0);
            if (count == 0) {
                return;
            }
            starts.put(lists.length());
            long next = base;
            long end = row + count;
            long at = row;
            while (at < end) {
                long number = numbers.at(at++);
                if (number == next && at - 1 > row) {
                    long run = 1;
                    while (at < end && numbers.at(at) == next + run) {
                        at++;
                        run++;
                    }
                    lists.putVar(run == 1 ? 0 : run - 2 << 1 | 1);
                    next += run;
                } else {
                    lists.putVar(number - next << 1);
                    next = number + 1;
                }
            }
        }

        private void end() {
            if (!ended) {
                starts.put(lists.length());
                ended = true;
            }
        }

        @Override
        public long length() {
            end();
            return 24 + listed.length() + trivial.length() + starts.length() + lists.length();
        }

        @Override
        public void writeTo(SectionWriter to) throws IOException {
            end();
            to.putLong(listed.length());
            to.putLong(trivial.length());
            to.putLong(starts.length());
            listed.writeTo(to);
            trivial.writeTo(to);
            starts.writeTo(to);
            to.put(lists.bytes(), 0, lists.length());
        }

        @Override
        public void close() {
            listed.close();
            trivial.close();
            starts.close();
            lists.close();
        }
    }

    /** Numbers in memory. */
    @FunctionalInterface
    interface Numbers {
        long at(long row);
    }
}
