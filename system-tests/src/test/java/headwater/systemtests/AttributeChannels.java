// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.ArrayList;
import java.util.List;

/**
 * What is told by a file's attributes: one process changes them, another asks. Who asks must not depend on who wrote the bytes, so
 * the file's content comes from {@code other}, and the file {@code plain}, whose attributes nobody changed, tells nothing.
 */
final class AttributeChannels {
    private AttributeChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (String change : List.of("setxattr", "lsetxattr", "fsetxattr")) {
            all.add(told(change, "getxattr", "an extended attribute's value"));
        }
        all.add(sinceThirteen(told("setxattrat", "getxattr", "an extended attribute's value")));
        for (String ask : List.of("lgetxattr", "fgetxattr")) {
            all.add(told("setxattr", ask, "an extended attribute's value"));
        }
        all.add(sinceThirteen(told("setxattr", "getxattrat", "an extended attribute's value")));
        for (String ask : List.of("listxattr", "llistxattr", "flistxattr")) {
            all.add(told("setxattr", ask, "that there is an extended attribute"));
        }
        all.add(sinceThirteen(told("fsetxattr", "listxattrat", "that there is an extended attribute")));
        all.add(Scenario.of("attribute-fsetxattr-fgetxattr", "fsetxattr(2), fgetxattr(2)", "both by descriptors",
                script("fsetxattr", "fgetxattr")).from("sink", "source").notFrom("sink", "other")
                .expect("an attribute is set", graph -> {
                    graph.assertRelation("sink", Relation.SETXATTR);
                    graph.assertRelation("sink", Relation.SETXATTR_INODE);
                    graph.assertRelation("sink", Relation.GETXATTR);
                    graph.assertFrom("sink", NodeKind.XATTR, Attribute.NAME, "user.headwater");
                }));
        all.add(removed("removexattr"));
        all.add(removed("fremovexattr"));
        all.add(told("acl", "getacl", "an access control list"));
        all.add(told("setflags", "getflags", "a flag by FS_IOC_SETFLAGS, FS_IOC_GETFLAGS"));
        for (String change : List.of("chmod", "fchmod", "fchmodat")) {
            all.add(told(change, "stat", "permissions"));
        }
        all.add(told("fchmodat2", "stat", "permissions").notOn(Kernel.V6_1, "no fchmodat2(2) before 6.6"));
        for (String change : List.of("chown", "fchown", "lchown", "fchownat")) {
            all.add(told(change, "stat", "owner"));
        }
        for (String change : List.of("utime", "utimes", "futimesat", "utimensat", "futimens")) {
            all.add(told(change, "stat", "a time that was chosen"));
        }
        for (String ask : List.of("lstat", "fstat", "newfstatat", "statx")) {
            all.add(told("chmod", ask, "permissions"));
        }
        for (String ask : List.of("access", "faccessat", "faccessat2")) {
            all.add(told("chmod", ask, "permissions, as far as they allow").unseen(BlindSpot.ACCESS_CHECKS));
        }
        all.add(Scenario.of("attribute-of-link", "setxattr(2), stat(2), by symbolic links", "both follow a link to the file", """
                cat other >middle
                ln -s middle first
                ln -s middle second
                attributes chmod source first
                attributes stat second sink
                """).from("sink", "source").notFrom("sink", "other"));
        all.add(Scenario.of("attribute-later", "chmod(2), stat(2), again", "what is asked for twice is told twice", """
                : >middle
                attributes chmod other middle
                attributes stat middle first
                attributes chmod source middle
                attributes stat middle sink
                """).from("first", "other").notFrom("first", "source").from("sink", "source", "other"));
        all.add(Scenario.of("attribute-listing", "ls(1) -l", "a listing with the attributes of many files", """
                mkdir folder
                : >folder/one
                : >folder/two
                cat other >folder/two
                attributes chmod source folder/one
                ls -l folder >sink
                """).from("sink", "source").notFrom("sink", "other"));
        return all;
    }

    private static Scenario sinceThirteen(Scenario scenario) {
        return scenario.notOn(Kernel.V6_1, "no such call before 6.13").notOn(Kernel.V6_12, "no such call before 6.13");
    }

    private static String script(String change, String ask) {
        return "cat other >middle\n: >plain\nattributes " + change + " source middle\nattributes " + ask + " middle sink\n"
                + "attributes stat plain third\n";
    }

    private static Scenario told(String change, String ask, String what) {
        return Scenario.of("attribute-" + change + "-" + ask, (change.equals("acl") || change.equals("setflags")
                ? "" : change + "(2), " + ask + "(2): ") + what, "one process sets it, another asks for it", script(change, ask))
                .from("sink", "source").notFrom("sink", "other").notFrom("third", "source", "other");
    }

    private static Scenario removed(String change) {
        return Scenario.of("attribute-" + change, change + "(2), listxattr(2)", "that an attribute is gone", """
                : >middle
                attributes setxattr other middle
                attributes %s source middle
                attributes listnone middle sink
                """.formatted(change)).from("sink", "source", "other");
    }
}
