// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One verb of the command line. An instance serves one call. */
public interface Verb {
    /** Adds options, parameters and a description to {@code spec}, which already has the name and {@code --help}. */
    void describe(CommandSpec spec);

    /** True if a daemon that records the whole system leaves this process out: it is Headwater's own work. */
    default boolean isOpaque() {
        return true;
    }

    /**
     * Does it.
     *
     * @return an {@link ExitCode}, or the status of the command that was run
     * @throws Failure to end with a message and a code
     * @throws IOException if input or output fails
     */
    int run(ParseResult parsed, Context context) throws Failure, IOException;
}
