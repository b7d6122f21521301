// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs: run, awaited, and asked what they have used. */
final class Programs {
    /** Of the times in {@code /proc}: USER_HZ, which is 100 wherever Linux runs on x86 and arm. */
    private static final double TICKS_PER_SECOND = 100;

    private Programs() {
    }

    /**
     * Runs a program; what it says on stderr goes to ours.
     *
     * @return what it said on stdout
     * @throws IOException if it ends with another status than 0, or this thread is interrupted
     */
    static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = status(process);
        if (status != 0) {
            throw new IOException("program failed: command=" + String.join(" ", command) + ", status=" + status + ", said=" + said.strip());
        }
        return said;
    }

    /** Asks a process to end, and after {@code seconds} forces it. */
    static void end(Process process, int seconds) throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw interrupted(e);
        }
    }

    static void sleep(long ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** User and system time of a process and its threads, ended ones too, seconds. */
    static double cpu(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // Behind the name, which may hold anything, these are the 12th and 13th.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / TICKS_PER_SECOND;
    }

    private static int status(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }
}
