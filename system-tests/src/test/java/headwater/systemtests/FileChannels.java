// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.List;

/** From file to file by way of one process: each call that reads or writes. */
final class FileChannels {
    private FileChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                moved("read", "read(2), write(2)", "file to memory, memory to file"),
                moved("pread", "pread64(2), pwrite64(2)", "the same at an offset"),
                moved("readv", "readv(2), writev(2)", "into and out of several buffers, by descriptors open both ways"),
                moved("preadv", "preadv(2), pwritev(2)", "several buffers at an offset"),
                moved("preadv2", "preadv2(2), pwritev2(2)", "the same with flags"),
                moved("sendfile", "sendfile(2)", "file to file in the kernel"),
                moved("splice", "splice(2)", "file to pipe, pipe to file"),
                moved("tee", "tee(2)", "pipe to pipe, the bytes stay in both"),
                moved("vmsplice", "vmsplice(2), into a pipe", "memory becomes a pipe's pages"),
                moved("vmsplice-out", "vmsplice(2), out of a pipe", "a pipe's pages are copied to memory"),
                moved("copy_file_range", "copy_file_range(2)", "file to file, within the file system if it can"),
                moved("memfd", "memfd_create(2)", "by way of a file without a name"),
                moved("dup", "dup(2), dup2(2), dup3(2), F_DUPFD", "by copies of the descriptors"),
                Scenario.of("append", "O_APPEND", "written behind what the file held, which stays an ancestor", """
                        cat other >sink
                        flow append source sink
                        """).from("sink", "source", "other"),
                Scenario.of("overwrite", "O_TRUNC", "what the file held is cut off by the open", """
                        cat other >sink
                        flow o_trunc source sink
                        """).from("sink", "source"),
                emptied("open", "open(2), O_TRUNC"),
                emptied("openat", "openat(2), O_TRUNC"),
                emptied("openat2", "openat2(2), O_TRUNC"),
                emptied("creat", "creat(2)"),
                Scenario.of("truncate", "truncate(2)", "a file's size tells what a process has read", """
                        cat other >sink
                        flow truncate source sink
                        """).from("sink", "source", "other"),
                Scenario.of("ftruncate", "ftruncate(2)", "the same by a descriptor", """
                        cat other >sink
                        flow ftruncate source sink
                        """).from("sink", "source", "other"),
                Scenario.of("redirections", "a shell's < and >", "descriptors that a parent opened", "cat <source >sink\n")
                        .from("sink", "source"),
                Scenario.of("opened-before", "a descriptor from before the capture", "opened by nobody who was recorded",
                        "flow inherited 0 sink\n").from("sink", "early"),
                Scenario.of("two-readers", "one file, several readers", "each has what it read, no more", """
                        flow read source sink
                        cat source >second
                        cat other >third
                        """).from("sink", "source").from("second", "source").from("third", "other")
                        .notFrom("sink", "other", "second").notFrom("third", "source"),
                Scenario.of("order", "a file rewritten after it was read", "what came later is no ancestor", """
                        flow read source sink
                        flow read other source
                        """).from("sink", "source").notFrom("sink", "other").from("source", "other"));
    }

    /** One process moves source to sink with a mode of the tester {@code flow}. */
    static Scenario moved(String mode, String channel, String description) {
        return Scenario.of("flow-" + mode, channel, description, "flow " + mode + " source sink\ncat other >other.out\n")
                .from("sink", "source").notFrom("sink", "other").from("other.out", "other").notFrom("other.out", "source");
    }

    /** Nothing is written: that the file is empty is what tells of the source. */
    private static Scenario emptied(String call, String by) {
        return Scenario.of("emptied-" + call, by, "that a file was emptied tells what a process has read", """
                cat other >sink
                flow emptying-%s source sink
                """.formatted(call)).from("sink", "source", "other");
    }
}
