// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Patience;
import headwater.query.RunDiff;
import headwater.query.RunNames;
import headwater.query.format.DiffWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What one run read and did that another did not. */
final class DiffVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        for (int i = 0; i < 2; i++) {
            spec.addPositional(PositionalParamSpec.builder().index(Integer.toString(i)).arity("1").required(true)
                    .type(String.class)
                    .paramLabel("RUN" + (i + 1)).description(i > 0 ? "as RUN1"
                            : "a number (headwater runs lists them), last, last~1 for the one before, or STORE:RUN")
                            .build());
        }
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--exact").type(boolean.class).arity("0")
                .description("names as they are, with process ids, temporary"
                + " names, build ids, times and homes").build());
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).arity("0").description("each name, however many")
                .build());
        spec.addOption(QueryOptions.text("--time-limit", "TIME",
                "stop after so long, such as 10s, with what was found"));
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).description("as JSON").build());
        Output.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        RunNamed first = RunNamed.parse(parsed.matchedPositionalValue(0, ""));
        RunNamed second = RunNamed.parse(parsed.matchedPositionalValue(1, ""));
        Path common = first.store() == null || second.store() == null ? StorePath.existing(parsed, context) : null;
        Path one = first.store(common);
        Path other = second.store(common);
        boolean sameStore = Files.isSameFile(one, other);
        RunNames names = parsed.hasMatchedOption("--exact") ? RunNames.EXACT : RunNames.ALIKE;
        Patience patience = QueryOptions.patience(parsed);
        try (GraphView view = context.graphs().open(one);
                GraphView otherView = sameStore ? null : context.graphs().open(other);
                Interruption interruption = Interruption.of(patience, context)) {
            GraphView secondView = sameStore ? view : otherView;
            RunDiff.Run runOne = new RunDiff.Run(view, first.in(view), names);
            RunDiff.Run runTwo = new RunDiff.Run(secondView, second.in(secondView), names);
            RunDiff.Result result = RunDiff.of(runOne, runTwo, sameStore, patience);
            DiffWriter writer = new DiffWriter(runOne.session(), runTwo.session(), result, sameStore,
                    parsed.hasMatchedOption("--all"));
            boolean json = parsed.matchedOptionValue("--json", false);
            Output.write(parsed, context, out -> writer.write(json, out));
            return interruption.status(result.same() ? ExitCode.NOTHING : ExitCode.ANSWERED);
        }
    }
}
