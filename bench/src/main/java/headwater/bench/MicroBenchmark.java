// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** {@code dev/bench.d/ub}, serving: a process that makes system calls when it is asked to. One thread. */
final class MicroBenchmark implements AutoCloseable {
    private final Process process;
    private final Writer ask;
    private final BufferedReader answers;

    /**
     * Starts it. To measure a process that no capture has touched, start it before the capture.
     *
     * @param program the compiled ub
     * @param folder takes the files that it reads and writes
     */
    MicroBenchmark(String program, String folder) throws IOException {
        process = new ProcessBuilder(program, "serve", folder).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ask = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    int pid() {
        return (int) process.pid();
    }

    /** Time per operation, ns; under a clock that counts instructions, instructions. */
    double run(String operation, long count) throws IOException {
        ask.write(operation + " " + count + "\n");
        ask.flush();
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith(operation + " ")) {
            throw new IOException("ub gave no answer: operation=" + operation + ", answer=" + answer);
        }
        return Double.parseDouble(answer.substring(operation.length() + 1));
    }

    @Override
    public void close() throws IOException {
        ask.close();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("ub failed: status=" + process.exitValue());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
