// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.outputs.LogFollower;
import headwater.outputs.OutputFormat;
import headwater.query.Selection;
import headwater.query.format.Formats;
import headwater.query.format.StoreFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The whole store, node by node and edge by edge. */
final class ExportVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(QueryOptions.text("--format", "FORMAT",
                "w3c (default; CamFlow's PROV-JSON, one document on a line),"
                + " spade (CamFlow's SPADE JSON), json, prov-n, json-ld, graphml, dot; of a run: in-toto, cyclonedx, spdx, ro-crate"));
        spec.addOption(OptionSpec.builder("--json")
                .type(boolean.class).description("the same as --format json").build());
        spec.addOption(OptionSpec.builder("--follow").type(boolean.class).arity("0")
                .description("go on as the store grows, until interrupted (w3c or spade)").build());
        EvidenceExport.describe(spec);
        QueryOptions.shown(spec);
        spec.addOption(QueryOptions.text("--flows", "EXPR", "only flows for which it is true"));
        spec.addOption(QueryOptions.text("--as-of", "TIME", "as it was known then"));
        Output.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        String name = parsed.matchedOptionValue("--json", false) ? "json"
                : parsed.matchedOptionValue("--format", "w3c");
        Selection selection = new Selection(QueryOptions.where(parsed, context), QueryOptions.follow("--flows", parsed, context));
        if (EvidenceExport.names().contains(name) && !parsed.hasMatchedOption("--follow")) {
            try (GraphView view = QueryOptions.open(parsed, context)) {
                return EvidenceExport.write(name, view, selection, parsed, context);
            }
        }
        for (String option : List.of("--run", "--of")) {
            if (parsed.hasMatchedOption(option)) {
                throw new Failure(ExitCode.WRONG_USE, option + " is for " + String.join(", ", EvidenceExport.names()) + ": --format=" + name);
            }
        }
        if (parsed.hasMatchedOption("--follow")) {
            if (!selection.isAll() || parsed.hasMatchedOption("--as-of")) {
                throw new Failure(ExitCode.WRONG_USE, "--follow takes all that is recorded, and none of --where, --path, --user, --host,"
                        + " --flows, --as-of");
            }
            return follow(parsed, context, name);
        }
        StoreFormat format = format(name);
        try (GraphView view = QueryOptions.open(parsed, context)) {
            Output.write(parsed, context, out -> format.write(view, selection, out));
            if (!format.name().equals("json")) {
                AnswerOptions.warn(view.gaps(), context);
            }
            return view.nodes() == 0 ? ExitCode.NOTHING : ExitCode.ANSWERED;
        }
    }

    private static int follow(ParseResult parsed, Context context, String name) throws Failure, IOException {
        if (!name.equals("w3c") && !name.equals("spade")) {
            throw new Failure(ExitCode.WRONG_USE, "only w3c and spade can be followed: --format=" + name);
        }
        OutputFormat format = name.equals("w3c") ? OutputFormat.W3C : OutputFormat.SPADE_JSON;
        Path store = StorePath.existing(parsed, context);
        Path file = parsed.matchedOptionValue("--output", null);
        Consumer<String> said = line -> context.err().println("headwater: " + line);
        if (file == null) {
            LogFollower.follow(store, format, false, context.out(), said, () -> true);
        } else {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                LogFollower.follow(store, format, false, out, said, () -> true);
            }
        }
        return ExitCode.ANSWERED;
    }

    private static StoreFormat format(String name) throws Failure {
        List<StoreFormat> all = Formats.ofStores();
        for (StoreFormat format : all) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new Failure(ExitCode.WRONG_USE, "unknown format: --format=" + name + ", want one of "
                + String.join(" ", all.stream().map(StoreFormat::name).toList()) + " " + String.join(" ", EvidenceExport.names()));
    }
}
