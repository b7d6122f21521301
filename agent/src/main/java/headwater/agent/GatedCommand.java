// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A command that was started but does nothing yet: its process waits, stopped, in a shell that will execute it. So capture can
 * begin before the command's first instruction. The command has this process's terminal, folder and environment.
 */
final class GatedCommand implements AutoCloseable {
    /** The shell names itself, so that the graph shows who gave the command its start. */
    private static final String GATE = "echo headwater-run > /proc/$$/comm; kill -STOP $$; ";

    private final Process process;
    private boolean released;

    private GatedCommand(Process process) {
        this.process = process;
    }

    /**
     * Starts the gate.
     *
     * @param command its words, in the bytes that the kernel takes
     * @throws IOException if the gate cannot be started, or ends before it stands
     */
    static GatedCommand start(List<byte[]> command) throws IOException {
        return start(command, Map.of());
    }

    /** As the other, with variables beside this process's environment. */
    static GatedCommand start(List<byte[]> command, Map<String, String> variables) throws IOException {
        ProcessBuilder gate = new ProcessBuilder("/bin/sh", "-c", script(command)).inheritIO();
        gate.environment().putAll(variables);
        Process process = gate.start();
        GatedCommand gated = new GatedCommand(process);
        try {
            gated.awaitStop();
        } catch (IOException | RuntimeException e) {
            gated.close();
            throw e;
        }
        return gated;
    }

    /** The words stand in the script, in ASCII: Java would not pass on bytes that its own encoding does not have. */
    static String script(List<byte[]> command) {
        StringBuilder before = new StringBuilder();
        StringBuilder exec = new StringBuilder("exec");
        for (int i = 0; i < command.size(); i++) {
            byte[] word = command.get(i);
            if (isAscii(word)) {
                String text = new String(word, StandardCharsets.US_ASCII);
                exec.append(" '").append(text.replace("'", "'\\''")).append('\'');
            } else {
                before.append("w").append(i).append("=$(printf '%b' '").append(octal(word)).append("x'); ");
                // A command substitution drops newlines at the end; the x keeps them.
                exec.append(" \"${w").append(i).append("%x}\"");
            }
        }
        return before + GATE + exec;
    }

    private static boolean isAscii(byte[] word) {
        for (byte b : word) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static String octal(byte[] word) {
        StringBuilder text = new StringBuilder();
        for (byte b : word) {
            text.append(String.format("\\0%03o", b & 0xff));
        }
        return text.toString();
    }

    private void awaitStop() throws IOException {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        while (true) {
            char state = state(stat);
            if (state == 'T') {
                return;
            }
            if (state == 'Z') {
                throw new IOException("the command's shell, /bin/sh, ended before it ran the command: pid=" + process.pid()
                        + "; what it said stands above");
            }
            Thread.onSpinWait();
        }
    }

    /** The process's state (proc(5)), Z if it has gone. */
    private static char state(Path stat) throws IOException {
        try {
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return line.charAt(line.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return 'Z';
        }
    }

    int pid() {
        return (int) process.pid();
    }

    /** Lets the command run. */
    void release() {
        Libc.kill(pid(), Libc.SIGCONT);
        released = true;
    }

    /** Ends the gate, if the command was never let run; a command that runs is left alone. */
    @Override
    public void close() {
        if (!released) {
            process.destroyForcibly();
        }
    }

    /** Has this run when the command has ended, by a thread of its own. */
    void whenEnded(Runnable then) {
        process.onExit().thenRun(then);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The command's exit status, 128 + N if signal N ended it. After it has ended. */
    int status() {
        return process.exitValue();
    }
}
