// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.NodeKind;
import headwater.record.ObjectClass;

/** What the kernel keeps beside inodes, as people know it: a new {@link ObjectClass} is one more line of each. */
final class ObjectClasses {
    private ObjectClasses() {
    }

    /** @throws MalformedRecordException if there is no such class, or it is that of inodes */
    static NodeKind kind(int objectClass) {
        return switch (objectClass) {
            case ObjectClass.MEMORY, ObjectClass.SEGMENT -> NodeKind.SHM;
            case ObjectClass.QUEUE -> NodeKind.MSG;
            case ObjectClass.SEMAPHORES -> NodeKind.SEM;
            case ObjectClass.KEY -> NodeKind.KEY;
            case ObjectClass.ANONYMOUS -> NodeKind.INODE_UNKNOWN;
            case ObjectClass.BPF_MAP -> NodeKind.BPF_MAP;
            case ObjectClass.KERNEL -> NodeKind.MACHINE;
            case ObjectClass.KERNEL_LOG, ObjectClass.HOST_NAME -> NodeKind.KERNEL_DATA;
            case ObjectClass.FUSE -> NodeKind.SB;
            case ObjectClass.WIRE, ObjectClass.UNACCEPTED -> NodeKind.SOCKET;
            default -> throw unknown(objectClass);
        };
    }

    static String name(int objectClass, KernelInode key) {
        return switch (objectClass) {
            case ObjectClass.MEMORY -> "memory shared by processes";
            case ObjectClass.QUEUE -> "message queue " + number(key);
            case ObjectClass.SEMAPHORES -> "semaphores " + number(key);
            case ObjectClass.KEY -> "key " + number(key);
            case ObjectClass.ANONYMOUS -> "anonymous file";
            case ObjectClass.BPF_MAP -> "BPF map " + number(key);
            case ObjectClass.KERNEL -> "kernel";
            case ObjectClass.KERNEL_LOG -> "kernel log";
            case ObjectClass.HOST_NAME -> "host name";
            case ObjectClass.FUSE -> (key.ino() & 1) == 0 ? "replies of a FUSE server" : "requests to a FUSE server";
            case ObjectClass.SEGMENT -> "System V segment " + key.ino();
            case ObjectClass.WIRE -> key.ino() == ObjectClass.WIRE_RINGED ? "packets in the rings of packet sockets"
                    : key.ino() >= ObjectClass.WIRE_DEVICE ? "frames of network device " + (key.ino() - ObjectClass.WIRE_DEVICE)
                    : "raw packets of protocol " + key.ino();
            case ObjectClass.UNACCEPTED -> "connection before it was accepted";
            default -> throw unknown(objectClass);
        };
    }

    /** As the kernel has it. */
    private static long number(KernelInode key) {
        return key.ino() & ~ObjectClass.NUMBERED;
    }

    private static MalformedRecordException unknown(int objectClass) {
        return new MalformedRecordException("object of an unknown class: class=" + objectClass);
    }
}
