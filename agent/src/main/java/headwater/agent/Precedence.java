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
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** What a thread of this process has that was given none: known before the first is. */
    private static final int USUAL = Libc.nice(SELF);
    private static final Pattern GROUP_NICE = Pattern.compile("nice (-?\\d+)");

    private final Map<Integer, Integer> before = new LinkedHashMap<>();
    private final boolean ownSession = ProcessHandle.current().pid() == Libc.session();
    private boolean urgent;
    private String groupBefore = "0";

    private Precedence() {
    }

    /** From now on. What the calling thread starts while it has precedence would have it too; see {@link #without}. */
    static Precedence take() {
        Precedence taken = new Precedence();
        taken.raise(SELF);
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                int tid = Integer.parseInt(thread.getFileName().toString());
                if (serves(tid)) {
                    taken.raise(tid);
                }
            }
        } catch (IOException e) {
            // The recorder has what matters most.
        }
        return taken;
    }

    /** Starts threads that do not go before others: on Linux, a thread begins with the share of the one that starts it. */
    static <T> T without(Supplier<T> start) {
        int own = Libc.nice(SELF);
        Libc.nice(SELF, USUAL);
        try {
            return start.get();
        } finally {
            Libc.nice(SELF, own);
        }
    }

    /** The JVM ends compilers that have nothing to do, and their numbers may be others' then. */
    private static boolean serves(int tid) {
        try {
            String name = Files.readString(THREADS.resolve(tid + "/comm"));
            return SERVING.stream().anyMatch(name::startsWith);
        } catch (IOException e) {
            return false;
        }
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
            if (now) {
                Matcher nice = GROUP_NICE.matcher(Files.readString(GROUP));
                groupBefore = nice.find() ? nice.group(1) : "0";
            }
            Files.writeString(GROUP, now ? Integer.toString(NICE) : groupBefore);
        } catch (IOException e) {
            // This kernel shares by threads alone, or does not let this process.
        }
    }

    @Override
    public void close() {
        urgent(false);
        before.forEach((tid, nice) -> {
            if (tid == SELF || serves(tid)) {
                Libc.nice(tid, nice);
            }
        });
    }
}
