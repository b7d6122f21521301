// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * One uninterrupted capture: from the attachment of a front-end to its end.
 *
 * @param number 1 for the first session of a store, rising by one
 * @param bootId the kernel's random boot id (/proc/sys/kernel/random/boot_id)
 * @param bootNumber a small number for {@code bootId}, rising by one at each boot seen by this store; CamFlow's boot_id
 * @param machineId a 32-bit number of this machine, as CamFlow's machine_id
 * @param frontEnd {@code lsm}, {@code fexit} or {@code trace}; {@link #IMPORT} if nothing was captured
 * @param scope {@code system}, or {@code tree} for one command and its descendants; the format that was imported
 * @param command what was run, for people; empty for a whole system; what was imported, with its SHA-256
 * @param onLoss what gave way when more happened than could be recorded: {@code record}, {@code shed} or {@code block}
 * @param startNs nanoseconds since the Unix epoch
 * @param endNs the same, of the end; 0 while the session runs, or if it ended without closing
 */
public record Session(int number, String bootId, int bootNumber, int machineId, String frontEnd, String scope,
        String command, String onLoss, long startNs, long endNs) {
    /** The front-end of sessions that were not captured here: evidence of other recorders, read from a file. */
    public static final String IMPORT = "import";

    /** Where the record gave way. */
    public Session(int number, String bootId, int bootNumber, int machineId, String frontEnd, String scope, String command,
            long startNs, long endNs) {
        this(number, bootId, bootNumber, machineId, frontEnd, scope, command, "record", startNs, endNs);
    }

    /** True if what belongs to it was imported; its start and end are then those of the import, not of what happened. */
    public boolean isImported() {
        return frontEnd.equals(IMPORT);
    }

    public Session withEnd(long endNs) {
        return new Session(number, bootId, bootNumber, machineId, frontEnd, scope, command, onLoss, startNs, endNs);
    }
}
