// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

/**
 * When what was taken is committed: as soon as one of both holds, and when the recorder is stopped in order.
 *
 * @param events so many were taken
 * @param waitMs the log has no more, and the first that was taken has waited as long, in milliseconds
 */
public record CommitRule(long events, long waitMs) {
    /** After a full block, and whenever the log has no more. */
    public static final CommitRule SOON = new CommitRule(1 << 16, 0);
}
