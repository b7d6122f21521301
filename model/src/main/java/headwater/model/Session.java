// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * One uninterrupted capture: from the attachment of a front-end to its end.
 *
 * @param number 1 for the first session of a store, rising by one
 * @param bootId the kernel's random boot id (/proc/sys/kernel/random/boot_id)
 * @param bootNumber a small number for {@code bootId}, rising by one at each boot seen by this store; CamFlow's boot_id
 * @param machineId a 32-bit number of this machine, as CamFlow's machine_id
 * @param frontEnd {@code lsm}, {@code fexit} or {@code trace}
 * @param scope {@code system}, or {@code tree} for one command and its descendants
 * @param command what was run, for people; empty for a whole system
 * @param startNs nanoseconds since the Unix epoch
 * @param endNs the same, of the end; 0 while the session runs, or if it ended without closing
 */
public record Session(int number, String bootId, int bootNumber, int machineId, String frontEnd, String scope,
        String command, long startNs, long endNs) {

    public Session withEnd(long endNs) {
        return new Session(number, bootId, bootNumber, machineId, frontEnd, scope, command, startNs, endNs);
    }
}
