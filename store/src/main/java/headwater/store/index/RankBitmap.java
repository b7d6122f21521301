// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Bits, and how many are set before each.
 *
 * <pre>
 * RankBitmap --> count u64, Group{ceil(count / 256)}
 * Group      --> number of bits set in the groups before u64, bits u64{4}
 * </pre>
 *
 * Any thread may read.
 */
final class RankBitmap {
    private static final int HEADER_BYTES = 8;
    private static final int GROUP_BYTES = 40;
    private static final int GROUP_POWER = 8;

    private final MemorySegment bytes;
    private final long count;

    RankBitmap(MemorySegment bytes) {
        this.bytes = bytes;
        this.count = bytes.byteSize() < HEADER_BYTES ? 0 : bytes.get(IndexFormat.LONG, 0);
    }

    long count() {
        return count;
    }

    boolean get(long i) {
        long word = bytes.get(IndexFormat.LONG, group(i) + 8 + (i >>> 6 & 3) * Long.BYTES);
        return (word >>> i & 1) != 0;
    }

    /** How many bits are set before bit {@code i}. */
    long rank(long i) {
        long group = group(i);
        long rank = bytes.get(IndexFormat.LONG, group);
        int words = (int) (i >>> 6) & 3;
        long at = group + 8;
        for (int w = 0; w < words; w++) {
            rank += Long.bitCount(bytes.get(IndexFormat.LONG, at));
            at += Long.BYTES;
        }
        return rank + Long.bitCount(bytes.get(IndexFormat.LONG, at) & (1L << i) - 1);
    }

    /** The place of the set bit before which {@code rank} are set. */
    long select(long rank) {
        long low = 0;
        long high = (count + 255 >>> GROUP_POWER) - 1;
        while (low < high) {
            long middle = low + high + 1 >>> 1;
            if (bytes.get(IndexFormat.LONG, HEADER_BYTES + middle * GROUP_BYTES) <= rank) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long at = HEADER_BYTES + low * GROUP_BYTES;
        long rest = rank - bytes.get(IndexFormat.LONG, at);
        for (int w = 0; w < 4; w++) {
            long word = bytes.get(IndexFormat.LONG, at + 8 + w * Long.BYTES);
            int set = Long.bitCount(word);
            if (rest < set) {
                for (; rest > 0; rest--) {
                    word &= word - 1;
                }
                return (low << GROUP_POWER) + (w << 6) + Long.numberOfTrailingZeros(word);
            }
            rest -= set;
        }
        throw new IndexOutOfBoundsException("no such bit: rank=" + rank + ", count=" + count);
    }

    private static long group(long i) {
        return HEADER_BYTES + (i >>> GROUP_POWER) * GROUP_BYTES;
    }

    /** Writes one. The thread that made it uses it. */
    static final class Writer implements ColumnWriter {
        private final GrowingBytes groups = new GrowingBytes(256);
        private final long[] words = new long[4];
        private long count;
        private long set;
        private long setBefore;

        void put(boolean bit) {
            if (bit) {
                words[(int) (count >>> 6) & 3] |= 1L << count;
                set++;
            }
            count++;
            if ((count & 255) == 0) {
                group();
            }
        }

        /** How many bits have been set. */
        long set() {
            return set;
        }

        private void group() {
            groups.putLong(setBefore);
            for (int w = 0; w < 4; w++) {
                groups.putLong(words[w]);
                words[w] = 0;
            }
            setBefore = set;
        }

        @Override
        public long length() {
            if (groups.length() / GROUP_BYTES < count + 255 >>> GROUP_POWER) {
                group();
            }
            return HEADER_BYTES + groups.length();
        }

        @Override
        public void writeTo(SectionWriter to) throws IOException {
            length();
            to.putLong(count);
            to.put(groups.bytes(), 0, groups.length());
        }

        @Override
        public void close() {
            groups.close();
        }
    }
}
