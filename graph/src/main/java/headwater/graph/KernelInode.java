// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/**
 * Which inode, for as long as its file system is mounted.
 *
 * @param dev device number in the kernel's own encoding (major {@code << 20 |} minor)
 */
record KernelInode(long dev, long ino, long generation) {
    /** The same, whatever the generation. */
    KernelInode number() {
        return new KernelInode(dev, ino, 0);
    }
}
