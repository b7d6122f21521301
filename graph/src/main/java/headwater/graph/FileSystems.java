// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.InodeKey;
import headwater.model.NodeKind;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which file system each device number is, and what its inodes are known by over boots. A file system that has a UUID, and
 * whose inodes keep their numbers, is known by it, wherever it is mounted. Any other is known by the boot, its device number
 * and its instance ({@code bpf/record.h}), so that nothing of it is found again after the next boot.
 */
final class FileSystems {
    private static final java.lang.foreign.ValueLayout.OfLong BIG_ENDIAN =
            java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /**
     * Types that write inode numbers and generations to the disk. Others make them up as inodes are read (vfat, exfat, some
     * of an overlay's), so that the same pair may be another file after the next boot.
     */
    private static final Set<String> LASTING = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs");

    /** @param uuid in 36 characters, null if it has none */
    private record FileSystem(long high, long low, long instance, boolean lasting, String uuid, String type) {
    }

    private final UUID boot;
    private final Map<Long, FileSystem> byDevice = new HashMap<>();

    /** @param bootId of the session */
    FileSystems(String bootId) {
        boot = UUID.nameUUIDFromBytes(("boot " + bootId).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * {@link RecordType#FILE_SYSTEM}.
     *
     * @return true if the device number was that of another file system until now
     */
    boolean introduced(MemorySegment record, long at) {
        long dev = RecordLayout.intAt(record, at, RecordLayout.FILE_SYSTEM_DEV) & 0xffffffffL;
        long instance = RecordLayout.intAt(record, at, RecordLayout.FILE_SYSTEM_INSTANCE) & 0xffffffffL;
        long high = record.get(BIG_ENDIAN, at + RecordLayout.FILE_SYSTEM_UUID);
        long low = record.get(BIG_ENDIAN, at + RecordLayout.FILE_SYSTEM_UUID + 8);
        boolean named = high != 0 || low != 0;
        String type = type(record, at);
        boolean lasting = named && lasts(type);
        FileSystem now = new FileSystem(lasting ? high : boot.getMostSignificantBits(), lasting ? low : ofBoot(dev, instance),
                instance, lasting, named ? new UUID(high, low).toString() : null, type);
        FileSystem before = byDevice.put(dev, now);
        return before != null && !before.equals(now);
    }

    private static String type(MemorySegment record, long at) {
        return PathText.string(record, at + RecordLayout.FILE_SYSTEM_TYPE, RecordLayout.FILE_SYSTEM_TYPE_BYTES);
    }

    private long ofBoot(long dev, long instance) {
        return boot.getLeastSignificantBits() ^ (instance << 32 | dev);
    }

    /** What the inode is known by. What is in a pipe or a socket does not outlive the boot, wherever its name stands. */
    InodeKey key(KernelInode inode, NodeKind kind) {
        FileSystem fileSystem = byDevice.get(inode.dev());
        if (fileSystem == null) {
            return new InodeKey(boot.getMostSignificantBits(), ofBoot(inode.dev(), 0), inode.ino(), inode.generation());
        }
        long high = fileSystem.high;
        long low = fileSystem.low;
        if (fileSystem.lasting && (kind == NodeKind.PIPE || kind == NodeKind.SOCKET)) {
            high ^= boot.getMostSignificantBits();
            low ^= boot.getLeastSignificantBits();
        }
        return new InodeKey(high, low, inode.ino(), inode.generation());
    }

    /** As {@link MarkedInodes} tells of it. */
    MarkedInodes.Inode inode(KernelInode inode, NodeKind kind) {
        FileSystem fileSystem = byDevice.get(inode.dev());
        UUID uuid = fileSystem == null || fileSystem.uuid == null ? null : UUID.fromString(fileSystem.uuid);
        return new MarkedInodes.Inode(uuid, inode.dev(), inode.ino(), inode.generation(),
                uuid != null && fileSystem.lasting && kind != NodeKind.PIPE && kind != NodeKind.SOCKET);
    }

    /** Whether the inodes of file systems of this type, if they have a UUID, are the same after the next boot. */
    static boolean lasts(String type) {
        return LASTING.contains(type);
    }

    /** The UUID of the file system, null if it has none or is not known. */
    String uuid(long dev) {
        FileSystem fileSystem = byDevice.get(dev);
        return fileSystem == null ? null : fileSystem.uuid;
    }

    /** The type of the file system, such as {@code ext4}; empty if it is not known. */
    String type(long dev) {
        FileSystem fileSystem = byDevice.get(dev);
        return fileSystem == null ? "" : fileSystem.type;
    }
}
