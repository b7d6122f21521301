// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Control;
import headwater.config.CamflowConfig;
import headwater.config.ConfigKind;
import headwater.config.IniFile;
import headwater.config.Machine;
import headwater.config.Setting;
import headwater.config.Severity;
import headwater.query.Escapes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Checks a configuration file, or shows what it says. */
final class ConfigVerb implements Verb {
    private static final String CHECK = "check";
    private static final String SHOW = "show";

    private final String standardFile;

    ConfigVerb() {
        this(CamflowConfig.PATH);
    }

    /** @param standardFile shown where none is named */
    ConfigVerb(String standardFile) {
        this.standardFile = standardFile;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder().index("0").arity("1").type(String.class).paramLabel("check|show")
                .description("check: every problem of FILE, each with its line; ends with 2 if one is an error",
                        "show: what is in effect by FILE, with all defaults (" + CamflowConfig.PATH + ")").build());
        spec.addPositional(PositionalParamSpec.builder().index("1").arity("0..1").type(String.class).paramLabel("FILE")
                .description("a camflow.ini or a camflowd.ini").build());
        spec.addOption(OptionSpec.builder("--kind").type(String.class).paramLabel("KIND")
                .description("what FILE is: camflow.ini or camflowd.ini (as its sections or its name tell)").build());
        spec.addOption(OptionSpec.builder("--running").type(boolean.class).arity("0")
                .description("show: what the running daemon has in effect, and where it differs from FILE").build());
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0").description("as one JSON object").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        String action = parsed.matchedPositionalValue(0, "");
        String file = parsed.matchedPositionalValue(1, (String) null);
        boolean json = parsed.hasMatchedOption("--json");
        return switch (action) {
            case CHECK -> {
                if (file == null) {
                    throw new Failure(ExitCode.WRONG_USE, "check needs a file; try: headwater config check " + standardFile);
                }
                if (parsed.hasMatchedOption("--running")) {
                    throw new Failure(ExitCode.WRONG_USE, "check is of a file, and not --running; use: headwater config show --running");
                }
                yield check(read(file, parsed, context), json, context);
            }
            case SHOW -> parsed.hasMatchedOption("--running") ? running(file, parsed, json, context) : show(file, parsed, json, context);
            default -> throw new Failure(ExitCode.WRONG_USE, "unknown action: action=" + Escapes.toLine(action)
                    + "; use check FILE, or show");
        };
    }

    private static int check(ConfigFile file, boolean json, Context context) throws IOException {
        if (json) {
            print(context.out(), ConfigJson.check(file));
        } else {
            print(context.out(), problems(file));
            print(context.out(), file.name() + ": " + file.kind().text() + ", " + counted(file.count(Severity.ERROR), "error")
                    + ", " + counted(file.count(Severity.WARNING), "warning") + "\n");
        }
        return file.isRefused() ? ExitCode.WRONG_USE : ExitCode.ANSWERED;
    }

    private int show(String asked, ParseResult parsed, boolean json, Context context) throws Failure, IOException {
        boolean absent = asked == null && !Files.exists(Path.of(standardFile));
        ConfigFile file = absent ? ConfigFile.absent(standardFile)
                : read(asked == null ? standardFile : asked, parsed, context);
        if (json) {
            print(context.out(), ConfigJson.show(file, absent));
        } else {
            // The answer can be taken for a file, so what is said of it goes elsewhere.
            context.err().print(problems(file));
            if (file.shown().isPresent()) {
                context.out().write(file.shown().get().ini());
            }
        }
        if (file.isRefused() && !json) {
            throw new Failure(ExitCode.WRONG_USE, "the file is refused: file=" + file.name() + ", errors="
                    + file.count(Severity.ERROR) + "; mend them, then: headwater config check " + file.name());
        }
        return file.isRefused() ? ExitCode.WRONG_USE : ExitCode.ANSWERED;
    }

    /** What the daemon says, which somebody may have changed since it read the file. */
    private int running(String asked, ParseResult parsed, boolean json, Context context) throws Failure, IOException {
        Path store = StorePath.of(parsed, context).toAbsolutePath();
        String said = Control.ask(store, Control.POLICY);
        if (said == null) {
            throw new Failure(ExitCode.NOTHING, "no daemon records: store=" + store + "; headwater config show says what a start would do");
        }
        ControlAnswer answer = ControlAnswer.parse(said);
        if (!answer.ok()) {
            throw new Failure(ExitCode.NOT_POSSIBLE, answer.text("error"));
        }
        byte[] ini = Base64.getDecoder().decode(answer.text("ini"));
        ConfigFile running = ConfigFile.of("the running daemon", ConfigKind.CAMFLOW, ini, Machine.ANY);
        if (json) {
            print(context.out(), ConfigJson.show(running, false));
            return ExitCode.ANSWERED;
        }
        boolean absent = asked == null && !Files.exists(Path.of(standardFile));
        ConfigFile file = absent ? ConfigFile.absent(standardFile) : read(asked == null ? standardFile : asked, parsed, context);
        if (file.kind() != ConfigKind.CAMFLOW) {
            throw new Failure(ExitCode.WRONG_USE, "a camflowd.ini says nothing of what is captured: file=" + file.name()
                    + "; name a camflow.ini, or none");
        }
        context.out().write(ini);
        compare(file, running, context.err());
        return ExitCode.ANSWERED;
    }

    private static void compare(ConfigFile file, ConfigFile running, PrintStream err) {
        if (file.isRefused()) {
            err.print(problems(file));
            err.println("headwater: not compared with a file that is refused: file=" + file.name() + ", errors="
                    + file.count(Severity.ERROR) + "; mend it, then: headwater config check " + file.name());
            return;
        }
        List<String> differences = differences(settings(file), settings(running));
        err.println("headwater: " + (differences.isEmpty() ? "the daemon has in effect what " + file.name() + " says"
                : "the daemon has not in effect what " + file.name() + " says (-), but (+):"));
        differences.forEach(err::println);
    }

    private static List<String> differences(Set<String> file, Set<String> running) {
        List<String> differences = new ArrayList<>();
        file.stream().filter(line -> !running.contains(line)).forEach(line -> differences.add("- " + line));
        running.stream().filter(line -> !file.contains(line)).forEach(line -> differences.add("+ " + line));
        return differences;
    }

    private static Set<String> settings(ConfigFile file) {
        Set<String> lines = new LinkedHashSet<>();
        for (Setting.Section section : file.shown().map(ConfigFile.Shown::sections).orElse(List.of())) {
            for (Setting setting : section.settings()) {
                setting.values().forEach(value -> lines.add('[' + section.name() + "] " + setting.key() + '=' + Escapes.toLine(value.toString())));
            }
        }
        return lines;
    }

    private static ConfigFile read(String asked, ParseResult parsed, Context context) throws Failure, IOException {
        String name = Escapes.toLine(asked);
        try {
            Path path = Path.of(asked);
            if (Files.isDirectory(path)) {
                throw new Failure(ExitCode.WRONG_USE, "not a file but a folder: file=" + name + "; name the file in it");
            }
            byte[] bytes = IniFile.bytesOf(path);
            return ConfigFile.of(name, kind(parsed, path, bytes), bytes, new ThisMachine(context.files()));
        } catch (NoSuchFileException e) {
            throw new Failure(ExitCode.NOTHING, "there is no such file: file=" + name + "; name one, or leave it to its defaults", e);
        } catch (InvalidPathException e) {
            throw new Failure(ExitCode.WRONG_USE, "the file's name is not in the locale's encoding: file=" + name
                    + "; try: headwater config check /dev/stdin < FILE, or set LC_ALL=C.UTF-8", e);
        }
    }

    private static ConfigKind kind(ParseResult parsed, Path path, byte[] bytes) throws Failure {
        String asked = parsed.matchedOptionValue("--kind", (String) null);
        if (asked == null) {
            // Only camflow.ini has as many keys; what is neither is told so by each of its sections.
            return ConfigKind.of(String.valueOf(path.getFileName()), bytes).orElse(ConfigKind.CAMFLOW);
        }
        return Arrays.stream(ConfigKind.values()).filter(kind -> kind.text().equals(asked)).findFirst()
                .orElseThrow(() -> new Failure(ExitCode.WRONG_USE, "unknown kind: --kind=" + Escapes.toLine(asked) + ", want one of "
                        + Arrays.stream(ConfigKind.values()).map(ConfigKind::text).collect(Collectors.joining(" "))));
    }

    private static String problems(ConfigFile file) {
        return file.problems().stream().map(problem -> problem.text() + "\n").collect(Collectors.joining());
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
