// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * The values of {@code enum object_class}: what an object is that {@link RecordType#INODE} introduces. Those that are no
 * inode have a device number that no file system has, {@link #DEVICE}{@code | class}.
 */
public final class ObjectClass {
    /** An inode: device, inode number, generation. */
    public static final int INODE = 0;
    /** Memory that processes share; its number is the id of the process's object that had it first. */
    public static final int MEMORY = 1;
    /** The attributes of an inode; its key is that inode's. */
    public static final int ATTRIBUTES = 8;
    /** Number 0 stands for all that calls named by path: {@code bpf/claims.h}; others for FUSE connections: {@code bpf/fuse.h}. */
    public static final int CLAIMED = 9;

    /** Major 4095: {@code OBJECT_DEVICE} of record.h. */
    public static final long DEVICE = 0xfff00000L;

    private ObjectClass() {
    }
}
