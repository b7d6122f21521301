// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.CamflowConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The {@code --store} option and where the store is without it. */
public final class StorePath {
    private static final Path SYSTEM = Path.of("/var/lib/headwater");

    private StorePath() {
    }

    public static void describe(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--store").type(Path.class).paramLabel("DIR")
                .description("the store (else $HEADWATER_STORE, else for root what /etc/camflow.ini",
                        "  names, else /var/lib/headwater,",
                        "  for others $XDG_DATA_HOME/headwater or ~/.local/share/headwater)").build());
    }

    /** The folder of the store, which may not exist. */
    public static Path of(ParseResult parsed, Context context) {
        Path asked = parsed.matchedOptionValue("--store", null);
        return asked != null ? asked : of(context.environment(), isRoot(), () -> ConfigOptions.store(context));
    }

    /** As {@link #of(ParseResult, Context)}, where a configuration may name the store. */
    static Path of(ParseResult parsed, Context context, CamflowConfig config) {
        Path asked = parsed.matchedOptionValue("--store", null);
        return asked != null ? asked : of(context.environment(), isRoot(), () -> ConfigOptions.store(config));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static Path of(Map<String, String> environment, boolean root) {
        return of(environment, root, () -> null);
    }

    private static Path of(Map<String, String> environment, boolean root, Supplier<Path> configured) {
        String store = environment.getOrDefault("HEADWATER_STORE", "");
        if (!store.isEmpty()) {
            return Path.of(store);
        }
        if (root) {
            Path named = configured.get();
            return named == null ? SYSTEM : named;
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (!data.isEmpty()) {
            return Path.of(data, "headwater");
        }
        return Path.of(environment.getOrDefault("HOME", "/"), ".local", "share", "headwater");
    }

    /** The same, which must exist. */
    static Path existing(ParseResult parsed, Context context) throws Failure {
        Path store = of(parsed, context);
        if (!Files.isDirectory(store)) {
            throw new Failure(ExitCode.NOTHING, "there is no store: store=" + store
                    + ". Record one with `headwater run -- COMMAND`, or name another with --store DIR or "
                    + "HEADWATER_STORE.");
        }
        return store;
    }
}
