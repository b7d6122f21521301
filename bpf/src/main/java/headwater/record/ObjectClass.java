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
    /** Packets that raw and packet sockets make themselves: a protocol, or {@link #WIRE_DEVICE}{@code | device}. */
    public static final int WIRE = 16;
    /** A connection before accept(2): the cookie of its socket. */
    public static final int UNACCEPTED = 17;

    /** In the number of a {@link #WIRE}: frames of a device. */
    public static final int WIRE_DEVICE = 0x10000;

    /** Major 4095: {@code OBJECT_DEVICE} of record.h. */
    public static final long DEVICE = 0xfff00000L;

    private ObjectClass() {
    }
}
