// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.MemorySegment;

/**
 * 64-bit numbers, packed in blocks of {@value #BLOCK}; any of them is found by a few loads. A number is what its block
 * has as base, plus the block's slope times the place in the block, plus a remainder of the block's width; the few
 * remainders that are wider stand apart.
 *
 * <pre>
 * PackedColumn --> count u64, Descriptor{ceil(count / 128)}, words u64*
 * Descriptor   --> base i64, word u64:   bits  0-39  first word of the block
 *                                        bits 40-46  width of a remainder, 0 to 64
 *                                        bits 47-53  width of one that stands apart; 0: none does
 *                                        bits 54-55  slope: 0, 1, or 2 for -1
 * words of a block --> remainders, 128 times width bits, lowest bits first; those of numbers that stand apart are 0
 *                      and, if any stands apart, 128 bits that say which, and their remainders, to the end of a word
 * </pre>
 *
 * Any thread may read.
 */
final class PackedColumn {
    static final int BLOCK = 128;
    static final int BLOCK_POWER = 7;
    static final int DESCRIPTOR_BYTES = 16;
    static final int HEADER_BYTES = 8;
    static final long WORD_MASK = (1L << 40) - 1;
    static final int WIDTH_SHIFT = 40;
    static final int APART_SHIFT = 47;
    static final int SLOPE_SHIFT = 54;
    private static final int WIDTH_MASK = 0x7f;

    private final MemorySegment bytes;
    private final long wordsAt;
    private final long count;

    PackedColumn(MemorySegment bytes) {
        this.bytes = bytes;
        this.count = bytes.byteSize() < HEADER_BYTES ? 0 : bytes.get(IndexFormat.LONG, 0);
        this.wordsAt = HEADER_BYTES + (count + BLOCK - 1 >>> BLOCK_POWER) * DESCRIPTOR_BYTES;
    }

    long count() {
        return count;
    }

    /** The number at {@code row}, which must be below {@link #count}. */
    long get(long row) {
        long at = HEADER_BYTES + (row >>> BLOCK_POWER) * DESCRIPTOR_BYTES;
        long value = bytes.get(IndexFormat.LONG, at);
        long descriptor = bytes.get(IndexFormat.LONG, at + 8);
        int i = (int) row & BLOCK - 1;
        int kind = (int) (descriptor >>> WIDTH_SHIFT);
        if (kind == 0) {
            return value;
        }
        int slope = kind >>> SLOPE_SHIFT - WIDTH_SHIFT & 3;
        value += slope == 2 ? -i : slope * i;
        int width = kind & WIDTH_MASK;
        long words = wordsAt + (descriptor & WORD_MASK) * Long.BYTES;
        int apart = kind >>> APART_SHIFT - WIDTH_SHIFT & WIDTH_MASK;
        if (apart != 0) {
            long isApart = words + 16L * width;
            long low = bytes.get(IndexFormat.LONG, isApart);
            long bits = i < 64 ? low : bytes.get(IndexFormat.LONG, isApart + 8);
            if ((bits >>> i & 1) != 0) {
                int rank = Long.bitCount(bits & (1L << i) - 1) + (i < 64 ? 0 : Long.bitCount(low));
                return value + unpack(isApart + 16, rank, apart);
            }
        }
        return width == 0 ? value : value + unpack(words, i, width);
    }

    /** The first row, from {@code from} to {@code to}, whose number is not below {@code wanted}; ascending numbers only. */
    long lowerBound(long from, long to, long wanted) {
        long low = from;
        long high = to;
        while (low < high) {
            long middle = low + high >>> 1;
            if (get(middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long unpack(long words, int i, int width) {
        long bit = (long) i * width;
        long at = words + (bit >>> 6) * Long.BYTES;
        int shift = (int) bit & 63;
        long value = bytes.get(IndexFormat.LONG, at) >>> shift;
        if (shift + width > 64) {
            value |= bytes.get(IndexFormat.LONG, at + 8) << 64 - shift;
        }
        return width == 64 ? value : value & (1L << width) - 1;
    }
}
