// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.query.Escapes;
import headwater.query.NothingFoundException;
import headwater.query.SaidLines;
import headwater.query.Start;
import headwater.query.What;
import headwater.query.WhatFinder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Lists the lines of logs that became annotations: who wrote them, what they say, what had been read for them. */
final class LinesVerb implements Verb {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder().index("0").arity("0..1").type(String.class).paramLabel("[WHAT]")
                .description("only the lines of this process, or for which this file was read: as for ancestors").build());
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--where").type(List.class).auxiliaryTypes(String.class).arity("1").paramLabel("FIELD=VALUE")
                .description("only lines with this field; annotation=NAME for a rule's. May be given again: all must hold").build());
        spec.addOption(QueryOptions.text("--since", "TIME", "only lines written since then: " + When.FORMS));
        spec.addOption(QueryOptions.text("--until", "TIME", "only lines written until then"));
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0").description("a JSON object on each line").build());
        Output.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Map<String, String> where = where(parsed);
        String since = parsed.matchedOptionValue("--since", null);
        String until = parsed.matchedOptionValue("--until", null);
        long sinceNs = since == null ? Long.MIN_VALUE : When.parse("--since", since, context.clock());
        long untilNs = until == null ? Long.MAX_VALUE : When.parse("--until", until, context.clock());
        boolean json = parsed.hasMatchedOption("--json");
        String text = parsed.matchedPositionalValue(0, "");
        try (GraphView view = context.graphs().open(StorePath.existing(parsed, context))) {
            Start about = text.isEmpty() ? null : new WhatFinder(view, context.files()).find(what(text));
            SaidLines lines = new SaidLines(view);
            int[] found = {0};
            Output.write(parsed, context, out -> lines.each(about, sinceNs, untilNs, line -> {
                if (holds(where, line)) {
                    found[0]++;
                    write(out, json ? json(line) : text(line));
                }
            }));
            List<Gap> gaps = lines.gaps(sinceNs, untilNs);
            AnswerOptions.warn(gaps, context);
            if (found[0] == 0) {
                context.err().println("headwater: no line was recorded that fits; which logs are annotated, say run --annotate and"
                        + " [annotation] in /etc/camflow.ini");
            }
            return found[0] == 0 ? ExitCode.NOTHING : ExitCode.ANSWERED;
        } catch (NothingFoundException e) {
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static What what(String text) throws Failure {
        try {
            return What.parse(text);
        } catch (What.WrongWhatException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    private static Map<String, String> where(ParseResult parsed) throws Failure {
        Map<String, String> where = new LinkedHashMap<>();
        for (String text : parsed.matchedOptionValue("--where", List.<String>of())) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new Failure(ExitCode.WRONG_USE, "not a field and a value: --where=" + Escapes.toLine(text)
                        + ", want=FIELD=VALUE, such as --where status=404");
            }
            where.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return where;
    }

    private static boolean holds(Map<String, String> where, SaidLines.Line line) {
        return where.entrySet().stream().allMatch(one -> one.getValue().equals(one.getKey().equals("annotation") ? line.rule()
                : line.fields().get(one.getKey())));
    }

    private static void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant time(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L));
    }

    /** What a process said is safe on a terminal only when its control characters are written out. */
    private static String text(SaidLines.Line line) {
        StringBuilder text = new StringBuilder().append(time(line.timeNs())).append("  ").append(line.rule()).append("  ")
                .append(line.process()).append("  ").append(Escapes.toLine(line.text())).append(line.cut() ? " …" : "").append('\n');
        if (!line.fields().isEmpty()) {
            text.append("   ");
            line.fields().forEach((name, value) -> text.append(' ').append(name).append('=').append(Escapes.toLine(value)));
            text.append('\n');
        }
        line.inputs().forEach(input -> text.append("    for it: ").append(input.label()).append('\n'));
        if (line.more()) {
            text.append("    for it: … and more than is kept\n");
        }
        return text.toString();
    }

    private static String json(SaidLines.Line line) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("id", line.id());
            json.writeStringProperty("time", time(line.timeNs()).toString());
            json.writeStringProperty("annotation", line.rule());
            json.writeStringProperty("text", line.text());
            json.writeBooleanProperty("cut", line.cut());
            json.writeStringProperty("process", line.process());
            json.writeNumberProperty("pid", line.pid());
            json.writeObjectPropertyStart("fields");
            line.fields().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("inputs");
            for (SaidLines.Input input : line.inputs()) {
                json.writeStartObject();
                json.writeStringProperty("id", input.id());
                json.writeStringProperty("kind", input.kind());
                json.writeStringProperty("label", input.label());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanProperty("more", line.more());
            json.writeEndObject();
        }
        return out + "\n";
    }
}
