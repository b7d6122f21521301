// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.ArrayList;
import java.util.List;

/** From file to file in ways that a file system, a mount or a device has part in. Mounts are private to the scenario. */
final class FileSystemChannels {
    private FileSystemChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.add(Scenario.of("storage-direct", "O_DIRECT", "whole blocks, past the page cache", """
                truncate -s 4096 source
                storage direct source sink
                """).from("sink", "source"));
        all.add(stored("hole", "a sparse file, SEEK_DATA", "the secret lies behind a hole"));
        all.add(stored("sealed", "memfd_create(2), F_SEAL_WRITE", "a sealed file in memory, copied by way of /proc/PID/fd"));
        all.add(stored("reopened", "/proc/PID/fd/N", "a deleted file, opened anew and written by another process"));
        all.add(stored("collapse", "fallocate(2), FALLOC_FL_COLLAPSE_RANGE", "the secret moves within its file"));
        all.add(stored("child-map", "mmap(2), MAP_SHARED, msync(2)", "stored by a child in its parent's mapping"));
        all.add(mounted("bind", "mount(2), MS_BIND", "written under one path, read under the other", """
                mkdir one two
                mount --bind one two
                cp source one/file
                cat two/file >sink
                cp other two/other
                """).notFrom("sink", "other"));
        for (String type : List.of("tmpfs", "ramfs")) {
            all.add(mounted(type, type, "by way of a file in memory", """
                    mkdir memory
                    mount -t %s none memory
                    cp source memory/file
                    cp other memory/other
                    cat memory/file >sink
                    """.formatted(type)).notFrom("sink", "other"));
        }
        all.add(Scenario.of("terminal-typed", "ioctl(2), TIOCSTI", "a child types for its parent", "terminal typed source sink\n")
                .from("sink", "source"));
        all.add(Scenario.of("terminal-size", "ioctl(2), TIOCSWINSZ, TIOCGWINSZ", "the size of a window tells",
                "terminal size source sink\n").from("sink", "source"));
        all.add(Scenario.of("terminal-settings", "ioctl(2), TCSETS, TCGETS", "the settings of a terminal tell",
                "terminal settings source sink\n").from("sink", "source"));
        return all;
    }

    private static Scenario stored(String mode, String channel, String what) {
        return Scenario.of("storage-" + mode, channel, what, "storage " + mode + " source sink\ncat other >other.out\n")
                .from("sink", "source").notFrom("sink", "other").notFrom("other.out", "source");
    }

    /** The script runs in a mount name space of its own. */
    private static Scenario mounted(String name, String channel, String what, String script) {
        return Scenario.of("mount-" + name, channel, what, "cat >script <<'end'\n" + script + "end\n"
                + "unshare -m --propagation private sh -e script\n").from("sink", "source");
    }
}
