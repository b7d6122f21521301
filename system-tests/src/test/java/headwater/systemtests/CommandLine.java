// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Headwater's own command line, as a process: the class path of this build, in a Java virtual machine of its own. */
final class CommandLine {
    /** How long any one command of these tests may take. */
    static final long TIMEOUT_SECONDS = 300;

    private CommandLine() {
    }

    /** What came of a process. */
    record Outcome(int status, String out, String err) {
        Outcome {
            out = out.strip();
            err = err.strip();
        }

        @Override
        public String toString() {
            return "status=" + status + "\n--- out\n" + out + "\n--- err\n" + err;
        }
    }

    /** The words that start {@code headwater ARGUMENTS}. */
    static List<String> of(String... arguments) {
        List<String> words = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "headwater.cli.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs {@code headwater ARGUMENTS} to its end. */
    static Outcome run(Path folder, String... arguments) throws IOException, InterruptedException {
        return finish(start(folder, of(arguments)), folder);
    }

    /** Runs any command to its end, its output in files of {@code folder}. */
    static Outcome execute(Path folder, List<String> words) throws IOException, InterruptedException {
        return execute(folder, words, TIMEOUT_SECONDS);
    }

    static Outcome execute(Path folder, List<String> words, long seconds) throws IOException, InterruptedException {
        return finish(start(folder, words), folder, seconds);
    }

    /** Starts a command; {@link #finish} waits for it. One at a time for each folder. */
    static Process start(Path folder, List<String> words) throws IOException {
        return new ProcessBuilder(words).directory(folder.toFile()).redirectInput(ProcessBuilder.Redirect.from(devNull()))
                .redirectOutput(folder.resolve("stdout").toFile()).redirectError(folder.resolve("stderr").toFile()).start();
    }

    static Outcome finish(Process process, Path folder) throws IOException, InterruptedException {
        return finish(process, folder, TIMEOUT_SECONDS);
    }

    private static Outcome finish(Process process, Path folder, long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("no end within " + seconds + " s: " + Files.readString(folder.resolve("stderr")));
        }
        return new Outcome(process.exitValue(), Files.readString(folder.resolve("stdout")),
                Files.readString(folder.resolve("stderr")));
    }

    private static java.io.File devNull() {
        return new java.io.File("/dev/null");
    }
}
