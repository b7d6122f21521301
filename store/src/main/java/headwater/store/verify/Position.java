// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

/**
 * What the log holds up to some block's end: all that the block or segment after it must agree with. Mutable.
 */
final class Position {
    int segment = 1;
    long blocks;
    long nodes;
    long edges;
    long objects;
    long timeNs;
    boolean open;
    /** SHA-256 of the last block, hexadecimal; of none, of the store id's 16 bytes. */
    String hash;

    /** Goes on after a block. */
    void add(BlockHead head, String blockHash) {
        blocks++;
        nodes += head.nodes();
        edges += head.edges();
        objects += head.objects();
        timeNs = Math.max(timeNs, head.highestNs());
        open = head.sessionOpen();
        hash = blockHash;
    }

    /** Why a block with this head cannot stand here, null if it can. */
    String misfit(BlockHead head) {
        if (head.block() != blocks) {
            return "a block of another number stands here: is=" + head.block() + ", want=" + blocks;
        }
        if (!head.previous().equals(hash)) {
            return "it does not follow the block before: the hash that it names is another";
        }
        if (head.firstNode() != nodes || head.firstEdge() != edges || head.firstObject() != objects) {
            return "its first numbers do not follow those before";
        }
        return null;
    }
}
