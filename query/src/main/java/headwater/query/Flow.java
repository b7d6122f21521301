// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Relation;

/**
 * One edge of an answer.
 *
 * @param edge its number in the store
 * @param cause the node that information flowed out of
 * @param effect the node that it flowed into
 * @param timeNs nanoseconds since the Unix epoch
 */
public record Flow(long edge, Relation relation, long cause, long effect, long timeNs) {
}
