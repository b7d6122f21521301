// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.UUID;

/** Is told which inodes bear marks, by the thread that feeds the {@link GraphBuilder}. */
public interface MarkedInodes {
    /** Nobody listens. */
    MarkedInodes NONE = (inode, marks, taint) -> { };

    /**
     * Which inode.
     *
     * @param fileSystem its UUID, null if it has none
     * @param dev device number in the kernel's own encoding
     * @param lasts whether UUID, inode number and generation mean the same file after the next boot
     */
    record Inode(UUID fileSystem, long dev, long ino, long generation, boolean lasts) {
    }

    /** Whether the inodes of file systems of this type, such as {@code ext4}, are the same after the next boot if it has a UUID. */
    static boolean lasts(String fileSystemType) {
        return FileSystems.lasts(fileSystemType);
    }

    /**
     * The inode bears these marks from now on; neither marks nor taint: it is gone.
     *
     * @param marks as {@code enum mark} of {@code bpf/select.h} has them
     */
    void marked(Inode inode, int marks, long taint);
}
