// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the calling thread, or a process, has used. CPU time, not wall time: another process that takes the CPU does not count, though what
 * it leaves in the caches does.
 */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A tick of /proc/PID/stat, ns; the kernel's USER_HZ is 100 on every machine that Java runs on. */
    private static final long TICK_NS = 10_000_000;
    /** Where utime stands in /proc/PID/stat, counted from behind the name of the program. */
    private static final int USER_FIELD = 11;

    private Meter() {
    }

    /** CPU time of all threads of a process, by /proc; counted in ticks of 10 ms. */
    record Process(long userNs, long systemNs) {
        static Process now() throws IOException {
            return of("self");
        }

        /** @param pid as in /proc */
        static Process of(String pid) throws IOException {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new Process(Long.parseLong(fields[USER_FIELD]) * TICK_NS, Long.parseLong(fields[USER_FIELD + 1]) * TICK_NS);
        }

        Process since(Process before) {
            return new Process(userNs - before.userNs, systemNs - before.systemNs);
        }

        long ns() {
            return userNs + systemNs;
        }
    }

    /** User and system time of this thread, ns. */
    static long cpuNs() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** User time of this thread, ns; the kernel keeps it in ticks. */
    static long userNs() {
        return THREADS.getCurrentThreadUserTime();
    }

    /** Bytes that this thread has allocated on the heap. */
    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /**
     * Memory of this process by /proc/self/status, MiB.
     *
     * @param field such as {@code VmRSS}
     * @throws IOException if there is no such field
     */
    static double statusMib(String field) throws IOException {
        return statusMib("self", field);
    }

    /** As the other, of a process. */
    static double statusMib(String pid, String field) throws IOException {
        Path status = Path.of("/proc", pid, "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("no such field: file=" + status + ", field=" + field);
    }
}
