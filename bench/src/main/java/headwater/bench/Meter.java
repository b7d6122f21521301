// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the calling thread has used. CPU time, not wall time: another process that takes the CPU does not count, though what
 * it leaves in the caches does.
 */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Meter() {
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
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("no such field: file=/proc/self/status, field=" + field);
    }
}
