// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.ConfigFiles;
import headwater.config.CamflowConfig;
import headwater.config.CamflowdConfig;
import headwater.config.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that name the daemon's configuration files. */
final class ConfigOptions {
    private ConfigOptions() {
    }

    static void describe(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--config").type(Path.class).paramLabel("FILE")
                .description("what is captured, as a camflow.ini (" + CamflowConfig.PATH + " if it is there, else everything)").build());
        spec.addOption(OptionSpec.builder("--outputs").type(Path.class).paramLabel("FILE")
                .description("where the graph goes, as a camflowd.ini (" + CamflowdConfig.PATH + " if it is there, else nowhere)").build());
    }

    static ConfigFiles files(ParseResult parsed, Context context) {
        Path policy = parsed.matchedOptionValue("--config", (Path) null);
        Path outputs = parsed.matchedOptionValue("--outputs", (Path) null);
        return new ConfigFiles(policy == null ? Path.of(CamflowConfig.PATH) : policy.toAbsolutePath(), policy != null,
                outputs == null ? Path.of(CamflowdConfig.PATH) : outputs.toAbsolutePath(), outputs != null,
                new ThisMachine(context.files()));
    }

    /**
     * Reads the files.
     *
     * @throws Failure {@link ExitCode#WRONG_USE} with a line for each error, {@link ExitCode#NOTHING} if one that was named is not there
     */
    static ConfigFiles.Content read(ConfigFiles files) throws Failure {
        try {
            return files.read();
        } catch (ConfigFiles.RefusedException e) {
            throw new Failure(ExitCode.WRONG_USE, "the configuration is refused:\n" + e.getMessage(), e);
        } catch (IOException e) {
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        }
    }

    /** The words by which {@link #files} finds the same files again. */
    static List<String> words(ParseResult parsed) {
        List<String> words = new ArrayList<>();
        for (String option : List.of("--config", "--outputs")) {
            Path file = parsed.matchedOptionValue(option, (Path) null);
            if (file != null) {
                words.addAll(List.of(option, file.toAbsolutePath().toString()));
            }
        }
        return words;
    }

    /** The store that the machine's configuration names; null if it names none, or is refused. */
    static Path store(Context context) {
        Path file = Path.of(CamflowConfig.PATH);
        if (Files.notExists(file)) {
            return null;
        }
        try {
            return store(ConfigFiles.standard(new ThisMachine(context.files())).read().config());
        } catch (ConfigFiles.RefusedException | IOException e) {
            // Whoever starts a daemon is told; a question can be answered all the same.
            return null;
        }
    }

    /** The store that a configuration names; null if it names none. */
    static Path store(CamflowConfig config) {
        RawText store = config.settings().store();
        return store.isEmpty() || store.utf8() == null ? null : Path.of(store.utf8());
    }
}
