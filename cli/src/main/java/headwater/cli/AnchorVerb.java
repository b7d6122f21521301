// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.store.seal.Statement;
import headwater.store.seal.StatementFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The newest signed statement, one line, to be kept where the machine cannot reach it. */
final class AnchorVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path store = StorePath.existing(parsed, context);
        Path log = store.resolve("log");
        Optional<Statement> newest = Files.isDirectory(log) ? StatementFiles.newest(log) : Optional.empty();
        if (newest.isEmpty()) {
            throw new Failure(ExitCode.NOTHING, "nothing of this store is signed yet: store=" + store);
        }
        context.out().write((newest.get().text() + "\n").getBytes(StandardCharsets.US_ASCII));
        return ExitCode.ANSWERED;
    }
}
