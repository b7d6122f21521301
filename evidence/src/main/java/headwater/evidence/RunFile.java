// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

/**
 * One regular file that a run touched.
 *
 * @param object its number in the store
 * @param path where it is, or was, as the record has it
 * @param use what the run did with it
 * @param lastNs when the run last read or wrote it
 */
public record RunFile(long object, byte[] path, Use use, long lastNs) {
    /** What a run did with a file. */
    public enum Use {
        /** Read, and what was read had been there before. */
        INPUT,
        /** Written, and not read again. */
        OUTPUT,
        /** Written, read again within the run, and still there. */
        INTERMEDIATE,
        /** Written, and gone when the run was over. */
        TEMPORARY
    }

    /** True if the run wrote it. */
    public boolean isWritten() {
        return use != Use.INPUT;
    }
}
