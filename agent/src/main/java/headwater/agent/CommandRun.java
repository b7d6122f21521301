// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.disclosure.DisclosureSocket;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a command and records what its whole process tree does, until the command itself ends. */
public final class CommandRun {
    private CommandRun() {
    }

    /**
     * What came of it.
     *
     * @param status the command's exit status, 128 + N if signal N ended it
     * @param figures of the session; {@code processes} are those of the command that still run
     * @param refusal why the log took no more events before the end; empty if it took all
     */
    public record Outcome(int status, Recording.Figures figures, String refusal) {
    }

    /** The words of a command in the bytes that {@link #run} takes, in UTF-8. */
    public static List<byte[]> words(List<String> command) {
        return command.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /**
     * Runs a command with this process's terminal, folder and environment.
     *
     * @param command its words, in the bytes that the kernel takes
     * @throws headwater.capture.kernel.KernelException if the kernel refuses the front-end; the command has not run then
     * @throws IOException if the command cannot be started
     */
    public static Outcome run(Store store, Recording.Plan plan, List<byte[]> command) throws IOException {
        try (Recording recording = Recording.start(store, plan);
                DisclosureSocket disclosure = Disclosing.ofCommand(recording, store.path(), System.getenv());
                GatedCommand gated = GatedCommand.start(command, Disclosing.variables(disclosure))) {
            recording.notes().forEach(note -> System.err.println("headwater: " + note));
            recording.adopt(gated.pid());
            gated.whenEnded(recording::wake);
            // The command is a child of before, and does not inherit it.
            try (Precedence _ = Precedence.take()) {
                gated.release();
                Idle idle = new Idle(recording::sleep);
                while (gated.isAlive()) {
                    idle.idle(recording.doWork(), recording.pending());
                }
                recording.stop();
            }
            return new Outcome(gated.status(), recording.figures(), recording.refusal());
        }
    }
}
