// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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

    private final Path mount;
    private final Path proc;
    private final Map<Long, String> paths = new HashMap<>();
    private long searchedNs = System.nanoTime() - SEARCH_INTERVAL_NS;

    Cgroups() {
        this(unifiedMount(Path.of("/sys/fs/cgroup")), Path.of("/proc"));
    }

    /**
     * @param mount where the unified hierarchy is mounted
     * @param proc where procfs is
     */
    Cgroups(Path mount, Path proc) {
        this.mount = mount;
        this.proc = proc;
    }

    /** systemd's hybrid layout has it beside the hierarchies of version 1. */
    private static Path unifiedMount(Path root) {
        Path unified = root.resolve("unified");
        return Files.exists(unified.resolve("cgroup.procs")) ? unified : root;
    }

    /**
     * The path of a cgroup, from the root of the hierarchy as this process sees it.
     *
     * @param tgid a process that was in it a moment ago; where it is now is looked at first
     * @return null if the cgroup is gone or not to be seen
     */
    String path(long id, int tgid) {
        if (id == ROOT_ID) {
            return "/";
        }
        String known = paths.get(id);
        if (known == null) {
            known = ofProcess(id, tgid);
            if (known == null) {
                search();
                known = paths.get(id);
            }
        }
        return known;
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

    /** Looks through the whole hierarchy, but not again and again for what is gone. */
    private void search() {
        long now = System.nanoTime();
        if (now - searchedNs < SEARCH_INTERVAL_NS || !Files.exists(mount.resolve("cgroup.procs"))) {
            return;
        }
        searchedNs = now;
        try {
            Files.walkFileTree(mount, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                    keep(number(folder), "/" + mount.relativize(folder));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // Removed while we look.
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | RuntimeException e) {
            // What was found until then is right.
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
