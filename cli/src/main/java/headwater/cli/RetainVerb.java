// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.expression.ExpressionException;
import headwater.query.Labels;
import headwater.query.NodeFilter;
import headwater.query.NodeId;
import headwater.store.Store;
import headwater.store.StoreBusyException;
import headwater.store.StoreException;
import headwater.store.index.StoreView;
import headwater.store.retention.Importance;
import headwater.store.retention.InUse;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import headwater.store.seal.DropStatement;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Drops the beginning of a store that nobody writes to, as far as a policy says, under a signed statement. */
final class RetainVerb implements Verb {
    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--age").paramLabel("TIME").type(String.class)
                .description("keep what is no older: 30d, 12h; whole segments go, once their newest event is older").build());
        spec.addOption(OptionSpec.builder("--size").paramLabel("BYTES").type(String.class)
                .description("keep the log no larger: 20G, 500M; the oldest segments go").build());
        spec.addOption(OptionSpec.builder("--important").paramLabel("EXPRESSION").type(List.class).auxiliaryTypes(String.class).arity("1")
                .description("a segment that holds a node of which this is true, and all after it, does not go for --age; may be repeated")
                .build());
        spec.addOption(OptionSpec.builder("--important-age").paramLabel("TIME").type(String.class)
                .description("but for this one: 1y; without it, never").build());
        spec.addOption(OptionSpec.builder("--dry-run").type(boolean.class).arity("0").description("only say what would go").build());
        Output.describe(spec);
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0").description("as JSON").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        RetentionPolicy policy = policy(parsed, context);
        Path path = StorePath.existing(parsed, context);
        boolean dry = parsed.matchedOptionValue("--dry-run", false);
        Instant now = context.clock().instant();
        long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        RetentionPlan plan;
        String pinned;
        DropStatement statement = null;
        try (Store store = dry ? Store.openForReading(path) : Store.openForWriting(path, "headwater retain")) {
            plan = store.retentionPlan(policy, nowNs);
            pinned = label(store, plan.pin());
            if (!dry) {
                statement = store.drop(plan, InUse.NONE);
            }
        } catch (StoreBusyException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage() + "; a daemon does it by itself: [retention] of camflowd.ini", e);
        } catch (StoreException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
        }
        String text = parsed.matchedOptionValue("--json", false) ? json(plan, pinned, statement) : text(plan, pinned, statement, dry);
        Output.write(parsed, context, out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
        return plan.segments() > 0 ? ExitCode.ANSWERED : ExitCode.NOTHING;
    }

    private static RetentionPolicy policy(ParseResult parsed, Context context) throws Failure {
        String age = parsed.matchedOptionValue("--age", null);
        String size = parsed.matchedOptionValue("--size", null);
        List<String> important = parsed.matchedOptionValue("--important", List.of());
        String importantAge = parsed.matchedOptionValue("--important-age", null);
        if (age == null && size == null) {
            throw new Failure(ExitCode.WRONG_USE, "nothing says what to keep: give --age, --size or both");
        }
        if (age == null && !important.isEmpty()) {
            throw new Failure(ExitCode.WRONG_USE, "--important keeps what --age would drop: give --age too; --size does not ask what is important");
        }
        if (importantAge != null && important.isEmpty()) {
            throw new Failure(ExitCode.WRONG_USE, "nothing says what is important: give --important with --important-age");
        }
        try {
            return new RetentionPolicy(age == null ? RetentionPolicy.UNBOUNDED : RetentionPolicy.ageNs(age),
                    size == null ? RetentionPolicy.UNBOUNDED : RetentionPolicy.sizeBytes(size), importance(important, context),
                    importantAge == null ? RetentionPolicy.UNBOUNDED : RetentionPolicy.ageNs(importantAge));
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    private static Importance importance(List<String> important, Context context) throws Failure {
        List<NodeFilter> filters = new ArrayList<>();
        for (String text : important) {
            try {
                filters.add(NodeFilter.of(text, context.clock()));
            } catch (ExpressionException e) {
                throw new Failure(ExitCode.WRONG_USE, "--important: " + e.getMessage(), e);
            }
        }
        return filters.isEmpty() ? Importance.NONE
                : view -> filters.stream().map(filter -> filter.on(view)).reduce(LongPredicate::or).orElseThrow();
    }

    /** What keeps a segment, as people know it; empty if nothing does. */
    private static String label(Store store, RetentionPlan.Pin pin) {
        if (pin == null) {
            return "";
        }
        try (StoreView view = store.view()) {
            return new Labels(view).of(pin.object());
        }
    }

    private static String text(RetentionPlan plan, String pinned, DropStatement statement, boolean dry) {
        RetentionPlan.Pin pin = plan.pin();
        String rest = (plan.held() == 0 ? "" : "; " + plan.held() + " more have to stay until later ones are written and signed")
                + (pin == null ? "" : "; segment " + pin.segment() + " is as old, but it and all after it stay for what is important: "
                + NodeId.of(pin.object()) + ", " + pinned + (pin.untilNs() == RetentionPolicy.UNBOUNDED ? ""
                : ", until " + Instant.EPOCH.plusNanos(pin.untilNs())));
        if (plan.segments() == 0) {
            return "nothing to drop" + rest;
        }
        return (dry ? "would drop " : "dropped ") + plan.segments() + (plan.segments() == 1 ? " segment, " : " segments, ") + plan.bytes()
                + " bytes, all up to " + Instant.EPOCH.plusNanos(plan.end().timeNs()) + (statement == null ? ""
                : " (statement " + statement.number() + ", signed)") + rest;
    }

    private static String json(RetentionPlan plan, String pinned, DropStatement statement) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeBooleanProperty("dropped", statement != null);
            json.writeNumberProperty("segments", plan.segments());
            json.writeNumberProperty("bytes", plan.bytes());
            json.writeNumberProperty("held", plan.held());
            if (plan.segments() > 0) {
                json.writeStringProperty("until", Instant.EPOCH.plusNanos(plan.end().timeNs()).toString());
                json.writeStringProperty("why", plan.why().text());
            }
            RetentionPlan.Pin pin = plan.pin();
            if (pin != null) {
                json.writeObjectPropertyStart("pinned");
                json.writeNumberProperty("segment", pin.segment());
                json.writeStringProperty("id", NodeId.of(pin.object()));
                json.writeStringProperty("label", pinned);
                if (pin.untilNs() != RetentionPolicy.UNBOUNDED) {
                    json.writeStringProperty("until", Instant.EPOCH.plusNanos(pin.untilNs()).toString());
                }
                json.writeEndObject();
            }
            if (statement != null) {
                json.writeNumberProperty("statement", statement.number());
            }
            json.writeEndObject();
        }
        return out.toString();
    }
}
