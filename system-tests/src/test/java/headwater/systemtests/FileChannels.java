// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.ArrayList;
import java.util.List;

/** Bytes through one process: each way in which the kernel moves them. */
final class FileChannels {
    private FileChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (String mode : List.of("read", "pread", "readv", "preadv", "preadv2", "sendfile", "splice", "tee", "vmsplice",
                "vmsplice-out", "copy_file_range", "map-private", "map-shared-read", "map-shared", "map-shared-before", "map-shared-reader", "memfd",
                "dup", "fork", "vfork", "thread")) {
            all.add(moved(mode));
        }
        all.add(Scenario.of("append", """
                cat other >sink
                flow append source sink
                """).from("sink", "source", "other"));
        all.add(Scenario.of("overwrite", """
                cat other >sink
                flow o_trunc source sink
                """).from("sink", "source"));
        all.add(Scenario.of("truncate", """
                cat other >sink
                flow truncate source sink
                """).from("sink", "source", "other"));
        all.add(Scenario.of("ftruncate", """
                cat other >sink
                flow ftruncate source sink
                """).from("sink", "source", "other"));
        all.add(Scenario.of("redirections", "cat <source >sink\n").from("sink", "source"));
        all.add(Scenario.of("opened-before", "flow inherited 0 sink\n").from("sink", "early"));
        all.add(Scenario.of("two-readers", """
                flow read source sink
                cat source >second
                cat other >third
                """).from("sink", "source").from("second", "source").from("third", "other")
                .notFrom("sink", "other", "second").notFrom("third", "source"));
        all.add(Scenario.of("order", """
                flow read source sink
                flow read other source
                """).from("sink", "source").notFrom("sink", "other").from("source", "other"));
        return all;
    }

    private static Scenario moved(String mode) {
        return Scenario.of("flow-" + mode, "flow " + mode + " source sink\ncat other >other.out\n")
                .from("sink", "source").notFrom("sink", "other").from("other.out", "other").notFrom("other.out", "source");
    }
}
