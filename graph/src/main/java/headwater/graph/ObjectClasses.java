// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.InodeKey;
import headwater.model.NodeKind;
import headwater.record.ObjectClass;

/** What the kernel keeps beside inodes, as people know it: a new {@link ObjectClass} is one more line of each. */
final class ObjectClasses {
    private ObjectClasses() {
    }

    /** @throws MalformedRecordException if there is no such class, or it is that of inodes */
    static NodeKind kind(int objectClass) {
        return switch (objectClass) {
            case ObjectClass.MEMORY -> NodeKind.SHM;
            case ObjectClass.WIRE, ObjectClass.UNACCEPTED -> NodeKind.SOCKET;
            default -> throw unknown(objectClass);
        };
    }

    static String name(int objectClass, InodeKey key) {
        return switch (objectClass) {
            case ObjectClass.MEMORY -> "memory shared by processes";
            case ObjectClass.WIRE -> key.ino() >= ObjectClass.WIRE_DEVICE
                    ? "frames of network device " + (key.ino() - ObjectClass.WIRE_DEVICE)
                    : "raw packets of protocol " + key.ino();
            case ObjectClass.UNACCEPTED -> "connection before it was accepted";
            default -> throw unknown(objectClass);
        };
    }

    private static MalformedRecordException unknown(int objectClass) {
        return new MalformedRecordException("object of an unknown class: class=" + objectClass);
    }
}
