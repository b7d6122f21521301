// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.util.UUID;

/**
 * A boundary between two blocks of the log, and what the log holds before it.
 *
 * @param segment number of the segment
 * @param offset bytes from the start of the segment at which the next block stands, or will stand
 * @param block number of the next block; the number of blocks before
 * @param nodes number of nodes before, and the next node's number
 * @param edges likewise of edges
 * @param objects likewise of objects
 * @param timeNs highest time before, nanoseconds since the Unix epoch; 0 if there is none
 * @param sessionOpen true if a session has started and not ended before here
 * @param hash SHA-256 of the block before
 * @param before offset of the block before in the same segment, 0 if there is none
 */
public record LogPosition(int segment, long offset, long block, long nodes, long edges, long objects, long timeNs,
        boolean sessionOpen, BlockHash hash, long before) {

    /** The start of segment {@code segment}, before which the log holds so much. */
    public static LogPosition segmentStart(int segment, long block, long nodes, long edges, long objects, long timeNs,
            boolean sessionOpen, BlockHash hash) {
        return new LogPosition(segment, SegmentHeader.LENGTH_BYTES, block, nodes, edges, objects, timeNs, sessionOpen, hash, 0);
    }

    /** The start of a store. */
    public static LogPosition first(UUID store) {
        return segmentStart(1, 0, 0, 0, 0, 0, false, BlockHash.root(store));
    }

    /** The position after the block that stands here. */
    LogPosition after(BlockHeader header, BlockHash blockHash) {
        return new LogPosition(segment, offset + BlockHeader.LENGTH_BYTES + header.storedLength(), block + 1,
                nodes + header.nodes(), edges + header.edges(), objects + header.objects(),
                Math.max(timeNs, header.highestNs()), header.sessionOpen(), blockHash, offset);
    }

    /** The start of the segment that follows. */
    LogPosition nextSegment() {
        return new LogPosition(segment + 1, SegmentHeader.LENGTH_BYTES, block, nodes, edges, objects, timeNs,
                sessionOpen, hash, 0);
    }

    /** True if {@code other} stands after the same blocks, whichever file it is in. */
    public boolean sameHistory(LogPosition other) {
        return block == other.block && nodes == other.nodes && edges == other.edges && objects == other.objects
                && hash.equals(other.hash);
    }
}
