// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.Nearest;
import headwater.config.RecorderKeys;
import headwater.recorders.RecorderSpec;
import headwater.recorders.RecorderStatus;
import headwater.recorders.Recorders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A recorder without a daemon: what the store holds, or what it holds and will hold. */
final class RecordToVerb implements Verb {
    private static final long LOOK_MS = 100;
    /** How often a target that does not answer is asked again, before it is given up. */
    private static final int PATIENCE_LOOKS = 300;

    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--follow").type(boolean.class).arity("0")
                .description("go on as the store grows, until interrupted").build());
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0")
                .description("the end as one JSON object").build());
        spec.addPositional(PositionalParamSpec.builder().index("0").paramLabel("KIND").type(String.class).arity("1")
                .description("one of " + String.join(" ", RecorderKeys.kinds())).build());
        spec.addPositional(PositionalParamSpec.builder().index("1..*").paramLabel("KEY=VALUE").type(List.class)
                .auxiliaryTypes(String.class).arity("0..*")
                .description("as in the section [KIND] of camflowd.ini, such as path=/srv/prov").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        String kind = parsed.matchedPositionalValue(0, "");
        if (!RecorderKeys.kinds().contains(kind)) {
            throw new Failure(ExitCode.WRONG_USE, "unknown kind: kind=" + kind + Nearest.of(kind, RecorderKeys.kinds())
                    .map(near -> ", did you mean " + near + "?").orElse("") + ", want one of "
                    + String.join(" ", RecorderKeys.kinds()));
        }
        RecorderSpec spec = new RecorderSpec(kind, kind, settings(parsed.matchedPositionalValue(1, List.<String>of())));
        Path store = StorePath.existing(parsed, context);
        boolean follow = parsed.hasMatchedOption("--follow");
        try (Recorders recorders = Recorders.start(store, List.of(spec), position -> true,
                line -> System.err.println("headwater: " + line))) {
            // Interrupted or asked to end: in order.
            Runtime.getRuntime().addShutdownHook(new Thread(recorders::close, "headwater-end"));
            if (!follow) {
                recorders.await(Duration.ZERO);
            }
            RecorderStatus status = await(recorders, follow);
            boolean done = status.behind() == 0 && status.behindBlocks() <= 0;
            context.out().write((line(status, parsed.hasMatchedOption("--json")) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            return done ? ExitCode.ANSWERED : ExitCode.NOTHING;
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    /** Until all is there; with {@code follow} for ever; else no longer than a target that does not answer is worth. */
    private static RecorderStatus await(Recorders recorders, boolean follow) throws IOException {
        long last = -1;
        int looks = 0;
        while (true) {
            RecorderStatus status = recorders.status().getFirst();
            if (!follow && status.behind() == 0 && status.behindBlocks() <= 0) {
                return status;
            }
            looks = status.behind() == last && !status.lastError().isEmpty() ? looks + 1 : 0;
            last = status.behind();
            if (!follow && looks >= PATIENCE_LOOKS) {
                return status;
            }
            try {
                Thread.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }

    private static String line(RecorderStatus status, boolean json) {
        return json ? "{\"kind\":\"" + status.kind() + "\",\"behind\":" + status.behind() + ",\"recorded\":"
                + status.recorded()
                + ",\"blocks\":" + status.blocks() + "}" : status.line();
    }

    private static Map<String, String> settings(List<String> words) throws Failure {
        Map<String, String> settings = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1 || settings.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new Failure(ExitCode.WRONG_USE, "neither KEY=VALUE nor a key that stands once: argument=" + word);
            }
        }
        return settings;
    }
}
