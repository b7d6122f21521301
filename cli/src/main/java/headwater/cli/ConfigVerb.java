// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.CamflowConfig;
import headwater.config.ConfigKind;
import headwater.config.IniFile;
import headwater.config.Severity;
import headwater.query.Escapes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
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
                yield check(read(file, parsed, context), json, context);
            }
            case SHOW -> show(file, parsed, json, context);
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
