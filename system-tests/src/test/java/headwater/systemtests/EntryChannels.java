// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.ArrayList;
import java.util.List;

/** What is told by names: one process makes, moves or removes an entry of a directory, another lists that; targets of links. */
final class EntryChannels {
    private EntryChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (String call : List.of("creat", "open", "openat", "mkdir", "mkdirat", "mknod", "mknodat", "symlink", "symlinkat", "link",
                "linkat", "rename", "renameat", "renameat2")) {
            all.add(listed(call, "the secret is the new name"));
        }
        all.add(listed("unlink", "that a name is gone"));
        all.add(listed("rmdir", "that a name is gone"));
        all.add(Scenario.of("entry-later", "getdents64(2), again", "a name that came after the first listing", """
                mkdir folder work
                cd work
                entries listtwice ../folder ../sink &
                lister=$!
                while [ ! -d ready ]; do sleep 0.01; done
                entries mkdir ../source ../folder
                mkdir made
                wait $lister
                """).from("sink", "source").notFrom("sink", "other"));
        all.add(Scenario.of("entry-rename-away", "rename(2) between directories, getdents64(2)", "the secret is the name in the second",
                """
                mkdir first second
                : >first/old
                moved=$(tr ' ' _ <source)
                mv first/old "second/$moved"
                entries list second sink
                """).from("sink", "source"));
        all.add(Scenario.of("link-target", "symlink(2), readlink(2)", "the secret is the target", """
                entries target source link
                entries readlink link sink
                entries target other second
                """).from("sink", "source").notFrom("sink", "other"));
        all.add(Scenario.of("link-target-at", "symlink(2), readlinkat(2)", "the secret is the target", """
                entries target source link
                entries readlinkat link sink
                entries target other second
                """).from("sink", "source").notFrom("sink", "other"));
        all.add(Scenario.of("link-target-jailed", "chroot(2), symlink(2)", "one path in two root directories is two links", """
                mkdir jail cell
                entries jailed source jail
                entries jailed other cell
                entries readlink jail/link sink
                entries readlink cell/link second
                """).from("sink", "source").notFrom("sink", "other").from("second", "other").notFrom("second", "source"));
        for (String call : List.of("rename", "over", "unlink")) {
            all.add(pivoted(call));
        }
        all.add(Scenario.of("unnamed-file", "O_TMPFILE, linkat(2)", "a file that is named when it is full", """
                entries tmpfile source middle
                cat middle >sink
                """).from("sink", "source"));
        all.add(Scenario.of("entry-search", "open(2), by way of a directory", "to look up a name is no flow out of the directory", """
                mkdir folder
                cat source >folder/one
                entries mkdir other folder
                cat folder/one >sink
                """).from("sink", "source").notFrom("sink", "other"));
        return all;
    }

    /** The file of the container has the very path that one of the machine has, which is left alone. */
    private static Scenario pivoted(String call) {
        return Scenario.of("pivoted-" + call, "pivot_root(2), " + (call.equals("unlink") ? "unlink(2)" : "rename(2)"),
                "one path in two roots of mount namespaces is two files", """
                mkdir -p "root$PWD"
                cp source same
                roots %s other second root "$PWD/same"
                cp same sink
                """.formatted(call)).from("sink", "source").notFrom("sink", "other").from("second", "other").notFrom("second", "source")
                .expect("the path is of one file of the machine", graph -> graph.assertObjects("same", 1))
                .expect("nothing happened to that", graph -> graph.assertThere("same"))
                .expect("the machine has no file of the new name", graph -> graph.assertObjects("same.moved", 0));
    }

    private static Scenario listed(String call, String what) {
        return Scenario.of("entry-" + call, call + (call.equals("rmdir") ? "(2), by unlinkat(2)" : "(2)") + ", getdents64(2)", what, """
                mkdir folder folder/oldfolder second
                : >folder/old
                : >second/old
                mkdir second/oldfolder
                entries %s source folder
                entries %s other second
                entries list folder sink
                """.formatted(call, call)).from("sink", "source").notFrom("sink", "other");
    }
}
