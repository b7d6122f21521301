// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Answer;
import headwater.query.CausalPaths;
import headwater.query.Explain;
import headwater.query.Limits;
import headwater.query.Start;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The shortest causal path between two things. */
final class ExplainVerb extends AnswerVerb {
    private static final int DEFAULT_PATHS = 20;

    ExplainVerb() {
        super("A", "B");
    }

    @Override
    Answer answer(GraphView view, List<String> texts, List<Start> starts, Limits limits, ParseResult parsed) throws Failure {
        if (parsed.hasMatchedOption("--all")) {
            return Explain.all(view, texts.get(0), starts.get(0), texts.get(1), starts.get(1), limits, search(parsed));
        }
        return Explain.between(view, texts.get(0), starts.get(0), texts.get(1), starts.get(1), limits);
    }

    @Override
    void describeOwn(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).arity("0").description("all paths that differ in more than versions,"
                + " the best first").build());
        spec.addOption(OptionSpec.builder("--paths").type(int.class).paramLabel("N").description("with --all: as many at most (20)").build());
        spec.addOption(QueryOptions.text("--by", "steps|time", "with --all: the best have the fewest steps (default), or took the least time"));
    }

    private static CausalPaths.Search search(ParseResult parsed) throws Failure {
        int paths = parsed.matchedOptionValue("--paths", DEFAULT_PATHS);
        String by = parsed.matchedOptionValue("--by", "steps");
        if (paths < 1 || !by.equals("steps") && !by.equals("time")) {
            throw new Failure(ExitCode.WRONG_USE, paths < 1 ? "out of range: --paths=" + paths + ", min=1"
                    : "unknown order: --by=" + by + ", want steps or time");
        }
        return new CausalPaths.Search(by.equals("time") ? CausalPaths.By.TIME : CausalPaths.By.STEPS, paths);
    }

    @Override
    boolean found(Answer answer) {
        return !answer.flows().isEmpty();
    }
}
