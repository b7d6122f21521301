// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.Libc;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets who records go before what is recorded, where there are more threads than CPUs (setpriority(2)): otherwise programs that keep all
 * CPUs busy fill the rings faster than they are emptied, most of all while the recorder is young and its code not compiled yet. It takes no
 * more CPU time by this, only sooner. For the thread that records, and those of the JVM that it waits for; until it is closed by that thread.
 *
 * <p>Between sessions (setsid(2)) the kernel shares the CPUs first, and within them by thread (sched(7), autogroups): so a daemon's session
 * goes before others too, while there is need to. It would always do so with its sealing and merging.
 */
final class Precedence implements AutoCloseable {
    /** Nine times the share of others. */
    private static final int NICE = -10;
    private static final int SELF = 0;
    private static final Path GROUP = Path.of("/proc/self/autogroup");
    private static final Path THREADS = Path.of("/proc/self/task");
    /** What the JVM calls its compilers, and the thread that collects garbage while all others wait. */
    private static final List<String> SERVING = List.of("C1 Compiler", "C2 Compiler", "VM Thread");

    private final Map<Integer, Integer> before = new LinkedHashMap<>();
    private final boolean ownSession = ProcessHandle.current().pid() == Libc.session();
    private boolean urgent;

    private Precedence() {
    }

    /** From now on. Processes that the calling thread starts while it has precedence would have it too. */
    static Precedence take() {
        Precedence taken = new Precedence();
        taken.raise(SELF);
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                String name = Files.readString(thread.resolve("comm"));
                if (SERVING.stream().anyMatch(name::startsWith)) {
                    taken.raise(Integer.parseInt(thread.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            // A thread that has ended meanwhile; the recorder has what matters most.
        }
        return taken;
    }

    private void raise(int tid) {
        before.put(tid, Libc.nice(tid));
        Libc.nice(tid, NICE);
    }

    /** Whether the rings fill. Does nothing where what is recorded may be of the same session. */
    void urgent(boolean now) {
        if (now == urgent || !ownSession) {
            return;
        }
        urgent = now;
        try {
            Files.writeString(GROUP, Integer.toString(now ? NICE : 0));
        } catch (IOException e) {
            // This kernel shares by threads alone, or does not let this process.
        }
    }

    @Override
    public void close() {
        urgent(false);
        before.forEach(Libc::nice);
    }
}
