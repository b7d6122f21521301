// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.outputs.OutputStatus;
import java.util.Locale;

/**
 * How a recorder goes.
 *
 * @param kind such as {@code postgresql}
 * @param state what it is doing
 * @param blocks how many blocks of the log the target has; of a recorder of documents -1, as it may stand within one
 * @param behindBlocks how many it has not, -1 likewise
 * @param behind nodes and edges in the log that it has not
 * @param recorded nodes and edges recorded since the start
 * @param perSecond the same in a second, over the last ten; 0 if it had nothing to do
 * @param lastError what last kept it from recording; empty if nothing did since the start
 */
public record RecorderStatus(String name, String kind, OutputStatus.State state, long blocks, long behindBlocks,
        long behind,
        long recorded, long perSecond, String lastError) {
    /** One line for people. */
    public String line() {
        return "recorder " + name + (name.equals(kind) ? "" : " (" + kind + ")") + ": "
                + state.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", behind by " + behind + " records"
                + (behindBlocks < 0 ? "" : " (" + behindBlocks + " blocks)") + ", " + recorded + " recorded"
                + (perSecond == 0 ? "" : ", " + perSecond + "/s") + (lastError.isEmpty() ? "" : "; last error: "
                + lastError);
    }
}
