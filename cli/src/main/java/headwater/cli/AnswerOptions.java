// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.Gap;
import headwater.query.Answer;
import headwater.query.DroppedTime;
import headwater.query.format.AnswerFormat;
import headwater.query.format.AnswerFormat.Detail;
import headwater.query.format.Formats;
import headwater.query.format.GapLine;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** How an answer is written: {@code --format}, {@code --json}, {@code --no-fold}, {@code --output}. */
final class AnswerOptions {
    private static final int GAPS_MAX = 10;

    private AnswerOptions() {
    }

    static void describe(CommandSpec spec) {
        spec.addOption(QueryOptions.text("--format", "FORMAT",
                "text (default), json, dot, svg, w3c (CamFlow's PROV-JSON) or"
                + " spade (CamFlow's SPADE JSON)"));
        spec.addOption(OptionSpec.builder("--json")
                .type(boolean.class).description("the same as --format json").build());
        spec.addOption(OptionSpec.builder("--no-fold").type(boolean.class)
                .description("show each file by itself, and all of them").build());
        Output.describe(spec);
    }

    static AnswerFormat format(ParseResult parsed) throws Failure {
        String name = parsed.matchedOptionValue("--format", null);
        if (parsed.matchedOptionValue("--json", false)) {
            if (name != null && !name.equals("json")) {
                throw new Failure(ExitCode.WRONG_USE, "two formats: --format=" + name + ", --json. Give one.");
            }
            name = "json";
        }
        List<AnswerFormat> all = Formats.ofAnswers();
        for (AnswerFormat format : all) {
            if (format.name().equals(name == null ? "text" : name)) {
                return format;
            }
        }
        throw new Failure(ExitCode.WRONG_USE, "unknown format: --format=" + name + ", want one of "
                + String.join(" ", all.stream().map(AnswerFormat::name).toList()));
    }

    /** False if all of an answer is to be shown. */
    static boolean isFolded(ParseResult parsed) {
        return !parsed.matchedOptionValue("--no-fold", false) && !(parsed.hasMatchedOption("--all") && !parsed.commandSpec().optionsMap()
                .containsKey("--paths"));
    }

    static void write(Answer answer, AnswerFormat format, ParseResult parsed, Context context) throws IOException {
        boolean fold = isFolded(parsed);
        int figures = parsed.matchedOptionValue("--limit", fold ? Detail.DEFAULT_FIGURES : Integer.MAX_VALUE);
        Output.write(parsed, context, out -> format.write(answer, new Detail(fold, figures), out));
        if (!format.saysWhatIsMissing()) {
            warn(answer.completeness().gaps(), context);
            DroppedTime dropped = answer.completeness().dropped();
            if (dropped != null) {
                context.err().println("headwater: incomplete: the answer reaches into time that retention has dropped, at " + dropped.count()
                        + " nodes; dropped up to " + Instant.EPOCH.plusNanos(dropped.dropped().untilNs()));
            }
        }
    }

    /** Says on standard error what is missing, for formats that have no place for it. */
    static void warn(List<Gap> gaps, Context context) {
        List<GapLine> lines = GapLine.of(gaps);
        for (GapLine line : lines.subList(0, Math.min(lines.size(), GAPS_MAX))) {
            context.err().println("headwater: incomplete: " + line.text());
        }
        if (lines.size() > GAPS_MAX) {
            context.err().println("headwater: incomplete: … " + (lines.size() - GAPS_MAX) + " more gaps (--json has all)");
        }
    }
}
