// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.OpaqueFile;
import headwater.cli.camflow.CamflowCommand;
import headwater.query.Escapes;
import headwater.query.FileNow;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Takes the verb from the command line, builds only that verb, and runs it. */
public final class Main {
    private static final String TRY = "Try: headwater --help";

    private Main() {
    }

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Context context = new Context(out, err, System.getenv(), Clock.systemDefaultZone(), new StoreBinding(),
                FileNow::onThisMachine);
        System.exit(run(RawArguments.of(arguments), context));
    }

    /** Runs one command line; the exit code. */
    public static int run(String[] arguments, Context context) {
        try {
            int code = dispatch(arguments, context);
            context.out().flush();
            return code;
        } catch (Failure e) {
            flush(context);
            context.err().println("headwater: " + e.getMessage());
            return e.exitCode();
        } catch (IOException | UncheckedIOException e) {
            String message = message(e);
            if (message.contains("Broken pipe")) {
                // The reader has seen enough, as with `| head`.
                return ExitCode.ANSWERED;
            }
            context.err().println("headwater: " + (e instanceof UncheckedIOException ? "input or output failed: " : "")
                    + message);
            return ExitCode.NOT_POSSIBLE;
        } catch (OutOfMemoryError e) {
            context.err().println("headwater: the answer does not fit into memory: maxMemory="
                    + Runtime.getRuntime().maxMemory() + ". Ask for less with --limit, --depth, --since or --until.");
            return ExitCode.NOT_POSSIBLE;
        } catch (RuntimeException e) {
            Optional<Failure> failure = context.graphs().failure(e);
            if (failure.isPresent()) {
                flush(context);
                context.err().println("headwater: " + failure.get().getMessage());
                return failure.get().exitCode();
            }
            // The virtual machine would end with 1, which here means that nothing was found.
            flush(context);
            context.err().println("headwater: a fault of Headwater itself; please report it with these lines:");
            e.printStackTrace(context.err());
            return ExitCode.FAULT;
        }
    }

    private static int dispatch(String[] arguments, Context context) throws Failure, IOException {
        String first = arguments.length == 0 ? "" : arguments[0];
        switch (first) {
            case "" -> {
                context.err().print(overview());
                return ExitCode.WRONG_USE;
            }
            case "--version", "-V" -> {
                print(context, "headwater " + version() + "\n");
                return ExitCode.ANSWERED;
            }
            case "--help", "-h", "help" -> {
                print(context, arguments.length > 1 ? usage(entry(arguments[1])) : overview());
                return ExitCode.ANSWERED;
            }
            case "camflow" -> {
                return CamflowCommand.run(Arrays.copyOfRange(arguments, 1, arguments.length), context);
            }
            default -> {
                return verb(entry(first), arguments, context);
            }
        }
    }

    /** Of a file system's exception without a reason, {@code getMessage} gives the file and leaves out what is the matter. */
    private static String message(Exception e) {
        boolean bare = e.getMessage() == null || e instanceof FileSystemException f && f.getReason() == null;
        return bare ? e.toString() : e.getMessage();
    }

    private static Verbs.Entry entry(String name) throws Failure {
        Verbs.Entry entry = Verbs.named(name);
        if (entry == null) {
            Verbs.Entry like = Verbs.like(name);
            throw new Failure(ExitCode.WRONG_USE, "unknown verb: verb=" + Escapes.toLine(name) + ". "
                    + (like == null ? TRY : "Did you mean: headwater " + like.name() + "?"));
        }
        return entry;
    }

    private static int verb(Verbs.Entry entry, String[] arguments, Context context) throws Failure, IOException {
        Verb verb = entry.verb().get();
        CommandLine commandLine = commandLine(entry, verb);
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(rest);
        } catch (ParameterException e) {
            String message = e.getMessage().strip();
            throw new Failure(ExitCode.WRONG_USE, message + (message.endsWith(".") ? "" : ".") + " Try: headwater "
                    + entry.name() + " --help", e);
        }
        if (parsed.isUsageHelpRequested()) {
            print(context, commandLine.getUsageMessage(Ansi.OFF));
            return ExitCode.ANSWERED;
        }
        if (verb.isOpaque()) {
            OpaqueFile.enter(StorePath.of(parsed, context));
        }
        return verb.run(parsed, context);
    }

    private static String usage(Verbs.Entry entry) {
        return commandLine(entry, entry.verb().get()).getUsageMessage(Ansi.OFF);
    }

    private static CommandLine commandLine(Verbs.Entry entry, Verb verb) {
        CommandSpec spec = CommandSpec.create().name("headwater " + entry.name());
        spec.usageMessage().width(100).sortOptions(false).abbreviateSynopsis(true);
        String summary = entry.summary();
        spec.usageMessage().description(Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".", "");
        verb.describe(spec);
        spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help").build());
        // A path may begin with @, which picocli would take for a file of arguments.
        return new CommandLine(spec).setExpandAtFiles(false);
    }

    private static String overview() {
        StringBuilder text = new StringBuilder("Usage: headwater VERB …\n\n"
                + "Records how data came to be on a Linux system, and answers where it came from and where it "
                + "went.\n\n");
        for (Verbs.Entry entry : Verbs.ALL) {
            text.append(String.format("  %-12s  %s%n", entry.name(), entry.summary()));
        }
        return text.append("\n  headwater VERB --help   the options of a verb\n  headwater --version\n\n"
                + "WHAT is a path, PATH@VERSION, pid:N, tcp:HOST:PORT, udp:HOST:PORT or an id (hw:OBJECT, "
                + "hw:OBJECT@VERSION).\n"
                + "Exit codes: 0 answered, 1 nothing found, 2 wrong use, 3 the store is damaged, 4 not possible "
                + "here.\n")
                .toString();
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static void print(Context context, String text) throws IOException {
        context.out().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void flush(Context context) {
        try {
            context.out().flush();
        } catch (IOException e) {
            PrintStream err = context.err();
            err.println("headwater: standard output failed: " + e.getMessage());
        }
    }
}
