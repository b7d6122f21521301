// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root. */
class PrecedenceTest {
    @TempDir
    private Path folder;

    /** proc_pid_stat(5): the 19th field; the second, the name, is in parentheses. */
    private static int nice(Path thread) throws IOException {
        String stat = Files.readString(thread.resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    private static int own() throws IOException {
        return nice(Path.of("/proc/thread-self"));
    }

    private static int compiler() throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith("C1 Compiler")) {
                    return nice(thread);
                }
            }
        }
        throw new AssertionError("this JVM has no compiler");
    }

    @Test
    void shouldGoBeforeOthersUntilItIsClosed() throws IOException {
        int ownBefore = own();
        int compilerBefore = compiler();
        try (Precedence precedence = Precedence.take()) {
            assertTrue(own() < ownBefore, () -> "precedence=" + precedence);
            assertTrue(compiler() < compilerBefore);
        }
        assertEquals(ownBefore, own());
        assertEquals(compilerBefore, compiler());
    }

    @Test
    void shouldNotBeHadByThreadsOfOthers() throws Exception {
        int before = own();
        int[] had = new int[1];
        try (Precedence _ = Precedence.take()) {
            Thread other = Precedence.without(() -> {
                Thread thread = Thread.ofPlatform().unstarted(() -> had[0] = ownUnchecked());
                thread.start();
                return thread;
            });
            other.join();
            assertTrue(own() < before);
        }
        assertEquals(before, had[0]);
    }

    private static int ownUnchecked() {
        try {
            return own();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldNotBeInheritedByWhatIsRecorded() throws IOException {
        int before = own();
        Path said = folder.resolve("nice");
        try (Store store = Store.openForWriting(folder.resolve("store"), "test")) {
            for (int run = 0; run < 2; run++) {
                CommandRun.run(store, new Recording.Plan(TestedFrontEnd.get(), false, "nice", 1 << 20),
                        CommandRun.words(List.of("sh", "-c", "nice > " + said)));
                assertEquals(Integer.toString(before), Files.readString(said).strip());
            }
        }
    }
}
