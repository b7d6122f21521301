// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;

/**
 * What stands before a path that begins at another root directory than the one that Headwater sees, as a container's does:
 * {@code root:MAJOR:MINOR:INODE}, of that directory. So {@code /etc/passwd} is the machine's, and {@code root:0:54:2/etc/passwd} a
 * container's. As no path begins like that, the two are never taken for each other.
 */
final class RootName {
    private static final String PREFIX = "root:";

    private RootName() {
    }

    /** The name of the {@code struct root_key} at {@code at}; empty for the root that Headwater sees. */
    static String of(MemorySegment record, long at) {
        long ino = RecordLayout.longAt(record, at, RecordLayout.ROOT_INO);
        if (ino == 0) {
            return "";
        }
        int dev = RecordLayout.intAt(record, at, RecordLayout.ROOT_DEV);
        return PREFIX + (dev >>> 20) + ":" + (dev & 0xfffff) + ":" + Long.toUnsignedString(ino);
    }

    /** How many characters of {@code path} are a root's name: where the path within it begins. */
    static int length(String path) {
        int slash = path.startsWith(PREFIX) ? path.indexOf('/') : 0;
        return Math.max(slash, 0);
    }

    /** True if {@code path} begins at the root that Headwater sees, so that it can ask the file system for it. */
    static boolean isOwn(String path) {
        return path.startsWith("/");
    }

    /** True for what lies in /proc, where a name means what the caller is and when it asks. */
    static boolean isInProc(String path) {
        return path.startsWith("/proc/", length(path));
    }

    /** The directory that holds {@code path}; null for a root directory. */
    static String parent(String path) {
        int root = length(path);
        int slash = path.lastIndexOf('/');
        if (slash < root || path.length() == root + 1) {
            return null;
        }
        return path.substring(0, Math.max(slash, root + 1));
    }
}
