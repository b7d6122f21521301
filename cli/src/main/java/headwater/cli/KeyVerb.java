// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Control;
import headwater.store.Store;
import headwater.store.StoreBusyException;
import headwater.store.StoreException;
import headwater.store.keys.KeyFolder;
import headwater.store.keys.KeyLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The keys that sign a store: shows them, exports the newest's public half, or takes a new one into use. */
final class KeyVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addPositional(PositionalParamSpec.builder().paramLabel("show|export|rotate").arity("1").type(String.class)
                .description("show: the keys that the store has had, the newest last",
                        "export: the newest as PEM, for `headwater verify --key` and openssl",
                        "rotate: a new key from now on, signed by the one before").build());
        Output.describe(spec);
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path store = StorePath.existing(parsed, context);
        String what = parsed.matchedPositionalValue(0, "");
        switch (what) {
            case "show" -> write(parsed, context, show(store));
            case "export" -> write(parsed, context, keys(store).getLast().key().pem());
            case "rotate" -> rotate(store, context);
            default -> throw new Failure(ExitCode.WRONG_USE, "unknown action: action=" + what
                    + ", want one of show export rotate");
        }
        return ExitCode.ANSWERED;
    }

    private static List<KeyLine> keys(Path store) throws Failure, IOException {
        try {
            List<KeyLine> keys = KeyFolder.read(store.resolve("keys"));
            if (keys.isEmpty()) {
                throw new Failure(ExitCode.NOTHING, "this store has no key yet: store=" + store
                        + "; it gets one when something is recorded");
            }
            return keys;
        } catch (StoreException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        }
    }

    private static String show(Path store) throws Failure, IOException {
        StringBuilder text = new StringBuilder();
        for (KeyLine key : keys(store)) {
            text.append("key ").append(key.key().id()).append("  since ")
                    .append(Instant.ofEpochMilli(key.wallNs() / 1_000_000))
                    .append(", from statement ").append(key.fromStatement()).append('\n');
        }
        return text.toString();
    }

    private static void rotate(Path store, Context context) throws Failure, IOException {
        String id;
        try (Store open = Store.openForWriting(store, "headwater key rotate")) {
            open.sealer().rotate();
            id = open.sealer().status().key();
        } catch (StoreBusyException e) {
            String answer = Control.ask(store.toAbsolutePath(), Control.ROTATE_KEY);
            if (answer == null) {
                throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
            }
            ControlAnswer said = ControlAnswer.parse(answer);
            if (!said.ok()) {
                throw new Failure(ExitCode.NOT_POSSIBLE, said.text("error"));
            }
            id = said.text("key");
        } catch (StoreException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        }
        context.err().println("headwater: signs with key " + id
                + " from now on; keep its public half elsewhere: headwater key export");
    }

    private static void write(ParseResult parsed, Context context, String text) throws IOException {
        Output.write(parsed, context, out -> out.write(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
