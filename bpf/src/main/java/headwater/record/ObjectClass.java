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
    /** A System V message queue; its number is {@link #NUMBERED}{@code | msqid}, its generation the IPC namespace. */
    public static final int QUEUE = 4;
    /** A set of System V semaphores, likewise. */
    public static final int SEMAPHORES = 5;
    /** A key or a key ring, by its serial number. */
    public static final int KEY = 6;
    /** An open file without an inode of its own, by a number that stands for it. */
    public static final int ANONYMOUS = 7;
    /** A BPF map, by its id. */
    public static final int BPF_MAP = 18;
    /** The running kernel. */
    public static final int KERNEL = 19;
    /** The kernel's log. */
    public static final int KERNEL_LOG = 20;
    /** The names of the host; its generation is the UTS namespace. */
    public static final int HOST_NAME = 21;
    /** The attributes of an inode; its key is that inode's. */
    public static final int ATTRIBUTES = 8;
    /** Stands for all that calls named by path; its number is 0: {@code bpf/claims.h}. */
    public static final int CLAIMED = 9;
    /** A FUSE connection, by a number that stands for it: even what its server replied, odd what it was asked. */
    public static final int FUSE = 10;
    /** Packets that raw and packet sockets make themselves: a protocol, or {@link #WIRE_DEVICE}{@code | device}. */
    public static final int WIRE = 16;
    /** A connection before accept(2): the cookie of its socket. */
    public static final int UNACCEPTED = 17;

    /** In the number of a {@link #WIRE}: frames of a device. */
    public static final int WIRE_DEVICE = 0x10000;
    /** The number of the {@link #WIRE} that mapped rings of packet sockets show: what sockets of the namespace send. */
    public static final int WIRE_RINGED = 0x8000;

    /** Major 4095: {@code OBJECT_DEVICE} of record.h. */
    public static final long DEVICE = 0xfff00000L;

    /** Set in the numbers of objects that the kernel numbers from 0: {@code NUMBERED} of record.h. */
    public static final long NUMBERED = 1L << 32;

    private ObjectClass() {
    }
}
