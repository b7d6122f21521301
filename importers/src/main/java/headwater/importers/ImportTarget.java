// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

/**
 * From where a store goes on.
 *
 * @param session the number of the session that the import is
 * @param nextObject the number that the next object must have; likewise the next two
 * @param boot the session's boot number
 * @param machine CamFlow's number of this machine
 */
public record ImportTarget(int session, long nextObject, long nextNode, long nextEdge, int boot, int machine) {
}
