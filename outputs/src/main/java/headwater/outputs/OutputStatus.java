// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

/**
 * How an output goes.
 *
 * @param state what it is doing
 * @param behind nodes and edges in the log that have not been handed on
 * @param documents handed on since the start, those that had to be sent again as well
 * @param edges the next edge that has not been handed on: all before have
 * @param recorded nodes and edges that were handed on since the start
 * @param perSecond the same in a second, over the last ten; 0 if there was nothing
 * @param gaps in the record, where it was read since the start
 * @param lastError what last kept it from sending; empty if nothing did since the start
 */
public record OutputStatus(String name, String destination, OutputFormat format, State state, long behind, long documents,
        long edges, long recorded, long perSecond, long gaps, String lastError) {
    /** What an output is doing. */
    public enum State { OPENING, SENDING, CAUGHT_UP, RETRYING, STOPPED }

    /** One line for people. */
    public String line() {
        return "output " + name + " (" + destination + ", " + format.text() + "): "
                + state.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ", behind by " + behind + " records, "
                + documents + " documents sent" + (gaps == 0 ? "" : ", " + gaps + " gaps in the record")
                + (lastError.isEmpty() ? "" : "; last error: " + lastError);
    }
}
