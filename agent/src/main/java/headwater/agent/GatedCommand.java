// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command that was started but does nothing yet: its process waits, stopped, in a shell that will execute it. So capture can
 * begin before the command's first instruction. The command has this process's terminal, folder and environment.
 */
final class GatedCommand {
    /** The shell names itself, so that the graph shows who gave the command its start. */
    private static final String GATE = "echo headwater-run > /proc/$$/comm; kill -STOP $$; exec \"$@\"";

    private final Process process;

    private GatedCommand(Process process) {
        this.process = process;
    }

    /**
     * Starts the gate.
     *
     * @throws IOException if the gate cannot be started, or ends before it stands
     */
    static GatedCommand start(List<String> command) throws IOException {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", GATE, "headwater-run"));
        line.addAll(command);
        Process process = new ProcessBuilder(line).inheritIO().start();
        GatedCommand gated = new GatedCommand(process);
        gated.awaitStop();
        return gated;
    }

    private void awaitStop() throws IOException {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        while (true) {
            String line = Files.readString(stat);
            char state = line.charAt(line.lastIndexOf(')') + 2);
            if (state == 'T') {
                return;
            }
            if (state == 'Z' || !process.isAlive()) {
                throw new IOException("the command's shell ended before it ran the command: pid=" + process.pid());
            }
            Thread.onSpinWait();
        }
    }

    int pid() {
        return (int) process.pid();
    }

    /** Lets the command run. */
    void release() {
        Libc.kill(pid(), Libc.SIGCONT);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The command's exit status, 128 + N if signal N ended it. After it has ended. */
    int status() {
        return process.exitValue();
    }
}
