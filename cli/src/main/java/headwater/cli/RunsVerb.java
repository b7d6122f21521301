// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.format.RunList;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The recordings of a store. */
final class RunsVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(QueryOptions.text("--as-of", "TIME", "those known then"));
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).description("as JSON, one run on a line")
                .build());
        Output.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        try (GraphView view = QueryOptions.open(parsed, context)) {
            boolean json = parsed.matchedOptionValue("--json", false);
            Output.write(parsed, context, out -> RunList.write(view, json, out));
            return view.sessions().isEmpty() ? ExitCode.NOTHING : ExitCode.ANSWERED;
        }
    }
}
