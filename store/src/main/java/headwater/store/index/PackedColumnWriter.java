// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

/** Writes a {@link PackedColumn}. The thread that made it uses it. */
final class PackedColumnWriter implements ColumnWriter {
    private final GrowingBytes descriptors = new GrowingBytes(256);
    private final GrowingBytes words = new GrowingBytes(256);
    private final long[] pending = new long[PackedColumn.BLOCK];
    private final long[] remainders = new long[PackedColumn.BLOCK];
    private final long[] best = new long[PackedColumn.BLOCK];
    private final int[] ofLength = new int[65];
    private int filled;
    private long count;

    void put(long value) {
        pending[filled++] = value;
        count++;
        if (filled == PackedColumn.BLOCK) {
            block();
        }
    }

    long count() {
        return count;
    }

    @Override
    public long length() {
        finish();
        return PackedColumn.HEADER_BYTES + descriptors.length() + words.length();
    }

    @Override
    public void writeTo(SectionWriter to) throws java.io.IOException {
        finish();
        to.putLong(count);
        to.put(descriptors.bytes(), 0, descriptors.length());
        to.put(words.bytes(), 0, words.length());
    }

    private void finish() {
        if (filled > 0) {
            block();
        }
    }

    private void block() {
        int n = filled;
        filled = 0;
        long bestBits = Long.MAX_VALUE;
        long bestBase = 0;
        long bestKind = 0;
        for (int slope = 0; slope < 3 && bestBits > 0; slope++) {
            int step = slope == 2 ? -1 : slope;
            long base = Long.MAX_VALUE;
            for (int i = 0; i < n; i++) {
                base = Math.min(base, pending[i] - step * i);
            }
            java.util.Arrays.fill(ofLength, 0);
            int longest = 0;
            for (int i = 0; i < n; i++) {
                long remainder = pending[i] - step * i - base;
                remainders[i] = remainder;
                int length = 64 - Long.numberOfLeadingZeros(remainder);
                ofLength[length]++;
                longest = Math.max(longest, length);
            }
            int wider = 0;
            int width = longest;
            long bits = (long) PackedColumn.BLOCK * longest;
            for (int w = longest - 1; w >= 0; w--) {
                wider += ofLength[w + 1];
                long with = (long) PackedColumn.BLOCK * w + PackedColumn.BLOCK + (long) wider * longest;
                if (with < bits) {
                    bits = with;
                    width = w;
                }
            }
            if (bits < bestBits) {
                bestBits = bits;
                bestBase = base;
                bestKind = (long) width << PackedColumn.WIDTH_SHIFT | (long) slope << PackedColumn.SLOPE_SHIFT
                        | (width == longest ? 0 : (long) longest << PackedColumn.APART_SHIFT);
                System.arraycopy(remainders, 0, best, 0, n);
            }
        }
        java.util.Arrays.fill(best, n, PackedColumn.BLOCK, 0);
        descriptors.putLong(bestBase);
        descriptors.putLong(bestKind | words.length() >>> 3);
        int width = (int) (bestKind >>> PackedColumn.WIDTH_SHIFT) & 0x7f;
        int apart = (int) (bestKind >>> PackedColumn.APART_SHIFT) & 0x7f;
        pack(width, apart);
    }

    private void pack(int width, int apart) {
        long low = 0;
        long high = 0;
        int standing = 0;
        if (apart != 0) {
            for (int i = 0; i < PackedColumn.BLOCK; i++) {
                if (width < 64 && best[i] >>> width != 0) {
                    remainders[standing++] = best[i];
                    best[i] = 0;
                    if (i < 64) {
                        low |= 1L << i;
                    } else {
                        high |= 1L << i;
                    }
                }
            }
        }
        bits(best, PackedColumn.BLOCK, width);
        if (apart != 0) {
            words.putLong(low);
            words.putLong(high);
            bits(remainders, standing, apart);
        }
    }

    private void bits(long[] values, int n, int width) {
        if (width == 0) {
            return;
        }
        long word = 0;
        int used = 0;
        for (int i = 0; i < n; i++) {
            word |= values[i] << used;
            if (used + width >= 64) {
                words.putLong(word);
                int rest = used + width - 64;
                word = rest == 0 ? 0 : values[i] >>> width - rest;
                used = rest;
            } else {
                used += width;
            }
        }
        if (used > 0) {
            words.putLong(word);
        }
    }

    @Override
    public void close() {
        descriptors.close();
        words.close();
    }
}
