// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.log.BlockHash;
import headwater.store.log.LogPosition;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the files of the index have in common; see {@link SealedFormat}, {@link HotFormat}, {@link Manifest}. All numbers are
 * little-endian.
 *
 * <pre>
 * index/MANIFEST              which sealed segments make up the index, and up to where
 * index/LOCK                  held while the manifest is being replaced
 * index/FIRST-END.hwsealed    a sealed segment, of the log's blocks FIRST to below END (16 hexadecimal digits each)
 * index/FIRST.hwhot           a hot segment, from block FIRST on
 *
 * Position, 96 bytes:
 *     0   4  segment of the log
 *     4   4  flags: bit 0, a session is open
 *     8   8  offset in the segment
 *    16   8  block
 *    24   8  nodes
 *    32   8  edges
 *    40   8  objects
 *    48   8  highest time, ns since the Unix epoch
 *    56   8  offset of the block before, 0 if it is in an earlier segment
 *    64  32  SHA-256 of the block before
 * </pre>
 */
final class IndexFormat {
    static final String SEALED_SUFFIX = ".hwsealed";
    static final String HOT_SUFFIX = ".hwhot";
    static final String UNFINISHED_SUFFIX = ".tmp";
    static final String MANIFEST_NAME = "MANIFEST";
    static final String LOCK_NAME = "LOCK";

    /** Numbers of nodes, edges and objects are below this. */
    static final long MAX_NUMBER = 0xffff_fff0L;
    /** Rows of one kind in one segment are below this. */
    static final int MAX_ROWS = Integer.MAX_VALUE - 16;

    static final int POSITION_BYTES = 96;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private IndexFormat() {
    }

    static String sealedName(LogPosition start, LogPosition end) {
        return String.format("%016x-%016x%s", start.block(), end.block(), SEALED_SUFFIX);
    }

    static String hotName(LogPosition start) {
        return String.format("%016x%s", start.block(), HOT_SUFFIX);
    }

    static void putPosition(MemorySegment to, long at, LogPosition position) {
        to.set(INT, at, position.segment());
        to.set(INT, at + 4, position.sessionOpen() ? 1 : 0);
        to.set(LONG, at + 8, position.offset());
        to.set(LONG, at + 16, position.block());
        to.set(LONG, at + 24, position.nodes());
        to.set(LONG, at + 32, position.edges());
        to.set(LONG, at + 40, position.objects());
        to.set(LONG, at + 48, position.timeNs());
        to.set(LONG, at + 56, position.before());
        position.hash().write(to, at + 64);
    }

    static LogPosition position(MemorySegment from, long at) {
        return new LogPosition(from.get(INT, at), from.get(LONG, at + 8), from.get(LONG, at + 16),
                from.get(LONG, at + 24), from.get(LONG, at + 32), from.get(LONG, at + 40), from.get(LONG, at + 48),
                (from.get(INT, at + 4) & 1) != 0, BlockHash.read(from, at + 64), from.get(LONG, at + 56));
    }

    /** The hash of a number of attribute {@code code}: SplitMix64's finisher. */
    static int hash(int code, long number) {
        return (int) mix(number * 0x9e3779b97f4a7c15L + code);
    }

    /** The hash of a string of attribute {@code code}, from its {@link #contentHash}. */
    static int stringHash(int code, long contentHash) {
        return (int) mix(contentHash + code * 0x9e3779b97f4a7c15L);
    }

    /** Eight bytes at a time, each multiplied in; then SplitMix64's finisher. */
    static long contentHash(MemorySegment bytes, long offset, int length) {
        long hash = length * 0x9e3779b97f4a7c15L;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = (hash ^ bytes.get(LONG, offset + i)) * 0x9fb21c651e98df25L;
            hash ^= hash >>> 32;
        }
        long rest = 0;
        for (; i < length; i++) {
            rest = rest << 8 | bytes.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff;
        }
        return mix(hash ^ rest * 0x9fb21c651e98df25L);
    }

    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
