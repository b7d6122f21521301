// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.disclosure.DisclosureClient;
import headwater.disclosure.DisclosureException;
import headwater.disclosure.Statement;
import headwater.disclosure.Thing;
import headwater.query.Escapes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Tells the recording that this process is in what a command does inside. */
final class DiscloseVerb implements Verb {
    private static final int STATEMENT_MAX = 200;

    @Override
    public void describe(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--derived").type(List.class).auxiliaryTypes(String.class).arity("2").paramLabel("OUTPUT INPUT")
                .description("what the command put into OUTPUT comes from INPUT, other inputs named so, and nothing else;",
                        "  may be given again").build());
        spec.addOption(OptionSpec.builder("--not-only").type(boolean.class).arity("0")
                .description("each OUTPUT may come from other things too").build());
        spec.addOption(QueryOptions.text("--log", "TEXT", "attach a text to this process"));
        spec.addOption(OptionSpec.builder("--file").type(Path.class).paramLabel("FILE").description("the file that the text is about")
                .build());
        spec.addOption(OptionSpec.builder("--lines").type(boolean.class).arity("0")
                .description("send the lines of standard input, as docs/disclosure.md has them").build());
        spec.addOption(OptionSpec.builder("--socket").type(Path.class).paramLabel("SOCKET")
                .description("of the recording (else $" + DisclosureClient.VARIABLE + ", else " + DisclosureClient.SYSTEM + ")").build());
        spec.addPositional(PositionalParamSpec.builder().paramLabel("COMMAND").arity("0..*").type(List.class).auxiliaryTypes(String.class)
                .description("runs it first, ends with its status, and tells nothing if that is not 0; put -- before it").build());
        spec.parser().stopAtPositional(true);
    }

    /** Who tells has to be in the record. */
    @Override
    public boolean isOpaque() {
        return false;
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        List<String> command = parsed.matchedPositionalValue(0, List.<String>of());
        List<String> derived = parsed.matchedOptionValue("--derived", List.<String>of());
        String log = parsed.matchedOptionValue("--log", null);
        boolean lines = parsed.hasMatchedOption("--lines");
        if (derived.isEmpty() && log == null && !lines) {
            throw new Failure(ExitCode.WRONG_USE, "nothing to tell: give --derived OUTPUT INPUT, --log TEXT or --lines. Try: headwater "
                    + "disclose --help");
        }
        List<Statement> statements = statements(parsed, derived, log);
        if (!command.isEmpty()) {
            int status = runCommand(command, context);
            if (status != 0) {
                return status;
            }
        }
        try (DisclosureClient client = DisclosureClient.connect(parsed.matchedOptionValue("--socket", DisclosureClient.socket()))) {
            for (Statement statement : statements) {
                client.disclose(statement);
            }
            if (lines) {
                sendLines(client, context);
            }
            return ExitCode.ANSWERED;
        } catch (DisclosureException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, "not taken into the record: error=" + e.code() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            if (command.isEmpty()) {
                throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
            }
            // The command's work is done, and its status says so; only nobody was there to be told.
            context.err().println("headwater: nothing was told: " + e.getMessage());
            return ExitCode.ANSWERED;
        }
    }

    private static List<Statement> statements(ParseResult parsed, List<String> derived, String log) throws Failure {
        List<Statement> statements = new ArrayList<>();
        boolean only = !parsed.hasMatchedOption("--not-only");
        Statement statement = null;
        try {
            for (int i = 0; i + 1 < derived.size(); i += 2) {
                if (i / 2 % STATEMENT_MAX == 0) {
                    statement = new Statement();
                    statements.add(statement);
                }
                Thing output = Thing.file(Path.of(derived.get(i)));
                Thing input = Thing.file(Path.of(derived.get(i + 1)));
                if (only) {
                    statement.derivedOnly(output, input);
                } else {
                    statement.derived(output, input);
                }
            }
        } catch (InvalidPathException e) {
            throw new Failure(ExitCode.WRONG_USE, "not a path: " + Escapes.toLine(e.getInput()), e);
        }
        if (log != null) {
            Path file = parsed.matchedOptionValue("--file", null);
            statements.add(file == null ? new Statement().log(log) : new Statement().log(log, Thing.file(file)));
        }
        return statements;
    }

    private static int runCommand(List<String> command, Context context) throws Failure, IOException {
        RunVerb.requireExecutable(command.getFirst(), context.environment().getOrDefault("PATH", "/usr/bin:/bin"));
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new Failure(ExitCode.NOT_POSSIBLE, "interrupted", e);
        }
    }

    private static void sendLines(DisclosureClient client, Context context) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                for (Map.Entry<String, String> object : client.discloseLine(line).entrySet()) {
                    context.out().write((object.getKey() + " " + object.getValue() + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }
}
