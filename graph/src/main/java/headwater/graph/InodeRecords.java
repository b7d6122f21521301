// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.record.KernelId;
import headwater.record.ObjectClass;
import headwater.record.RecordFlag;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;

/** Inodes that are met for the first time, and the names of inodes. */
final class InodeRecords {
    private final Versions versions;
    private final Participants participants;
    private final Inodes inodes;
    private final Paths paths;
    private final NameTable names;
    private final FileSystems fileSystems;
    private final Machines machines;
    private final AttributeRecords attributes;

    InodeRecords(Versions versions, Participants participants, Inodes inodes, FileSystems fileSystems, Machines machines,
            Paths paths, NameTable names, AttributeRecords attributes) {
        this.fileSystems = fileSystems;
        this.machines = machines;
        this.versions = versions;
        this.participants = participants;
        this.inodes = inodes;
        this.paths = paths;
        this.names = names;
        this.attributes = attributes;
    }

    /** {@link RecordType#INODE}. */
    void introduced(MemorySegment record, long at, long timeNs) {
        long id = RecordLayout.object(record, at);
        KernelInode key = new KernelInode(RecordLayout.intAt(record, at, RecordLayout.INODE_DEV) & 0xffffffffL,
                RecordLayout.longAt(record, at, RecordLayout.INODE_INO),
                RecordLayout.intAt(record, at, RecordLayout.INODE_GENERATION) & 0xffffffffL);
        int mode = RecordLayout.intAt(record, at, RecordLayout.INODE_MODE);
        boolean created = (RecordLayout.flags(record, at) & RecordFlag.CREATED) != 0;
        int objectClass = RecordLayout.op(record, at);
        if (objectClass == ObjectClass.KERNEL && machines.handle() >= 0) {
            participants.introduce(id, machines.handle());
            return;
        }
        boolean isInode = objectClass == ObjectClass.INODE;
        if (objectClass == ObjectClass.ATTRIBUTES || objectClass == ObjectClass.CLAIMED) {
            attributes.introduced(id, objectClass, key, timeNs);
            return;
        }
        if (objectClass == ObjectClass.SPACE) {
            return;
        }
        int handle = object(id, key, isInode ? NodeKind.ofMode(mode) : ObjectClasses.kind(objectClass), created, timeNs);
        participants.introduce(id, handle);
        if (!inodes.means(key, handle)) {
            identity(handle, key, timeNs);
        }
        inodes.put(key, handle);
        if (!isInode) {
            versions.attribute(handle, Attribute.NAME, ObjectClasses.name(objectClass, key), timeNs);
            return;
        }
        int links = RecordLayout.intAt(record, at, RecordLayout.INODE_LINKS);
        Links.set(versions, handle, links);
        versions.attribute(handle, Attribute.LINKS, links & 0xffffffffL, timeNs);
        if (created) {
            versions.attribute(handle, Attribute.CREATED, timeNs, timeNs);
        }
        versions.attribute(handle, Attribute.MODE, mode & 0xffffffffL, timeNs);
        versions.attribute(handle, Attribute.UID, RecordLayout.intAt(record, at, RecordLayout.INODE_UID) & 0xffffffffL,
                timeNs);
        versions.attribute(handle, Attribute.GID, RecordLayout.intAt(record, at, RecordLayout.INODE_GID) & 0xffffffffL,
                timeNs);
    }

    /** {@link RecordType#FILE_SYSTEM}. */
    void mounted(MemorySegment record, long at) {
        if (fileSystems.introduced(record, at)) {
            inodes.forgetDevice(RecordLayout.intAt(record, at, RecordLayout.FILE_SYSTEM_DEV) & 0xffffffffL);
        }
    }

    private int object(long id, KernelInode key, NodeKind kind, boolean created, long timeNs) {
        int known = participants.known(id);
        if (known >= 0) {
            if (!versions.kind(known).isObject()) {
                throw new MalformedRecordException("inode introduced under the id of another kind: id="
                        + KernelId.text(id) + ", kind=" + versions.kind(known).text());
            }
            return known;
        }
        int same = created ? -1 : inodes.find(key, kind, timeNs);
        return same >= 0 ? same : versions.create(kind, timeNs);
    }

    /** What tells the inode from others. */
    void identity(int handle, KernelInode key, long timeNs) {
        byte[] lasting = fileSystems.key(key, versions.kind(handle)).toBytes();
        versions.attribute(handle, Attribute.INODE_KEY, MemorySegment.ofArray(lasting), 0, lasting.length, timeNs);
        versions.attribute(handle, Attribute.INO, key.ino(), timeNs);
        versions.attribute(handle, Attribute.DEV, key.dev(), timeNs);
        versions.attribute(handle, Attribute.GENERATION, key.generation(), timeNs);
        String uuid = fileSystems.uuid(key.dev());
        if (uuid != null) {
            versions.attribute(handle, Attribute.FS_UUID, uuid, timeNs);
        }
        String type = fileSystems.type(key.dev());
        if (!type.isEmpty()) {
            versions.attribute(handle, Attribute.FS_TYPE, type, timeNs);
        }
    }

    /** {@link RecordType#NAME}. */
    void named(MemorySegment record, long at, int lengthBytes, long timeNs) {
        int length = Text.length(record, at, RecordLayout.NAME_TEXT, lengthBytes);
        boolean pseudo = RecordLayout.op(record, at) == 1;
        boolean cut = (RecordLayout.flags(record, at) & RecordFlag.CUT) != 0;
        int object = participants.inode(RecordLayout.object(record, at), timeNs);
        NodeKind kind = versions.kind(object);
        if (pseudo && (kind == NodeKind.PIPE || kind == NodeKind.SOCKET)) {
            return;
        }
        /* A walk that was cut lacks the first components: what is left is not a path from the root. */
        String path = PathText.ofComponents(record, at + RecordLayout.NAME_TEXT, length, !pseudo && !cut);
        if (path.isEmpty()) {
            return;
        }
        if (!pseudo && !cut) {
            path = RootName.of(record, at + RecordLayout.NAME_ROOT) + path;
        }
        if (!pseudo && !cut) {
            names.bind(path, object);
        }
        paths.name(object, paths.number(path, cut, timeNs), timeNs, -1);
    }
}
