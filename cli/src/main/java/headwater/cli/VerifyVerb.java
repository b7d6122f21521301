// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.query.Escapes;
import headwater.store.keys.PublicKeyText;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Checks every byte of a store, without the daemon and without trust in it. */
final class VerifyVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--key").type(Path.class).paramLabel("FILE")
                .description("a public key (PEM) that must have signed the store").build());
        spec.addOption(OptionSpec.builder("--anchor").type(List.class).auxiliaryTypes(Path.class).paramLabel("FILE")
                .description("lines of `headwater anchor`, kept elsewhere, with which the store must agree").build());
        spec.addOption(OptionSpec.builder("--tail").type(long.class).paramLabel("MS")
                .description("an unsigned end of so many milliseconds is well: of a store that is being written")
                .build());
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0").description("as one JSON object")
                .build());
        spec.addPositional(PositionalParamSpec.builder().paramLabel("STORE").arity("0..1").type(Path.class)
                .description("the same as --store").build());
    }

    /** May be run on a copy, as anybody. */
    @Override
    public boolean isOpaque() {
        return false;
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path positional = parsed.matchedPositionalValue(0, null);
        Path store = positional == null ? StorePath.existing(parsed, context) : positional;
        if (!Files.isDirectory(store.resolve("log"))) {
            throw new Failure(ExitCode.NOTHING, "there is no store: store=" + store
                    + ". Name one: headwater verify STORE");
        }
        Report report = Verifier.verify(store, key(parsed), anchors(parsed));
        long tailMs = parsed.matchedOptionValue("--tail", -1L);
        boolean tailIsWell = tailMs >= 0 && report.statements() > 0 && report.unsignedNs() <= tailMs * 1_000_000;
        String text = parsed.hasMatchedOption("--json") ? json(report) : text(report, store);
        context.out().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        return report.damage() != null ? ExitCode.DAMAGED
                : report.allSigned() || tailIsWell ? ExitCode.ANSWERED : ExitCode.NOTHING;
    }

    private static byte[] key(ParseResult parsed) throws Failure, IOException {
        Path file = parsed.matchedOptionValue("--key", null);
        if (file == null) {
            return null;
        }
        try {
            return PublicKeyText.ofPem(Files.readString(file, StandardCharsets.ISO_8859_1)).der();
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.WRONG_USE, "not a public key: --key=" + file + ", cause=" + e.getMessage()
                    + ". `headwater key export` writes one.", e);
        }
    }

    private static List<String> anchors(ParseResult parsed) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : parsed.matchedOptionValue("--anchor", List.<Path>of())) {
            lines.addAll(Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList());
        }
        return lines;
    }

    private static String text(Report report, Path store) {
        StringBuilder text = new StringBuilder();
        Report.Finding damage = report.damage();
        if (damage == null) {
            text.append(report.allSigned() ? "whole and signed: " : "whole as far as it is signed: ");
        } else {
            text.append("DAMAGED: ").append(Escapes.toLine(damage.file()));
            if (damage.firstBlock() >= 0) {
                text.append(damage.lastBlock() < 0 || damage.lastBlock() == Long.MAX_VALUE ? ", from block "
                        + damage.firstBlock() + " on"
                        : damage.firstBlock() == damage.lastBlock() ? ", block " + damage.firstBlock()
                        : ", one of blocks " + damage.firstBlock() + " to " + damage.lastBlock());
            }
            text.append(damage.offset() < 0 ? "" : ", offset " + damage.offset()).append(": ").append(damage.what())
                    .append("\n  it means: ")
                    .append(damage.meaning()).append("\nbefore that: ");
        }
        text.append(String.format(Locale.ROOT,
                "store %s (%s): %d segments, %d blocks, %d events, %d statements; signed up to block %d%s",
                Escapes.toLine(store.toString()), report.store(), report.segments(), report.blocks(), report.events(),
                report.statements(),
                report.signedBlocks() - 1, report.signedNs() == 0 ? "" : " at "
                + Instant.ofEpochMilli(report.signedNs() / 1_000_000)));
        if (damage == null && report.unsignedBlocks() > 0) {
            text.append(String.format(Locale.ROOT, "; %d blocks after it, of %.1f s, are not signed (yet)",
                    report.unsignedBlocks(),
                    report.unsignedNs() / 1e9));
        }
        Report.Drop dropped = report.dropped();
        if (dropped != null) {
            text.append(String.format(Locale.ROOT, "\ndropped, as signed: segments 1 to %d, blocks 0 to %d, %d nodes, %d edges, of %s to %s (%s)",
                    dropped.segments(), dropped.blocks() - 1, dropped.nodes(), dropped.edges(), time(dropped.fromNs()),
                    time(dropped.untilNs()), dropped.statements() == 1 ? "1 statement" : dropped.statements() + " statements"));
        }
        report.keys().forEach(key -> text.append("\nkey ").append(key));
        report.notes().forEach(note -> text.append("\nnote: ").append(note));
        return text.toString();
    }

    private static Instant time(long timeNs) {
        return Instant.ofEpochMilli(timeNs / 1_000_000);
    }

    private static String json(Report report) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("state", report.damage() != null ? "damaged" : report.allSigned() ? "signed"
                    : "unsigned_tail");
            json.writeStringProperty("store", report.store());
            Report.Finding damage = report.damage();
            if (damage != null) {
                json.writeName("damage");
                json.writeStartObject();
                json.writeStringProperty("file", damage.file());
                json.writeNumberProperty("first_block", damage.firstBlock());
                json.writeNumberProperty("last_block", damage.lastBlock());
                json.writeNumberProperty("offset", damage.offset());
                json.writeStringProperty("what", damage.what());
                json.writeStringProperty("meaning", damage.meaning());
                json.writeEndObject();
            }
            json.writeNumberProperty("segments", report.segments());
            json.writeNumberProperty("blocks", report.blocks());
            json.writeNumberProperty("events", report.events());
            json.writeNumberProperty("statements", report.statements());
            json.writeNumberProperty("signed_blocks", report.signedBlocks());
            json.writeNumberProperty("signed_at_ms", report.signedNs() / 1_000_000);
            json.writeNumberProperty("unsigned_blocks", report.unsignedBlocks());
            json.writeNumberProperty("unsigned_ms", report.unsignedNs() / 1_000_000);
            json.writeNumberProperty("unfinished_bytes", report.unfinishedBytes());
            Report.Drop dropped = report.dropped();
            if (dropped != null) {
                json.writeName("dropped");
                json.writeStartObject();
                json.writeNumberProperty("segments", dropped.segments());
                json.writeNumberProperty("blocks", dropped.blocks());
                json.writeNumberProperty("nodes", dropped.nodes());
                json.writeNumberProperty("edges", dropped.edges());
                json.writeNumberProperty("objects", dropped.objects());
                json.writeStringProperty("from", time(dropped.fromNs()).toString());
                json.writeStringProperty("until", time(dropped.untilNs()).toString());
                json.writeNumberProperty("statements", dropped.statements());
                json.writeEndObject();
            }
            json.writeArrayPropertyStart("keys");
            report.keys().forEach(json::writeString);
            json.writeEndArray();
            json.writeArrayPropertyStart("notes");
            report.notes().forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toString();
    }
}
