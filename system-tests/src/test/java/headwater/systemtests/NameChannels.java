// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import java.util.ArrayList;
import java.util.List;

/** Each system call that makes, moves or takes away a name: what the record says of the name itself, whoever has it now. */
final class NameChannels {
    private NameChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.add(twoNames("rename", "old", "new"));
        all.add(twoNames("renameat", "old", "folder/new", "new"));
        all.add(twoNames("renameat2", "folder/old", "new", "new", "old"));
        all.add(twoNames("link", "old", "new"));
        all.add(twoNames("linkat", "old", "folder/new", "new"));
        all.add(Scenario.of("name-exchange", "renameat2(2), RENAME_EXCHANGE", "two files swap their names",
                "cp source one\ncp other two\nnames exchange one two\n")
                .from("one", "other").notFrom("one", "source").from("two", "source").notFrom("two", "other"));
        all.add(deleted("unlink", "gone", "gone"));
        all.add(deleted("unlinkat", "folder/gone", "gone"));
        all.add(made("symlink", "source new", "new", NodeKind.LINK));
        all.add(made("symlinkat", "source new", "folder/new", NodeKind.LINK));
        all.add(made("mkdir", "new", "new", NodeKind.DIRECTORY));
        all.add(made("mkdirat", "new", "folder/new", NodeKind.DIRECTORY));
        all.add(made("mknod", "new", "new", NodeKind.PIPE));
        all.add(made("mknodat", "new", "folder/new", NodeKind.PIPE));
        all.add(made("creat", "new", "new", NodeKind.FILE));
        all.add(made("open", "new", "new", NodeKind.FILE));
        all.add(made("openat", "new", "folder/new", NodeKind.FILE));
        all.add(made("openat2", "new", "folder/new", NodeKind.FILE));
        all.add(Scenario.of("name-rmdir", "rmdir(2)", "the directory is said to be gone", "mkdir gone\nnames rmdir gone\n")
                .expect("the directory is said to be gone", graph -> assertDeleted(graph, "gone")));
        return all;
    }

    private static Scenario twoNames(String call, String old, String fresh) {
        return twoNames(call, old, fresh, fresh, old);
    }

    private static Scenario twoNames(String call, String old, String fresh, String second) {
        return twoNames(call, old, fresh, second, old);
    }

    /** One object has had both names. */
    private static Scenario twoNames(String call, String old, String fresh, String second, String first) {
        return Scenario.of("name-" + call, call + "(2)", "one object has both names",
                "mkdir folder\ncp source " + old + "\nnames " + call + " " + first + " " + second + "\n")
                .from(fresh, "source")
                .expect("one object has had both names", graph -> {
                    assertEquals(1, graph.objects(fresh).size(), fresh);
                    assertEquals(graph.objects(old), graph.objects(fresh));
                });
    }

    private static Scenario deleted(String call, String path, String argument) {
        return Scenario.of("name-" + call, call + "(2)", "the file is said to be gone",
                "mkdir folder\ncp source " + path + "\nnames " + call + " " + argument + "\n")
                .from(path, "source").expect("the file is said to be gone", graph -> assertDeleted(graph, path));
    }

    private static Scenario made(String call, String arguments, String path, NodeKind kind) {
        return Scenario.of("name-" + call, call + "(2), making a " + (kind == NodeKind.PIPE ? "FIFO" : kind.text()),
                "the new object comes of its maker", "mkdir folder\nnames " + call + " " + arguments + "\n")
                .expect("a " + kind.text() + " is made by the caller", graph -> {
                    assertEquals(1, graph.objects(path).size(), path);
                    long object = graph.objects(path).iterator().next();
                    assertEquals(kind, graph.view().kind(object));
                    assertTrue(graph.hasCauses(object), "nothing flows into " + path);
                });
    }

    private static void assertDeleted(RecordedGraph graph, String path) {
        assertEquals(1, graph.objects(path).size(), path);
        assertEquals(1, graph.view().attributes(graph.objects(path).iterator().next()).number(Attribute.DELETED, 0));
    }
}
