// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.Patience;
import headwater.query.format.AnswerFormat;
import headwater.query.format.RowWriter;
import headwater.query.format.RowsGraph;
import headwater.query.format.RowsJson;
import headwater.query.format.RowsText;
import headwater.query.match.GraphQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A question in the query language: docs/query.md. */
final class QueryVerb implements Verb {
    /** As many rows as a person is shown unasked. */
    private static final long PAGE = 1000;

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder().index("0").arity("1").required(true).type(String.class)
                .paramLabel("QUERY")
                .description("such as 'MATCH (p:task)-[:read]->(f:file {path: \"/etc/shadow\"}) RETURN p.command, p.pid, f.path';",
                        "  arrows point from what came to be to what it came from (docs/query.md)").build());
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--explain").type(boolean.class).arity("0")
                .description("show in which order it would be answered").build());
        spec.addOption(OptionSpec.builder("--limit").type(long.class).paramLabel("N")
                .description("rows, at most (as text 1000, else any number)").build());
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).arity("0").description("as text too, all rows")
                .build());
        spec.addOption(QueryOptions.text("--since", "TIME", "only flows since then: " + When.FORMS));
        spec.addOption(QueryOptions.text("--until", "TIME", "only flows until then"));
        QueryOptions.asOf(spec);
        spec.addOption(QueryOptions.text("--format", "FORMAT",
                "text (default), json (one row on a line); or all nodes and paths of the rows as dot,"
                + " svg, w3c or spade"));
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).description("the same as --format json")
                .build());
        spec.addOption(OptionSpec.builder("--no-fold").type(boolean.class)
                .description("in a picture, each file by itself").build());
        Output.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        AnswerFormat format = AnswerOptions.format(parsed);
        String text = parsed.matchedPositionalValue(0, "");
        GraphQuery query = QueryOptions.check("query", () -> GraphQuery.parse(text, context.clock()));
        Limits limits = limits(parsed, context);
        try (GraphView view = QueryOptions.open(parsed, context)) {
            if (parsed.hasMatchedOption("--explain")) {
                Output.write(parsed, context, out -> plan(query.plan(view), out));
                return ExitCode.ANSWERED;
            }
            return answer(parsed, context, query, format, limits, view);
        } catch (NothingFoundException e) {
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        }
    }

    private static Limits limits(ParseResult parsed, Context context) throws Failure {
        long memory = Runtime.getRuntime().maxMemory();
        String since = parsed.matchedOptionValue("--since", null);
        String until = parsed.matchedOptionValue("--until", null);
        long sinceNs = since == null ? Long.MIN_VALUE : When.parse("--since", since, context.clock());
        long untilNs = until == null ? Long.MAX_VALUE : When.parse("--until", until, context.clock());
        Patience patience = QueryOptions.patience(parsed);
        return new Limits(Limits.UNLIMITED, Limits.countIn(memory), sinceNs, untilNs, Set.of(), Set.of(), false, null,
                null,
                Limits.detailIn(memory), patience);
    }

    private static void plan(List<String> lines, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(String.format("%2d  %s%n", i + 1, lines.get(i)));
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static int answer(ParseResult parsed, Context context, GraphQuery query, AnswerFormat format, Limits limits,
            GraphView view)
            throws Failure, IOException, NothingFoundException {
        boolean folded = AnswerOptions.isFolded(parsed);
        long page = format.name().equals("text") && folded ? PAGE : Long.MAX_VALUE;
        long most = parsed.matchedOptionValue("--limit", page);
        if (most < 1) {
            throw new Failure(ExitCode.WRONG_USE, "out of range: --limit=" + most + ", min=1");
        }
        long[] rows = {0};
        NothingFoundException[] nothing = {null};
        try (Interruption interruption = Interruption.of(limits.patience(), context)) {
            Output.write(parsed, context, out -> {
                RowWriter writer = writer(format, query, limits, view, folded, out);
                try {
                    boolean[] more = {false};
                    GraphQuery.Ending ending = query.ask(view, context.files(), limits, values -> {
                        more[0] = writer.rows() >= most;
                        return !more[0] && writer.row(values);
                    });
                    rows[0] = writer.rows();
                    writer.end(more[0] ? cut(ending, most, parsed.hasMatchedOption("--limit")) : ending);
                } catch (NothingFoundException e) {
                    nothing[0] = e;
                }
            });
            if (nothing[0] != null) {
                throw nothing[0];
            }
            if (!format.saysWhatIsMissing()) {
                AnswerOptions.warn(view.gaps(), context);
            }
            return interruption.status(rows[0] == 0 ? ExitCode.NOTHING : ExitCode.ANSWERED);
        }
    }

    private static GraphQuery.Ending cut(GraphQuery.Ending ending, long most, boolean asked) {
        List<String> stops = new ArrayList<>(ending.stops());
        stops.add("stopped at " + most + " rows (" + (asked ? "--limit" : "--all or --json for all of them")
                + "): there are more");
        return new GraphQuery.Ending(stops, ending.notes());
    }

    private static RowWriter writer(AnswerFormat format, GraphQuery query, Limits limits, GraphView view,
            boolean folded, OutputStream out) {
        return switch (format.name()) {
            case "text" -> new RowsText(view, query, out);
            case "json" -> new RowsJson(view, query, out);
            default -> new RowsGraph(view, query, format, new AnswerFormat.Detail(folded, folded
                    ? AnswerFormat.Detail.DEFAULT_FIGURES
                    : Integer.MAX_VALUE), limits, out);
        };
    }
}
