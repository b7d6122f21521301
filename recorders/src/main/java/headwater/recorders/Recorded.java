// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.store.log.BlockHash;
import java.util.UUID;

/**
 * How much of a store a target has: its first blocks.
 *
 * @param blocks how many; the number of the next
 * @param hash of the last of them; of none, {@link BlockHash#root}
 */
public record Recorded(long blocks, BlockHash hash) {
    /** Nothing of {@code store} yet. */
    public static Recorded nothing(UUID store) {
        return new Recorded(0, BlockHash.root(store));
    }
}
