// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A process, told from all others: by the boot, its id, and when it started.
 *
 * @param started clock ticks since the boot, -1 if it cannot be told
 */
record WriterProcess(UUID boot, long pid, long started) {
    /** This process. */
    static WriterProcess self() throws IOException {
        long pid = ProcessHandle.current().pid();
        return new WriterProcess(currentBoot(), pid, started(pid));
    }

    /** True if it still runs and can be seen from here. */
    boolean lives() {
        try {
            return boot.equals(currentBoot()) && started >= 0 && started(pid) == started;
        } catch (IOException e) {
            return false;
        }
    }

    private static UUID currentBoot() throws IOException {
        return UUID.fromString(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
    }

    private static long started(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            // The name, in parentheses, may hold anything; the start is the 20th word after it.
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }
}
