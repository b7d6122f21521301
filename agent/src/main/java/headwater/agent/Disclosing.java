// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.disclosure.DisclosureSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the programs of a recording tell of themselves. A recording goes on without: then nobody can tell, and that is said on
 * standard error.
 */
final class Disclosing {
    private static final String NONE = "none";

    private Disclosing() {
    }

    /** For a recording of the whole system: at {@code $HEADWATER_DISCLOSURE}, else at the place that programs know. Null if none. */
    static DisclosureSocket ofSystem(Recording recording, Map<String, String> environment) {
        String asked = environment.getOrDefault(DisclosureSocket.VARIABLE, "");
        return asked.equals(NONE) ? null : open(asked.isEmpty() ? DisclosureSocket.SYSTEM : Path.of(asked), recording);
    }

    /** For the recording of one command, which is told of it ({@link #variables}). Null if none. */
    static DisclosureSocket ofCommand(Recording recording, Path store, Map<String, String> environment) {
        if (environment.getOrDefault(DisclosureSocket.VARIABLE, "").equals(NONE)) {
            return null;
        }
        String name = "run-" + ProcessHandle.current().pid() + ".sock";
        Path folder = DisclosureSocket.SYSTEM.getParent();
        boolean common = Files.isWritable(Files.isDirectory(folder) ? folder : folder.getParent());
        return open(common ? folder.resolve(name) : store.toAbsolutePath().resolve(name), recording);
    }

    /** What the command's environment gets. */
    static Map<String, String> variables(DisclosureSocket socket) {
        return Map.of(DisclosureSocket.VARIABLE, socket == null ? NONE : socket.path().toString());
    }

    private static DisclosureSocket open(Path path, Recording recording) {
        try {
            RunFolder.of(path);
        } catch (IOException e) {
            System.err.println("headwater: programs cannot tell of themselves in this recording: " + e.getMessage());
            return null;
        }
        try {
            return DisclosureSocket.open(path, recording.intake(), new FilePathProbe());
        } catch (IOException e) {
            System.err.println("headwater: " + e.getMessage());
            return null;
        }
    }
}
