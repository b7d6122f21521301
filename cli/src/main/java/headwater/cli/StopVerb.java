// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Control;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Ends the recording of the whole system, once all that it has is safe. */
final class StopVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path path = StorePath.of(parsed, context).toAbsolutePath();
        String last = Control.ask(path, Control.STOP);
        if (last == null) {
            context.err().println("headwater: no daemon is recording into store " + path
                    + " (a `headwater run` ends with its command)");
            return ExitCode.NOTHING;
        }
        context.err().println("headwater: stopped: " + StatusVerb.sentence(last));
        return ExitCode.ANSWERED;
    }
}
