// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * The values of {@code enum object_class}: what an object is that {@link RecordType#INODE} introduces. Those that are no
 * inode have a device number that no file system has, {@link #DEVICE}{@code | class}.
 */
public final class ObjectClass {
    /** An inode: device, inode number, generation. */
    public static final int INODE = 0;
    /** Memory that processes share, mapped before a fork: a number of its own. */
    public static final int MEMORY = 1;
    /** A System V shared memory segment: its id, and the ipc namespace as generation. */
    public static final int SEGMENT = 2;
    /**
     * A whole memory that processes share ({@code clone} with {@code CLONE_VM}). The graph has one memory for them, so it
     * is not drawn.
     */
    public static final int SPACE = 3;

    /** Major 4095: {@code OBJECT_DEVICE} of record.h. */
    public static final long DEVICE = 0xfff00000L;

    private ObjectClass() {
    }
}
