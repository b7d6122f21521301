// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A row of the tables: what {@code dev/bench.d/ub} calls {@code name}.
 *
 * @param text for people
 * @param count how often natively, in one round at one level
 * @param counted whether the records that a round leaves are its own alone; not if ub has to make or remove files around it
 */
public record Operation(String name, String text, long count, boolean counted) {
    /** The rows of LMbench that CamFlow and LPM were measured by. */
    private static final List<Operation> PAPERS = List.of(
            of("getppid", "null call (getppid)", 100_000),
            of("read_zero_1", "read 1 byte of /dev/zero", 50_000),
            of("write_null_1", "write 1 byte to /dev/null", 50_000),
            of("stat", "stat", 20_000),
            of("open_close", "open + close", 20_000),
            of("signal_install", "signal install", 50_000),
            of("signal_handle", "signal handle", 20_000),
            of("fork_exit_wait", "fork + exit + wait", 500),
            of("vfork_exec_wait", "vfork + exec + exit + wait", 500),
            of("shell", "sh -c: a shell that executes a program", 200),
            around("create_0k", "file create, 0k", 5_000),
            around("delete_0k", "file delete, 0k", 5_000),
            around("create_10k", "file create, 10k", 5_000),
            around("delete_10k", "file delete, 10k", 5_000),
            of("mmap_1m", "mmap + touch + munmap of 1 MiB", 2_000),
            of("protection_fault", "protection fault", 20_000),
            of("page_fault", "page fault + madvise", 20_000),
            of("select_100", "select of 100 descriptors", 20_000));

    private static final List<Operation> CHANNELS = List.of(
            of("pipe_latency", "pipe, there and back", 5_000),
            of("unix_latency", "AF_UNIX stream, there and back", 5_000),
            of("tcp_latency", "TCP over lo, there and back", 5_000),
            of("sendfile_4k", "sendfile of 4 KiB to /dev/null", 20_000));

    private static final List<Operation> OTHERS = List.of(
            of("pread_file_1", "pread 1 byte of a file", 50_000),
            of("new_pread_1", "pread, each new", 50_000),
            of("new_pwrite_1", "pwrite, each new", 50_000),
            of("new_open_close", "open + close, each new", 20_000),
            of("pipe_write_read_1", "write + read of a pipe (always new)", 20_000),
            of("new_file", "create + write + close + unlink", 5_000),
            of("uring_pread_1", "read 1 byte of a file by io_uring", 20_000));

    public static final List<Operation> ALL = Stream.of(PAPERS, CHANNELS, OTHERS).flatMap(List::stream).toList();

    private static Operation of(String name, String text, long count) {
        return new Operation(name, text, count, true);
    }

    private static Operation around(String name, String text, long count) {
        return new Operation(name, text, count, false);
    }

    /** Those of these names, in this order. */
    public static List<Operation> named(String... names) {
        return Arrays.stream(names).map(name -> ALL.stream().filter(one -> one.name.equals(name)).findFirst().orElseThrow()).toList();
    }
}
