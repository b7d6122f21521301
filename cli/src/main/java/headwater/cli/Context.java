// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.query.FileNow;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/**
 * What a verb sees of the world outside; tests give their own.
 *
 * @param out standard output, for the answer
 * @param err standard error, for everything else
 * @param environment the environment variables
 * @param clock for relative times; its zone is that of times without one
 */
public record Context(OutputStream out, PrintStream err, Map<String, String> environment, Clock clock,
        GraphSource graphs,
        FileNow.Lookup files) {
}
