// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.CommandRun;
import headwater.agent.Recording;
import headwater.capture.OnLoss;
import headwater.capture.kernel.KernelException;
import headwater.config.LogAnnotation;
import headwater.evidence.RunDigests;
import headwater.model.GraphView;
import headwater.query.Escapes;
import headwater.store.Store;
import headwater.store.StoreBusyException;
import headwater.store.StoreDamagedException;
import headwater.store.StoreVersionException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Runs a command and records its whole process tree; ends with the command's status. */
final class RunVerb implements Verb {
    /* As shells have it: env(1), sh(1). */
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    @Override
    public void describe(CommandSpec spec) {
        CaptureOptions.describe(spec);
        spec.addOption(OptionSpec.builder("--annotate").type(List.class).auxiliaryTypes(String.class).arity("1")
                .paramLabel("NAME=PATH[:PATTERN]").description("lines written to this log, or to any in this directory (PATH/), say what"
                        + " their process was doing; PATTERN (RE2, with (?P<group>…)) chooses lines and names their parts;"
                        + " may be given again").build());
        spec.addOption(OptionSpec.builder("--quiet").type(boolean.class).arity("0")
                .description("no summary line").build());
        spec.addOption(OptionSpec.builder("--digests").type(boolean.class).arity("0")
                .description("when the command has ended, take the SHA-256 of all files that it",
                        "  read or wrote, for `headwater export --format in-toto` and the like").build());
        spec.addPositional(PositionalParamSpec.builder().paramLabel("COMMAND").arity("1..*").type(List.class)
                .auxiliaryTypes(String.class).description("the command and its arguments; put -- before it").build());
        spec.parser().stopAtPositional(true);
    }

    /** The command is the user's: a daemon that records the whole system has to see it. */
    @Override
    public boolean isOpaque() {
        return false;
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        List<String> command = parsed.matchedPositionalValue(0, List.<String>of());
        if (command.isEmpty()) {
            throw new Failure(ExitCode.WRONG_USE, "no command to run. Try: headwater run -- COMMAND…");
        }
        requireExecutable(command.getFirst(), context.environment().getOrDefault("PATH", "/usr/bin:/bin"));
        Path path = StorePath.of(parsed, context);
        LogAnnotation.Section annotation = annotation(parsed);
        Recording.Plan plan = CaptureOptions.plan(parsed, false, String.join(" ", command)).with(annotation);
        SignalGuard guard = SignalGuard.install();
        int code = ExitCode.NOT_POSSIBLE;
        boolean refused = false;
        try (Store store = open(path, "headwater run -- " + command.getFirst())) {
            CommandRun.Outcome outcome = CommandRun.run(store, plan, RawArguments.bytesOf(command));
            code = outcome.status();
            if (!parsed.hasMatchedOption("--quiet")) {
                summarise(outcome, plan, path, context.err());
            }
            warn(outcome, context.err());
            refused = !outcome.refusal().isEmpty();
            if (!refused) {
                if (parsed.hasMatchedOption("--digests")) {
                    digests(store, parsed.hasMatchedOption("--quiet"), context);
                }
                refreshIndex(store, context.err());
            }
        } catch (Failure e) {
            code = e.exitCode();
            throw e;
        } catch (KernelException e) {
            throw CaptureOptions.notPossible(e);
        } catch (UncheckedIOException e) {
            // A store that could not take the record cannot be closed well either, and that was said.
            if (!refused) {
                throw e;
            }
        } finally {
            guard.over(code);
        }
        return code;
    }

    /** A path that is not absolute is one in the folder that the command runs in. */
    private static LogAnnotation.Section annotation(ParseResult parsed) throws Failure {
        List<LogAnnotation> rules = new ArrayList<>();
        for (String text : parsed.matchedOptionValue("--annotate", List.<String>of())) {
            try {
                rules.add(LogAnnotation.of(text).in(Path.of("").toAbsolutePath()));
            } catch (IllegalArgumentException e) {
                throw new Failure(ExitCode.WRONG_USE, "--annotate=" + Escapes.toLine(text) + ": " + e.getMessage(), e);
            }
        }
        if (rules.size() > LogAnnotation.RULES_MAX) {
            throw new Failure(ExitCode.WRONG_USE, "too many annotations: --annotate=" + rules.size() + " times, max="
                    + LogAnnotation.RULES_MAX + "; name directories");
        }
        return rules.isEmpty() ? LogAnnotation.Section.NONE
                : new LogAnnotation.Section(rules, LogAnnotation.Section.LINES_PER_SECOND);
    }

    private static Store open(Path path, String holder) throws Failure {
        try {
            return Store.openForWriting(path, holder);
        } catch (StoreDamagedException | StoreVersionException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        } catch (StoreBusyException | UncheckedIOException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
        }
    }

    private static void digests(Store store, boolean quiet, Context context) {
        try (GraphView view = store.view()) {
            RunDigests.Figures figures = RunDigests.take(view, view.sessions().getLast(), store.writer(), () -> {
                Instant now = context.clock().instant();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            });
            store.writer().sync();
            if (!quiet || figures.left() > 0) {
                context.err().println("headwater: " + figures.taken() + " digests taken" + (figures.left() == 0 ? ""
                        : ", " + figures.left() + " files left out that were changed since the command ended, or cannot be read"));
            }
        } catch (UncheckedIOException e) {
            context.err().println("headwater: the record is safe, but not all digests are in it: " + e.getMessage());
        }
    }

    /** The log is the truth and is safe by now: an index that cannot be written costs the next question time, no more. */
    private static void refreshIndex(Store store, PrintStream err) {
        try {
            store.refreshIndex();
        } catch (UncheckedIOException e) {
            err.println("headwater: the record is safe, but " + e.getMessage());
        }
    }

    private static void summarise(CommandRun.Outcome outcome, Recording.Plan plan, Path store, PrintStream err) {
        Recording.Figures figures = outcome.figures();
        err.printf(Locale.ROOT, "headwater: %d records, %d nodes, %d edges, %d lost, %s%s%.2f s (%s, store %s)%n",
                figures.records(), figures.nodes(), figures.edges(), figures.lost(),
                figures.linesLeftOut() > 0 ? figures.linesLeftOut() + " lines of logs left out, " : "",
                plan.onLoss() == OnLoss.BLOCK ? figures.refused() + " operations refused, " : "", figures.seconds(),
                plan.frontEnd().text(), store);
    }

    private static void warn(CommandRun.Outcome outcome, PrintStream err) {
        // Where records were lost, ends of processes may be among them, and the count says nothing.
        if (outcome.figures().processes() > 0 && outcome.figures().lost() == 0) {
            err.println("headwater: the command has ended, but " + outcome.figures().processes()
                    + " of its processes still run; what they do from now on is not recorded");
        }
        if (!outcome.refusal().isEmpty()) {
            err.println("headwater: the record is not whole: " + outcome.refusal());
        }
    }

    /**
     * Says now what the shell would say only when everything is set up.
     *
     * @param command as {@link RawArguments} gives it
     * @throws Failure with {@link #NOT_FOUND} or {@link #NOT_EXECUTABLE}
     */
    static void requireExecutable(String command, String searchPath) throws Failure {
        if (!Arrays.equals(Escapes.toBytes(command), command.getBytes(StandardCharsets.UTF_8))) {
            // Java cannot ask for a name that is not UTF-8; the shell can.
            return;
        }
        try {
            find(command, searchPath);
        } catch (InvalidPathException e) {
            // Nor for one that is not in the locale's encoding.
            return;
        }
    }

    private static void find(String command, String searchPath) throws Failure {
        if (command.indexOf('/') >= 0) {
            Path path = Path.of(command);
            if (!Files.exists(path)) {
                throw new Failure(NOT_FOUND, "no such command: " + Escapes.toLine(command));
            }
            if (Files.isDirectory(path) || !Files.isExecutable(path)) {
                throw new Failure(NOT_EXECUTABLE, "not executable: " + Escapes.toLine(command));
            }
            return;
        }
        for (String folder : searchPath.split(":", -1)) {
            Path path = Path.of(folder.isEmpty() ? "." : folder, command);
            if (Files.isRegularFile(path) && Files.isExecutable(path)) {
                return;
            }
        }
        throw new Failure(NOT_FOUND, "command not found: '" + Escapes.toLine(command) + "'; looked in PATH=" + searchPath);
    }
}
