// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.InodeKey;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Which object an inode is: of this session, or of the store as earlier sessions left it. */
final class Inodes {
    private static final int S_IFMT = 0170000;

    private final Versions versions;
    private final GraphView existing;
    private final long bootFromNs;
    private final Map<InodeKey, Integer> byKey = new HashMap<>();
    /** The newest object of a device and inode number, whatever its generation. */
    private final Map<InodeKey, Integer> byNumber = new HashMap<>();
    /** Objects whose generation is not known, by device and inode number. */
    private final Map<InodeKey, Integer> ungenerated = new HashMap<>();
    private final LongIntMap resumed = new LongIntMap();

    Inodes(Versions versions, GraphView existing, Session session) {
        this.versions = versions;
        this.existing = existing;
        bootFromNs = bootFromNs(existing, session);
    }

    private static long bootFromNs(GraphView existing, Session session) {
        long from = session.startNs();
        if (existing != null) {
            for (Session earlier : existing.sessions()) {
                if (earlier.bootId().equals(session.bootId())) {
                    from = Math.min(from, earlier.startNs());
                }
            }
        }
        return from;
    }

    /** The kind of an inode of this mode, as in stat(2). */
    static NodeKind kind(int mode) {
        return switch (mode & S_IFMT) {
            case 0100000 -> NodeKind.FILE;
            case 0040000 -> NodeKind.DIRECTORY;
            case 0120000 -> NodeKind.LINK;
            case 0020000 -> NodeKind.CHAR;
            case 0060000 -> NodeKind.BLOCK;
            case 0010000 -> NodeKind.PIPE;
            case 0140000 -> NodeKind.SOCKET;
            default -> NodeKind.INODE_UNKNOWN;
        };
    }

    /** True if the key means this object already. */
    boolean means(InodeKey key, int handle) {
        Integer known = byKey.get(key);
        return known != null && known == handle;
    }

    /** The handle of the object that the key means, -1 if it was not met in this session. */
    int at(InodeKey key) {
        return byKey.getOrDefault(key, -1);
    }

    /** The handle of the newest object of this device and inode number that this session has met, -1 if there is none. */
    int newest(long dev, long ino) {
        return byNumber.getOrDefault(new InodeKey(dev, ino, 0), -1);
    }

    /** From now on the key means this object. */
    void put(InodeKey key, int handle) {
        byKey.put(key, handle);
        byNumber.put(number(key), handle);
        ungenerated.remove(number(key));
    }

    /** As {@link #put}, until the kernel tells the generation. */
    void putUngenerated(long dev, long ino, int handle) {
        InodeKey number = new InodeKey(dev, ino, 0);
        byNumber.put(number, handle);
        ungenerated.put(number, handle);
    }

    /** The handle of what an introduced inode is already known as, -1 if it is new. */
    int find(InodeKey key, NodeKind kind) {
        /* Newer than what the key meant: an object that is put under its key is taken out here. */
        int handle = ofKind(ungenerated.get(number(key)), kind);
        if (handle < 0) {
            handle = ofKind(byKey.get(key), kind);
        }
        return handle >= 0 ? handle : earlier(key, kind);
    }

    /** The handle of an object of this device and inode number, of whichever generation, -1 if there is none. */
    int findAnyGeneration(long dev, long ino, NodeKind kind) {
        InodeKey number = new InodeKey(dev, ino, 0);
        int handle = ofKind(byNumber.get(number), kind);
        return handle >= 0 ? handle : earlier(number, kind);
    }

    private int ofKind(Integer handle, NodeKind kind) {
        return handle != null && versions.kind(handle) == kind ? handle : -1;
    }

    private static InodeKey number(InodeKey key) {
        return new InodeKey(key.dev(), key.ino(), 0);
    }

    private int earlier(InodeKey key, NodeKind kind) {
        if (existing == null || !outlivesCapture(kind)) {
            return -1;
        }
        long[] found = existing.find(Attribute.INODE_KEY, key.toBytes());
        if (found.length == 0) {
            return -1;
        }
        long object = found[found.length - 1];
        /* Major 0 numbers file systems as they are mounted: after a boot it may be another. */
        boolean ofThisBoot = lastNs(object) >= bootFromNs;
        if (existing.kind(object) != kind || key.dev() >>> 20 == 0 && !ofThisBoot) {
            return -1;
        }
        int handle = resume(object);
        byKey.put(key, handle);
        return handle;
    }

    private long lastNs(long object) {
        long[] nodes = existing.versions(object);
        return existing.timeNs(nodes[nodes.length - 1]);
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

    private int resume(long object) {
        int handle = resumed.get(object);
        if (handle < 0) {
            long[] nodes = existing.versions(object);
            handle = versions.resume(object, nodes[nodes.length - 1], nodes.length - 1, existing.kind(object));
            resumed.put(object, handle);
        }
        return handle;
    }
}
