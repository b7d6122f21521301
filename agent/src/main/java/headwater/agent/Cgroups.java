// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.KernelFeatures;
import headwater.capture.kernel.CgroupHandle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths of cgroups by their ids. An id is the inode number of the cgroup's folder, and is not given again while the
 * machine runs; so a path that was found once is right for good, and one whose folder has another number is not taken.
 * Used by one thread.
 */
final class Cgroups {
    /** Of the root, which is the same on every machine: kernfs counts from 1. */
    private static final long ROOT_ID = 1;
    private static final int KEPT_MAX = 65_536;
    private static final long SEARCH_INTERVAL_NS = 1_000_000_000;
    /** So long may a search take. */
    private static final long SEARCH_NS = 5_000_000;
    /** Itself and its entry in its parent: no folder below adds one. */
    private static final int LINKS_OF_A_LEAF = 2;

    private final Path mount;
    private final Path proc;
    private final Map<Long, String> paths = new HashMap<>();
    private final ArrayDeque<Path> unsearched = new ArrayDeque<>();
    private long searchedNs = System.nanoTime() - SEARCH_INTERVAL_NS;

    Cgroups() {
        this(KernelFeatures.controlGroups(), Path.of("/proc"));
    }

    /**
     * @param mount where the unified hierarchy is mounted, null if it is not
     * @param proc where procfs is
     */
    Cgroups(Path mount, Path proc) {
        this.mount = mount;
        this.proc = proc;
    }

    /**
     * The path of a cgroup, from the root of the hierarchy as this process sees it.
     *
     * @param tgid a process that was in it a moment ago; where it is now is looked at if the kernel does not find cgroups by their ids
     * @return null if the cgroup is gone or not to be seen
     */
    String path(long id, int tgid) {
        if (id == ROOT_ID) {
            return "/";
        }
        String known = paths.get(id);
        if (known == null && mount != null) {
            known = ofHandle(id);
            if (known == null) {
                known = ofProcess(id, tgid);
            }
            if (known == null) {
                search();
                known = paths.get(id);
            }
        }
        return known;
    }

    /** As long as there is the cgroup, though the process has ended: most that is started in a unit of its own ends soon. */
    private String ofHandle(long id) {
        Path folder = CgroupHandle.folder(mount, id);
        try {
            if (folder == null || number(folder) != id) {
                return null;
            }
        } catch (IOException e) {
            // Removed since.
            return null;
        }
        String path = new String(("/" + mount.relativize(folder)).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        keep(id, path);
        return path;
    }

    private String ofProcess(long id, int tgid) {
        try {
            List<String> lines = Files.readAllLines(proc.resolve(Integer.toString(tgid)).resolve("cgroup"),
                    StandardCharsets.ISO_8859_1);
            for (String line : lines) {
                if (line.startsWith("0::/")) {
                    String path = line.substring(3);
                    Path folder = mount.resolve(path.substring(1));
                    if (number(folder) == id) {
                        keep(id, path);
                        return path;
                    }
                }
            }
            return null;
        } catch (IOException | RuntimeException e) {
            // The process has ended, or the folder is gone.
            return null;
        }
    }

    private static long number(Path folder) throws IOException {
        return (Long) Files.getAttribute(folder, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Looks through the hierarchy, level by level, but not again and again for what is gone, and not for long: records wait
     * meanwhile. What is left to look through is looked through the next time.
     */
    private void search() {
        long now = System.nanoTime();
        if (now - searchedNs < SEARCH_INTERVAL_NS) {
            return;
        }
        searchedNs = now;
        if (unsearched.isEmpty()) {
            unsearched.add(mount);
        }
        do {
            look(unsearched.remove());
        } while (!unsearched.isEmpty() && System.nanoTime() - now < SEARCH_NS);
    }

    private void look(Path folder) {
        try {
            keep(number(folder), "/" + mount.relativize(folder));
            if ((Integer) Files.getAttribute(folder, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == LINKS_OF_A_LEAF) {
                return;
            }
            try (DirectoryStream<Path> within = Files.newDirectoryStream(folder,
                    entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
                within.forEach(unsearched::add);
            }
        } catch (IOException | RuntimeException e) {
            // Removed while we look. What was found until then is right.
            return;
        }
    }

    private void keep(long id, String path) {
        if (paths.size() >= KEPT_MAX) {
            paths.clear();
        }
        paths.put(id, path);
    }
}
