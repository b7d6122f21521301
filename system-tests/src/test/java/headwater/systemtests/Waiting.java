// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Waits for other processes, with a limit. */
final class Waiting {
    private static final long LIMIT_NS = 60_000_000_000L;

    private Waiting() {
    }

    static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT_NS) {
                throw new AssertionError("not so within " + LIMIT_NS / 1_000_000_000 + " s: " + what);
            }
            Thread.sleep(20);
        }
    }

    static void untilExists(Path path) throws InterruptedException {
        until(path + " exists", () -> Files.exists(path));
    }

    /** Sends a signal by its name, such as {@code INT}; a negative id is a process group. */
    static void signal(String name, long id) throws Exception {
        int status = new ProcessBuilder("kill", "-s", name, "--", Long.toString(id)).start().waitFor();
        if (status != 0) {
            throw new AssertionError("kill failed: signal=" + name + ", id=" + id + ", status=" + status);
        }
    }
}
