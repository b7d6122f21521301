// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds a cgroup's folder by its id, without looking for it: the file system of cgroups takes ids for file handles (open_by_handle_at(2),
 * since Linux 5.11). Needs CAP_DAC_READ_SEARCH in the first user namespace. Any thread.
 *
 * <pre>
 *   0            4            8                        16
 *   +------------+------------+------------------------+
 *   | bytes: 8   | type: 0xfe | id                     |   struct file_handle
 *   +------------+------------+------------------------+
 * </pre>
 */
public final class CgroupHandle {
    private static final int HANDLE_BYTES = 16;
    private static final int LENGTH = 0;
    private static final int TYPE = 4;
    private static final int ID = 8;
    private static final int ID_BYTES = 8;
    /** FILEID_KERNFS. */
    private static final int KERNFS = 0xfe;
    /** O_PATH, O_DIRECTORY, O_CLOEXEC. */
    private static final int NAME_ONLY = 0x200000 | 0x10000 | 0x80000;

    private static final MethodHandle OPEN_BY_HANDLE_AT = Libc.find("open_by_handle_at",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private CgroupHandle() {
    }

    /**
     * The folder of a cgroup, below {@code mount}.
     *
     * @param mount where the unified hierarchy is mounted
     * @return null if there is no such cgroup (any more), if it is not to be seen from that mount, or if this may not be asked
     */
    public static Path folder(Path mount, long id) {
        int root;
        try {
            root = Libc.openFolder(mount);
        } catch (KernelException e) {
            return null;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment handle = call.allocate(HANDLE_BYTES, 8);
            handle.set(ValueLayout.JAVA_INT, LENGTH, ID_BYTES);
            handle.set(ValueLayout.JAVA_INT, TYPE, KERNFS);
            handle.set(ValueLayout.JAVA_LONG, ID, id);
            int fd = (int) OPEN_BY_HANDLE_AT.invokeExact(call.allocate(Libc.CAPTURED), root, handle, NAME_ONLY);
            return fd < 0 ? null : named(fd, mount);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        } finally {
            Libc.close(root);
        }
    }

    private static Path named(int fd, Path mount) {
        try {
            Path folder = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
            // One that is removed meanwhile has a name that is none; one outside of the mount, a name elsewhere.
            return folder.startsWith(mount) && Files.isDirectory(folder) ? folder : null;
        } catch (IOException e) {
            return null;
        } finally {
            Libc.close(fd);
        }
    }
}
