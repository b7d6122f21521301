// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/** The bits of {@code enum record_flag}. */
public final class RecordFlag {
    /** It was so when the capture began. */
    public static final int BEFORE = 1;
    /** A string did not fit. */
    public static final int CUT = 2;
    /** An inode that the call itself made. */
    public static final int CREATED = 4;
    /** A task that shares its parent's process. */
    public static final int THREAD = 8;
    /** A process that shares its parent's memory until it executes. */
    public static final int VM = 16;
    /** The last task of its process has ended. */
    public static final int GROUP_DEAD = 32;
    /** Taken from user memory, which the caller could have changed meanwhile. */
    public static final int CLAIMED = 64;

    private RecordFlag() {
    }
}
