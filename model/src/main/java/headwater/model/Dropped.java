// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * What retention has taken from the beginning of a store: all before one moment. Of what had a lower number then, only that is still
 * known which later parts of the record speak of, or may come to.
 *
 * @param nodes how many nodes there were by then: those with a lower number are gone, but for the carried ones
 * @param edges how many edges; all with a lower number are gone
 * @param objects how many objects; those with a lower number are gone, but for the carried ones
 * @param fromNs the time of the first event that was dropped, nanoseconds since the Unix epoch
 * @param untilNs the highest time among what was dropped
 */
public record Dropped(long nodes, long edges, long objects, long fromNs, long untilNs) {
    /** Nothing was. */
    public static final Dropped NOTHING = new Dropped(0, 0, 0, 0, 0);

    /** True if nothing was dropped. */
    public boolean isNothing() {
        return nodes == 0 && edges == 0 && objects == 0;
    }
}
