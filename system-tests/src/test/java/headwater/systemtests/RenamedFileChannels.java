// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;

/** Names come and go; what a file holds stays with it. */
final class RenamedFileChannels {
    private RenamedFileChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                Scenario.of("create", "cp(1)", "a new file", "cp source sink\n")
                        .from("sink", "source"),
                Scenario.of("rename", "mv(1)", "what a file holds stays with it under a new name", """
                        cp source old
                        mv old new
                        cp new sink
                        """).from("new", "source").from("old", "source").from("sink", "source", "new"),
                Scenario.of("rename-over", "mv(1) over a file", "what the replaced file held is no ancestor", """
                        cp other new
                        cp source old
                        mv old new
                        cp new sink
                        """).from("new", "source").notFrom("new", "other").from("sink", "source").notFrom("sink", "other"),
                Scenario.of("rename-directory", "mv(1) of a directory", "the files below it have new paths", """
                        mkdir before
                        cp source before/file
                        mv before after
                        cp after/file sink
                        """).from("after/file", "source").from("before/file", "source").from("sink", "source"),
                Scenario.of("hard-link", "ln(1)", "a second name for one file, the first removed", """
                        cp source first
                        ln first second
                        rm first
                        cp second sink
                        """).from("second", "source").from("first", "source").from("sink", "source"),
                Scenario.of("unlink", "rm(1)", "a file that is gone stays an ancestor, by its name", """
                        cp source middle
                        cp middle sink
                        rm middle
                        """).from("middle", "source").from("sink", "source", "middle"),
                Scenario.of("recreate", "a name used again", "two files that had one name are two objects", """
                        cp source same
                        cp same sink
                        rm same
                        cp other same
                        """).from("same", "other").notFrom("same", "source").from("sink", "source").notFrom("sink", "other")
                        .expect("two objects had the name", graph -> graph.assertObjects("same", 2)),
                Scenario.of("symbolic-link", "ln(1) -s", "read by way of a symbolic link", """
                        cp source real
                        ln -s real link
                        cp link sink
                        """).from("link", "source").from("sink", "source", "real"),
                Scenario.of("rename-by-link", "rename(2) by way of a symbolic link", "the new name is the kernel's, not the caller's", """
                        mkdir real
                        ln -s real alias
                        cp source real/old
                        names rename alias/old alias/new
                        """).from("real/new", "source")
                        .expect("the file has the name that the kernel gives it", graph -> graph.assertObjects("real/new", 1))
                        .unseen(BlindSpot.CLAIMED_NAMES, "the file has the name that the kernel gives it"),
                Scenario.of("odd-names", "names of any bytes", "blanks, line feeds, bytes that are no UTF-8", """
                        bytes=$(printf 'caf\\351 \\377\\001')
                        newline=$(printf 'two\\nlines')
                        cp source 'with space'
                        cp 'with space' "$newline"
                        cp "$newline" "$bytes"
                        cp "$bytes" 'back\\slash "quote"'
                        cp 'back\\slash "quote"' sink
                        """).from("with\\x20space", "source").from("two\\x0alines", "source", "with\\x20space")
                        .from("caf\\xe9\\x20\\xff\\x01", "source", "two\\x0alines")
                        .from("back\\x5cslash\\x20\\x22quote\\x22", "caf\\xe9\\x20\\xff\\x01").from("sink", "source"),
                Scenario.of("deep", "a path of forty directories", "the whole path is known", """
                        at=.
                        for level in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 \\
                            20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39; do
                            at=$at/level-$level
                        done
                        mkdir -p "$at"
                        cp source "$at/file"
                        cp "$at/file" sink
                        """).from(deep(), "source").from("sink", "source", deep()),
                Scenario.of("directory", "paths with dots", "relative to a directory that was changed to", """
                        mkdir -p one/two
                        (cd one/two; cp ../../source ./file)
                        cp one/../one/two/file sink
                        """).from("one/two/file", "source").from("sink", "source", "one/two/file"));
    }

    private static String deep() {
        StringBuilder path = new StringBuilder();
        for (int level = 0; level < 40; level++) {
            path.append("level-").append(level).append('/');
        }
        return path.append("file").toString();
    }
}
