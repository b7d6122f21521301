// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.Libc;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets who records go before what is recorded, where there are more threads than CPUs (setpriority(2)): otherwise programs that keep all
 * CPUs busy fill the rings faster than they are emptied, most of all while the recorder is young and its code not compiled yet. It takes no
 * more CPU time by this, only sooner.
 */
final class Precedence {
    /** Nine times the share of others. */
    private static final int NICE = -10;
    private static final Path THREADS = Path.of("/proc/self/task");
    /** What the JVM calls its compilers, and the thread that collects garbage while all others wait. */
    private static final List<String> SERVING = List.of("C1 Compiler", "C2 Compiler", "VM Thread");

    private Precedence() {
    }

    /** From now on the calling thread, which records, and the JVM's that it waits for. Its later children would have it too. */
    static void take() {
        Libc.nice(0, NICE);
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                String name = Files.readString(thread.resolve("comm"));
                if (SERVING.stream().anyMatch(name::startsWith)) {
                    Libc.nice(Integer.parseInt(thread.getFileName().toString()), NICE);
                }
            }
        } catch (IOException e) {
            // A thread that has ended meanwhile; the recorder has what matters most.
        }
    }
}
