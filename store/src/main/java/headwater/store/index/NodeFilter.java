// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells of most nodes that are not in a set that they are not: a Bloom filter in which each node has four bits of one 64-bit word, and
 * 12 bits are there for each. So a walk looks into a segment of which a node has no edges for one load; about one in thirty
 * is let through for nothing.
 *
 * <pre>
 * NodeFilter --> word u64{power of two, or none}
 * word of a node --> mix(node), its high bits; its bits: four times six bits from the low end
 * </pre>
 */
final class NodeFilter {
    private final MemorySegment bytes;
    private final int shift;

    NodeFilter(MemorySegment bytes) {
        this.bytes = bytes;
        this.shift = 64 - Long.numberOfTrailingZeros(Math.max(1, bytes.byteSize() / Long.BYTES));
    }

    boolean mayHave(long node) {
        if (bytes.byteSize() == 0) {
            return false;
        }
        long hash = IndexFormat.mix(node);
        long bits = bits(hash);
        return (bytes.get(IndexFormat.LONG, word(hash, shift) * Long.BYTES) & bits) == bits;
    }

    private static long word(long hash, int shift) {
        return shift == 64 ? 0 : hash >>> shift;
    }

    private static long bits(long hash) {
        return 1L << hash | 1L << (hash >>> 6) | 1L << (hash >>> 12) | 1L << (hash >>> 18);
    }

    /** Writes one of ascending nodes. */
    static void write(SectionWriter to, EdgeLists.Numbers nodes, long count) throws IOException {
        if (count == 0) {
            return;
        }
        int words = (int) Math.max(1, Long.highestOneBit(Math.max(1, count * 12 / 64) * 2 - 1));
        int shift = 64 - Integer.numberOfTrailingZeros(words);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate((long) words * Long.BYTES, Long.BYTES);
            for (long i = 0; i < count; i++) {
                long hash = IndexFormat.mix(nodes.at(i));
                long at = word(hash, shift) * Long.BYTES;
                filter.set(IndexFormat.LONG, at, filter.get(IndexFormat.LONG, at) | bits(hash));
            }
            to.put(filter, 0, filter.byteSize());
        }
    }
}
