// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.InodeKey;
import headwater.model.NodeKind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Which object an inode is: of this session, or of the store as earlier sessions left it. */
final class Inodes {
    private final Versions versions;
    private final GraphView existing;
    private final FileSystems fileSystems;
    private final InodeIntMap byKey = new InodeIntMap();
    /** The newest object of a device and inode number, whatever its generation. */
    private final InodeIntMap byNumber = new InodeIntMap();
    /** Objects whose generation is not known, by device and inode number. */
    private final InodeIntMap ungenerated = new InodeIntMap();
    private final LongIntMap resumed = new LongIntMap();
    /** The other way round; null until somebody asks. */
    private Map<Integer, KernelInode> keys;

    Inodes(Versions versions, GraphView existing, FileSystems fileSystems) {
        this.versions = versions;
        this.existing = existing;
        this.fileSystems = fileSystems;
    }

    /** True if the key means this object already. */
    boolean means(KernelInode key, int handle) {
        return byKey.get(key) == handle;
    }

    /** The handle of the object that the key means, -1 if it was not met in this session. */
    int at(KernelInode key) {
        return byKey.get(key);
    }

    /** The newest key that means this object, null if none does. */
    KernelInode keyOf(int handle) {
        if (keys == null) {
            keys = new HashMap<>();
            byKey.forEach((key, object) -> keys.put(object, key));
        }
        return keys.get(handle);
    }

    /** The handle of the newest object of this device and inode number that this session has met, -1 if there is none. */
    int newest(long dev, long ino) {
        return byNumber.get(new KernelInode(dev, ino, 0));
    }

    /** From now on the key means this object. */
    void put(KernelInode key, int handle) {
        byKey.put(key, handle);
        if (keys != null) {
            keys.put(handle, key);
        }
        byNumber.put(key.number(), handle);
        ungenerated.remove(key.number());
    }

    /** The device number is that of another file system from now on. */
    void forgetDevice(long dev) {
        byKey.removeDevice(dev);
        if (keys != null) {
            keys.values().removeIf(key -> key.dev() == dev);
        }
        byNumber.removeDevice(dev);
        ungenerated.removeDevice(dev);
    }

    /** As {@link #put}, until the kernel tells the generation. */
    void putUngenerated(long dev, long ino, int handle) {
        KernelInode number = new KernelInode(dev, ino, 0);
        byNumber.put(number, handle);
        ungenerated.put(number, handle);
    }

    /** The handle of what an introduced inode is already known as, -1 if it is new. */
    int find(KernelInode key, NodeKind kind, long timeNs) {
        /* Newer than what the key meant: an object that is put under its key is taken out here. */
        int handle = ofKind(ungenerated.get(key.number()), kind);
        if (handle < 0) {
            handle = ofKind(byKey.get(key), kind);
        }
        return handle >= 0 ? handle : earlier(key, kind, timeNs);
    }

    /** The handle of an object of this device and inode number, of whichever generation, -1 if there is none. */
    int findAnyGeneration(long dev, long ino, NodeKind kind, long timeNs) {
        KernelInode number = new KernelInode(dev, ino, 0);
        int handle = ofKind(byNumber.get(number), kind);
        if (handle >= 0 || existing == null) {
            return handle;
        }
        InodeKey key = fileSystems.key(number, kind);
        long[] found = existing.find(Attribute.INO, ino);
        for (int i = found.length - 1; i >= 0; i--) {
            byte[] bytes = existing.kind(found[i]) != kind ? null : existing.attributes(found[i]).bytes(Attribute.INODE_KEY);
            if (bytes != null && bytes.length == InodeKey.LENGTH_BYTES && InodeKey.ofBytes(bytes).sameFileSystem(key)
                    && !isDeleted(found[i])) {
                return resume(found[i], dev, timeNs);
            }
        }
        return -1;
    }

    private int ofKind(int handle, NodeKind kind) {
        return handle >= 0 && versions.kind(handle) == kind ? handle : -1;
    }

    private int earlier(KernelInode key, NodeKind kind, long timeNs) {
        if (existing == null || !kind.isInode() || kind == NodeKind.INODE_UNKNOWN) {
            return -1;
        }
        long[] found = existing.find(Attribute.INODE_KEY, fileSystems.key(key, kind).toBytes());
        if (found.length == 0) {
            return -1;
        }
        long object = found[found.length - 1];
        /* A number that is given again without a generation to tell: what was removed is not what is there now. */
        if (existing.kind(object) != kind || key.generation() == 0 && isDeleted(object)) {
            return -1;
        }
        int handle = resume(object, key.dev(), timeNs);
        byKey.put(key, handle);
        return handle;
    }

    private boolean isDeleted(long object) {
        return existing.attributes(object).number(Attribute.DELETED, 0) != 0;
    }

    private static boolean outlivesCapture(NodeKind kind) {
        return switch (kind) {
            case FILE, DIRECTORY, LINK, CHAR, BLOCK -> true;
            default -> false;
        };
    }

    /** The newest object of the store that was last known by {@code path} and was not deleted, -1 if there is none. */
    int named(String path) {
        if (existing == null) {
            return -1;
        }
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        long[] found = existing.find(Attribute.NAME, bytes);
        for (int i = found.length - 1; i >= 0; i--) {
            GraphView.Attributes attributes = existing.attributes(found[i]);
            if (outlivesCapture(existing.kind(found[i])) && attributes.number(Attribute.DELETED, 0) == 0
                    && java.util.Arrays.equals(attributes.bytes(Attribute.NAME), bytes)) {
                return resume(found[i]);
            }
        }
        return -1;
    }

    /** As {@link #resume(long)}; the file system may have another device number than in that session. */
    private int resume(long object, long dev, long timeNs) {
        int handle = resume(object);
        if (existing.attributes(object).number(Attribute.DEV, -1) != dev) {
            versions.attribute(handle, Attribute.DEV, dev, timeNs);
        }
        return handle;
    }

    private int resume(long object) {
        int handle = resumed.get(object);
        if (handle < 0) {
            long[] nodes = existing.versions(object);
            handle = versions.resume(object, nodes[nodes.length - 1], existing.version(nodes[nodes.length - 1]), existing.kind(object));
            resumed.put(object, handle);
        }
        return handle;
    }
}
