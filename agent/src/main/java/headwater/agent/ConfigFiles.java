// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowConfig;
import headwater.config.CamflowdConfig;
import headwater.config.IniFile;
import headwater.config.Machine;
import headwater.config.Parsed;
import headwater.config.Problem;
import headwater.config.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The two files by which a daemon records, read at its start and again when it is told to.
 *
 * @param policy a {@code camflow.ini}; without the file everything is recorded
 * @param policyNeeded true if it is an error that the file is not there
 * @param outputs a {@code camflowd.ini}; without the file nothing goes anywhere
 * @param outputsNeeded likewise
 * @param machine where names are looked up
 */
public record ConfigFiles(Path policy, boolean policyNeeded, Path outputs, boolean outputsNeeded, Machine machine) {
    /**
     * What the files say.
     *
     * @param isFromFile false if there is no {@code camflow.ini}
     * @param warnings what their writer should know
     */
    public record Content(CamflowConfig config, boolean isFromFile, CamflowdConfig outputs, List<Problem> warnings) {
        public Content {
            warnings = List.copyOf(warnings);
        }

        /** Without any file. */
        public static final Content NONE = new Content(CamflowConfig.withoutFile(), false, CamflowdConfig.withoutFile(), List.of());
    }

    /** A file is refused; the message has a line for each of its errors, with file and line. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Where CamFlow has them, if they are there. */
    public static ConfigFiles standard(Machine machine) {
        return new ConfigFiles(Path.of(CamflowConfig.PATH), false, Path.of(CamflowdConfig.PATH), false, machine);
    }

    /**
     * Reads both.
     *
     * @throws RefusedException if one has an error
     * @throws IOException if one cannot be read, or is not there though it is needed
     */
    public Content read() throws RefusedException, IOException {
        List<Problem> problems = new ArrayList<>();
        byte[] policyBytes = bytes(policy, policyNeeded);
        byte[] outputsBytes = bytes(outputs, outputsNeeded);
        Parsed<CamflowConfig> config = policyBytes == null ? null : CamflowConfig.parse(policy.toString(), policyBytes, machine);
        Parsed<CamflowdConfig> daemon = outputsBytes == null ? null : CamflowdConfig.parse(outputs.toString(), outputsBytes);
        if (config != null) {
            problems.addAll(config.problems());
        }
        if (daemon != null) {
            problems.addAll(daemon.problems());
        }
        List<Problem> errors = problems.stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
        if (!errors.isEmpty()) {
            throw new RefusedException(errors.stream().map(Problem::text).collect(Collectors.joining("\n")));
        }
        return new Content(config == null ? CamflowConfig.withoutFile() : config.config().orElseThrow(), config != null,
                daemon == null ? CamflowdConfig.withoutFile() : daemon.config().orElseThrow(), problems);
    }

    private static byte[] bytes(Path file, boolean needed) throws IOException {
        if (!needed && Files.notExists(file)) {
            return null;
        }
        try {
            return IniFile.bytesOf(file);
        } catch (IOException e) {
            throw new IOException("configuration cannot be read: file=" + file + ", cause=" + e, e);
        }
    }
}
