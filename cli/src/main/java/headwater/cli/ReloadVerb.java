// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Control;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Lets the daemon read its configuration again. */
final class ReloadVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path path = StorePath.of(parsed, context).toAbsolutePath();
        String answer = Control.ask(path, Control.RELOAD);
        if (answer == null) {
            context.err().println("headwater: no daemon is recording into store " + path + "; a file is read when it starts");
            return ExitCode.NOTHING;
        }
        ControlAnswer said = ControlAnswer.parse(answer);
        if (!said.ok()) {
            throw new Failure(ExitCode.WRONG_USE, said.text("error").replace("\n", "\nheadwater: "));
        }
        List<String> notes = said.list("notes");
        notes.forEach(note -> context.err().println("headwater: " + note));
        context.err().println("headwater: configuration read again");
        return ExitCode.ANSWERED;
    }
}
