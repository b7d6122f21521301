// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.util.List;

/**
 * What a verification found.
 *
 * @param damage the first thing that is wrong, null if nothing is
 * @param store the store's id, empty if it could not be read
 * @param keys ids of the keys that signed, oldest first
 * @param segments looked through; likewise the next
 * @param blocks that the log has
 * @param events in the blocks that were looked through
 * @param statements that are right
 * @param signedBlocks how many blocks, from the first, the newest right statement covers
 * @param signedNs when that was made, by its own word, nanoseconds since the Unix epoch
 * @param unsignedBlocks after those
 * @param unsignedNs from the first event in them to the last
 * @param unfinishedBytes at the end, which are no whole block or statement
 * @param dropped what retention has taken from the beginning, as signed; null if nothing
 * @param notes what is not wrong, but should be known
 */
public record Report(Finding damage, String store, List<String> keys, int segments, long blocks, long events, long statements,
        long signedBlocks, long signedNs, long unsignedBlocks, long unsignedNs, long unfinishedBytes, Drop dropped, List<String> notes) {
    /** Something that is wrong; see {@link Damage}. */
    public record Finding(String file, long firstBlock, long lastBlock, long offset, String what, String meaning) {
    }

    /**
     * What was dropped from the beginning.
     *
     * @param segments how many; likewise the next
     * @param fromNs the lowest time in it, nanoseconds since the Unix epoch
     * @param untilNs the highest
     * @param statements how many statements say so
     */
    public record Drop(int segments, long blocks, long nodes, long edges, long objects, long fromNs, long untilNs, long statements) {
    }

    /** True if all that the store holds is whole and signed. */
    public boolean allSigned() {
        return damage == null && unsignedBlocks == 0 && unfinishedBytes == 0;
    }
}
