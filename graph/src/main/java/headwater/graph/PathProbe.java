// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/**
 * Asks the file system what a path names now. Used only for calls whose words, but not whose files, were recorded.
 */
@FunctionalInterface
public interface PathProbe {
    /** Knows nothing: for records that are read again later, or on another machine. */
    PathProbe NONE = path -> null;

    /**
     * What the path names, without following a symbolic link at its end, as lstat(2).
     *
     * @param path absolute, in the bytes that the kernel takes, without a NUL
     * @return null if it names nothing, or cannot be asked
     */
    Found find(byte[] path);

    /** As {@link #find}, of what a symbolic link at the path's end leads to, as stat(2). */
    default Found target(byte[] path) {
        return find(path);
    }

    /**
     * A file as stat(2) tells of it; its generation cannot be asked for.
     *
     * @param dev device number in the kernel's own encoding, major {@code << 20 |} minor
     * @param ino inode number
     * @param mode type and permissions
     */
    record Found(long dev, long ino, int mode) {
    }
}
