// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

/** Ends a verb with one line on standard error and an {@link ExitCode}. The message says what to do next. */
public final class Failure extends Exception {
    private final int exitCode;

    public Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public Failure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
