// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.store.log.LogPosition;

/**
 * How far an output has got.
 *
 * @param position the block that it is in, or that comes next
 * @param edge the first edge that it has not sent, from that block on
 * @param swept nodes below this number have been sent, whether an edge uses them or not
 */
public record Mark(LogPosition position, long edge, long swept) {
    /** Nothing of what stands at {@code position} or later was sent. */
    public static Mark at(LogPosition position) {
        return new Mark(position, position.edges(), position.nodes());
    }
}
