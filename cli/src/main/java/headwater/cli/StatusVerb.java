// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Control;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Whether the whole system is being recorded. */
final class StatusVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0").description("as one JSON object").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path path = StorePath.of(parsed, context).toAbsolutePath();
        String status = Control.ask(path, Control.STATUS);
        boolean json = parsed.hasMatchedOption("--json");
        if (status == null) {
            print(context, json ? "{\"running\":false}" : "not recording (store " + path + ")");
            return ExitCode.NOTHING;
        }
        print(context, json ? status : "recording: " + sentence(status) + retention(status) + followers(status));
        return ExitCode.ANSWERED;
    }

    /** The daemon's figures in words. */
    static String sentence(String status) {
        Map<String, String> figures = ControlAnswer.parse(status).members();
        String trouble = figures.getOrDefault("trouble", "");
        String refused = figures.getOrDefault("refused", "0");
        String left = figures.getOrDefault("lines_left_out", "0");
        return figures.get("front_end") + ", pid " + figures.get("pid") + ", store " + figures.get("store") + ": "
                + figures.get("records") + " records, " + figures.get("nodes") + " nodes, " + figures.get("edges") + " edges, "
                + figures.get("lost") + " lost" + (left.equals("0") ? "" : ", " + left + " lines of logs left out")
                + (refused.equals("0") ? "" : ", " + refused + " operations refused") + " in " + figures.get("seconds") + " s"
                + "; policy: " + figures.getOrDefault("policy", "unknown") + (trouble.isEmpty() ? "" : "; trouble: " + trouble) + sealing(figures);
    }

    /** How long what happens could be changed unseen, in the last minute or two. */
    private static String sealing(Map<String, String> figures) {
        String trouble = figures.getOrDefault("seal_trouble", "");
        if (!figures.containsKey("chained_p99_ms")) {
            return "";
        }
        return "\ntamper window, 99 of 100 events: chained within " + tenths(figures.get("chained_p99_ms")) + " ms, on the disk within "
                + tenths(figures.get("durable_p99_ms")) + " ms, signed within " + tenths(figures.get("signed_p99_ms")) + " ms (key "
                + figures.get("key") + ", statement " + figures.get("signed_statement") + ")"
                + (trouble.isEmpty() ? "" : "; trouble: " + trouble);
    }

    /** A line on what is kept and what was dropped, if there is something to say. */
    static String retention(String status) {
        Map<String, String> figures = ControlAnswer.parse(status).members();
        String policy = figures.getOrDefault("retention", "");
        String trouble = figures.getOrDefault("retention_trouble", "");
        String segments = figures.getOrDefault("dropped_segments", "0");
        if (policy.isEmpty() && segments.equals("0")) {
            return "";
        }
        String dropped = segments.equals("0") ? "nothing dropped yet" : "dropped up to " + time(figures, "dropped_until_ms")
                + " (the first " + segments + (segments.equals("1") ? " segment" : " segments") + "), last at "
                + time(figures, "dropped_at_ms") + " for " + figures.get("dropped_why");
        String pinned = !figures.containsKey("pinned_by") ? "" : "; segment " + figures.get("pinned_segment") + " and all after it kept for "
                + figures.get("pinned_by") + ", which is important"
                + (figures.containsKey("pinned_until_ms") ? ", until " + time(figures, "pinned_until_ms") : "");
        return "\nretention (" + (policy.isEmpty() ? "everything is kept now" : policy) + "): " + dropped + pinned
                + (trouble.isEmpty() ? "" : "; trouble: " + trouble);
    }

    private static Instant time(Map<String, String> figures, String name) {
        return Instant.ofEpochMilli(Long.parseLong(figures.getOrDefault(name, "0"))).truncatedTo(ChronoUnit.SECONDS);
    }

    private static String tenths(String number) {
        return number.substring(0, number.length() - 2);
    }

    /** A line for each output and recorder. */
    static String followers(String status) {
        ControlAnswer answer = ControlAnswer.parse(status);
        StringBuilder lines = new StringBuilder();
        for (Map<String, String> output : answer.objects("outputs")) {
            lines.append("\noutput ").append(output.get("name")).append(" (").append(output.get("format")).append("): ")
                    .append(going(output)).append(", ").append(output.get("documents")).append(" documents sent").append(trouble(output));
        }
        for (Map<String, String> recorder : answer.objects("recorders")) {
            String blocks = recorder.getOrDefault("behind_blocks", "-1");
            String rate = recorder.getOrDefault("per_second", "0");
            lines.append("\nrecorder ").append(recorder.get("name")).append(": ").append(going(recorder))
                    .append(blocks.startsWith("-") ? "" : " (" + blocks + " blocks)").append(", ").append(recorder.get("recorded"))
                    .append(" recorded").append(rate.equals("0") ? "" : ", " + rate + "/s").append(trouble(recorder));
        }
        return lines.toString();
    }

    private static String going(Map<String, String> one) {
        return one.get("state").replace('_', ' ') + ", behind by " + one.get("behind") + " records";
    }

    private static String trouble(Map<String, String> one) {
        String error = one.getOrDefault("last_error", "");
        return error.isEmpty() ? "" : "; last error: " + error;
    }

    private static void print(Context context, String line) throws IOException {
        context.out().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
