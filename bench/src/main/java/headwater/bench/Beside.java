// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints what Headwater adds to the rows of LMbench beside what others have published of themselves, in percent over the kernel without.
 *
 * <p>Arguments: {@code LSM_RESULTS TRACE_RESULTS}, written by {@link SyscallBench}.
 */
public final class Beside {
    /**
     * A row; the columns of the others are what they have published, empty where they published nothing.
     *
     * @param camflow whole system, CamFlow 0.2.1 on Linux 4.9.5: poster, table 3
     * @param camflowSelective the same, selective
     * @param camflow5 CamFlow 0.7.2 on Linux 5.11.2: medians of raw LMbench runs in ProvBPF's repository
     * @param lpm Linux Provenance Modules with Provmon on Linux 2.6.32: USENIX Security 2015, table 1
     * @param provbpf ProvBPF on Linux 5.11.2: as camflow5
     */
    private record Row(String text, List<String> operations, String camflow, String camflowSelective, String camflow5, String lpm,
            String provbpf) {
    }

    private static final List<Row> ROWS = List.of(
            new Row("null call", List.of("getppid"), "0", "0", "10", "0", "−1"),
            new Row("null I/O", List.of("read_zero_1", "write_null_1"), "56", "56", "87", "52", "40"),
            new Row("stat", List.of("stat"), "100", "28", "258", "78", "36"),
            new Row("open/close", List.of("open_close"), "80", "18", "226", "42", "42"),
            new Row("signal install", List.of("signal_install"), "0", "0", "", "0", ""),
            new Row("signal handle", List.of("signal_handle"), "2", "0", "", "1", ""),
            new Row("fork", List.of("fork_exit_wait"), "6", "2", "14", "6", ""),
            new Row("exec", List.of("vfork_exec_wait"), "3", "<1", "", "4", ""),
            new Row("shell", List.of("shell"), "6", "1", "", "4", ""),
            new Row("file create 0k", List.of("create_0k"), "5", "1", "", "37", ""),
            new Row("file delete 0k", List.of("delete_0k"), "11", "11", "", "39", ""),
            new Row("file create 10k", List.of("create_10k"), "16", "11", "", "23", ""),
            new Row("file delete 10k", List.of("delete_10k"), "7", "6", "", "18", ""),
            new Row("mmap", List.of("mmap_1m"), "", "", "", "5", ""),
            new Row("protection fault", List.of("protection_fault"), "", "", "", "8", ""),
            new Row("page fault", List.of("page_fault"), "", "", "", "0", ""),
            new Row("100 fd select", List.of("select_100"), "", "", "", "0", ""),
            new Row("pipe latency", List.of("pipe_latency"), "", "", "76", "", "10"),
            new Row("AF_UNIX latency", List.of("unix_latency"), "", "", "133", "", "39"));

    private Beside() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Beside LSM_RESULTS TRACE_RESULTS");
            System.exit(2);
        }
        Medians lsm = Medians.read(Path.of(arguments[0]));
        Medians trace = Medians.read(Path.of(arguments[1]));
        System.out.println("| % over the kernel without | lsm, whole system (instructions) | lsm, tracked | lsm, untracked | trace, whole system"
                + " (time) | trace, untracked | CamFlow 0.2.1, whole system | CamFlow 0.2.1, selective | CamFlow 0.7.2 | LPM's Provmon | ProvBPF |");
        System.out.println("|---|" + "---|".repeat(10));
        for (Row row : ROWS) {
            String[] operations = row.operations.toArray(String[]::new);
            System.out.printf(Locale.ROOT, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n", row.text,
                    text(lsm.percent(Level.FOLLOWED, operations)), text(lsm.percent(Level.TRACKED, operations)),
                    text(lsm.percent(Level.UNTRACKED, operations)), text(trace.percent(Level.FOLLOWED, operations)),
                    text(trace.percent(Level.UNTRACKED, operations)), row.camflow, row.camflowSelective, row.camflow5, row.lpm, row.provbpf);
        }
    }

    private static String text(double percent) {
        return String.format(Locale.ROOT, "%.0f", percent).replace('-', '−').replace("−0", "0");
    }
}
