// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.expression.ExpressionException;
import headwater.expression.Printer;
import headwater.expression.TimeText;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.FlowFilter;
import headwater.query.Limits;
import headwater.query.NodeFilter;
import headwater.query.Patience;
import headwater.query.Users;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The parameters and limits that the query verbs share. */
final class QueryOptions {
    private QueryOptions() {
    }

    static void describe(CommandSpec spec, String... whats) {
        for (int i = 0; i < whats.length; i++) {
            spec.addPositional(PositionalParamSpec.builder().index(Integer.toString(i)).arity("1").required(true)
                    .type(String.class).paramLabel(whats[i])
                    .description(i > 0 ? "as " + whats[0]
                            : "a path, PATH@VERSION, pid:N, tcp:HOST:PORT, udp:HOST:PORT or hw:OBJECT[@VERSION]; a "
                                    + "byte may"
                            + " be written \\xNN").build());
        }
        StorePath.describe(spec);
        shown(spec);
        spec.addOption(text("--follow", "EXPR", "follow only flows for which it is true, such as '!cause.path.startsWith(\"/usr/\")'"));
        asOf(spec);
        spec.addOption(number("--depth", "edges between WHAT and a node, at most"));
        spec.addOption(number("--limit", "nodes in the answer, and figures in a picture, at most"));
        spec.addOption(list("--kind", "KIND", "show only nodes of these kinds, such as file,socket"));
        spec.addOption(list("--relation", "RELATION", "follow only these relations, such as read,write"));
        spec.addOption(list("--through", "RELATION", "follow these too, which only tell of a process: " + tellings()));
        spec.addOption(OptionSpec.builder("--disclosed").type(boolean.class).arity("0").description("follow what programs disclosed too, and"
                + " where one disclosed that an output comes from certain inputs only, these and not what it was seen to read").build());
        spec.addOption(text("--since", "TIME", "follow only flows since then: " + When.FORMS));
        spec.addOption(text("--until", "TIME", "follow only flows until then"));
    }

    /** The options that say what is shown. */
    static void shown(CommandSpec spec) {
        spec.addOption(text("--where", "EXPR", "show only nodes for which it is true, such as 'uid == 0 && size(names) > 1'"
                + " (docs/query.md); what lies between is walked through all the same"));
        spec.addOption(text("--path", "GLOB", "show only what has such a path: *.c, /srv/**"));
        spec.addOption(text("--user", "USER", "show only what is of this user, by name or number"));
        spec.addOption(text("--host", "HOST", "show only what was recorded on this host"));
    }

    /** The options that say of when, and how long it may take. */
    static void asOf(CommandSpec spec) {
        spec.addOption(text("--as-of", "TIME", "answer as it was known then"));
        spec.addOption(text("--time-limit", "TIME", "stop after so long, such as 10s, with what was found"));
    }

    /** What the options say that is shown; null for all. They are one expression. */
    static NodeFilter where(ParseResult parsed, Context context) throws Failure {
        List<String> parts = new ArrayList<>();
        String path = parsed.matchedOptionValue("--path", null);
        if (path != null) {
            parts.add("path.glob(" + Printer.quoted(path) + ")");
        }
        String user = parsed.matchedOptionValue("--user", null);
        if (user != null) {
            parts.add("uid == " + Users.ofThisMachine().id(user).orElseThrow(() -> new Failure(ExitCode.WRONG_USE,
                    "no such user on this machine: --user=" + user + ". Give the number.")));
        }
        String host = parsed.matchedOptionValue("--host", null);
        if (host != null) {
            parts.add("host == " + Printer.quoted(host));
        }
        String where = parsed.matchedOptionValue("--where", null);
        if (where != null) {
            check("--where", () -> NodeFilter.of(where, context.clock()));
            parts.add(parts.isEmpty() ? where : "(" + where + ")");
        }
        return parts.isEmpty() ? null : check("--where", () -> NodeFilter.of(String.join(" && ", parts), context.clock()));
    }

    static FlowFilter follow(String option, ParseResult parsed, Context context) throws Failure {
        String follow = parsed.matchedOptionValue(option, null);
        return follow == null ? null : check(option, () -> FlowFilter.of(follow, context.clock()));
    }

    /** Reads something in the language of expressions. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws ExpressionException;
    }

    static <T> T check(String option, Reading<T> reading) throws Failure {
        try {
            return reading.read();
        } catch (ExpressionException e) {
            throw new Failure(ExitCode.WRONG_USE, option + ": " + e.getMessage(), e);
        }
    }

    /** How long an answer may take. */
    static Patience patience(ParseResult parsed) throws Failure {
        String limit = parsed.matchedOptionValue("--time-limit", null);
        if (limit == null) {
            return Patience.endless();
        }
        OptionalLong ns = TimeText.duration(limit);
        if (ns.isEmpty() || ns.getAsLong() <= 0) {
            throw new Failure(ExitCode.WRONG_USE, "not a duration: --time-limit=" + limit + ", want such as 10s, 500ms, 2m");
        }
        return Patience.of(ns.getAsLong(), System::nanoTime);
    }

    /** The graph, as of the time that is asked for. */
    static GraphView open(ParseResult parsed, Context context) throws Failure, IOException {
        return open(StorePath.existing(parsed, context), parsed, context);
    }

    static GraphView open(Path store, ParseResult parsed, Context context) throws Failure, IOException {
        String asOf = parsed.matchedOptionValue("--as-of", null);
        return asOf == null ? context.graphs().open(store)
                : context.graphs().open(store, When.parse("--as-of", asOf, context.clock()));
    }

    private static OptionSpec number(String name, String description) {
        return OptionSpec.builder(name).type(int.class).paramLabel("N").description(description).build();
    }

    private static OptionSpec list(String name, String label, String description) {
        return OptionSpec.builder(name).type(List.class).auxiliaryTypes(String.class).arity("1").splitRegex(",")
                .paramLabel(label).description(description).build();
    }

    static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name).type(String.class).paramLabel(label).description(description).build();
    }

    static Limits limits(ParseResult parsed, Context context) throws Failure {
        int depth = parsed.matchedOptionValue("--depth", Limits.UNLIMITED);
        int count = parsed.matchedOptionValue("--limit", Limits.countIn(Runtime.getRuntime().maxMemory()));
        if (depth < 0 || count < 1) {
            throw new Failure(ExitCode.WRONG_USE, "out of range: " + (depth < 0 ? "--depth=" + depth + ", min=0"
                    : "--limit=" + count + ", min=1"));
        }
        String since = parsed.matchedOptionValue("--since", null);
        String until = parsed.matchedOptionValue("--until", null);
        long sinceNs = since == null ? Long.MIN_VALUE : When.parse("--since", since, context.clock());
        long untilNs = until == null ? Long.MAX_VALUE : When.parse("--until", until, context.clock());
        if (sinceNs > untilNs) {
            throw new Failure(ExitCode.WRONG_USE, "no time lies between: --since=" + since + ", --until=" + until);
        }
        Set<NodeKind> kinds = EnumSet.noneOf(NodeKind.class);
        kinds.addAll(words(parsed, "--kind", NodeKind::ofText, NodeKind.values(), NodeKind::text));
        Set<Relation> relations = EnumSet.noneOf(Relation.class);
        relations.addAll(words(parsed, "--relation", Relation::ofText, Relation.values(), Relation::text));
        List<Relation> telling = words(parsed, "--through", QueryOptions::telling,
                Stream.of(Relation.values()).filter(Relation::isTelling).toArray(Relation[]::new), Relation::text);
        Limits limits = new Limits(depth, count, sinceNs, untilNs, kinds, relations,
                parsed.hasMatchedOption("--disclosed"), where(parsed, context), follow("--follow", parsed, context),
                Limits.detailIn(Runtime.getRuntime().maxMemory()), patience(parsed));
        if (telling.isEmpty()) {
            return limits;
        }
        if (!relations.isEmpty()) {
            throw new Failure(ExitCode.WRONG_USE, "--through adds to all relations, --relation names them: use one of both, "
                    + "--relation=" + String.join(",", words(relations)) + ",…");
        }
        return limits.through(Set.copyOf(telling));
    }

    private static List<String> words(Set<Relation> relations) {
        return relations.stream().sorted().map(Relation::text).toList();
    }

    /** The relation that only tells and is named so, null if there is none. */
    private static Relation telling(String text) {
        Relation relation = Relation.ofText(text);
        return relation != null && relation.isTelling() ? relation : null;
    }

    private static String tellings() {
        return Stream.of(Relation.values()).filter(Relation::isTelling).map(Relation::text).collect(Collectors.joining(","));
    }

    private static <T> List<T> words(ParseResult parsed, String option, Function<String, T> reader, T[] all,
            Function<T, String> writer) throws Failure {
        List<String> asked = parsed.matchedOptionValue(option, List.of());
        List<T> values = new ArrayList<>();
        for (String word : asked) {
            T value = reader.apply(word.strip());
            if (value == null) {
                List<String> known = new ArrayList<>();
                for (T one : all) {
                    known.add(writer.apply(one));
                }
                throw new Failure(ExitCode.WRONG_USE, "unknown value: " + option + "=" + word + ", want one of "
                        + String.join(" ", known));
            }
            values.add(value);
        }
        return values;
    }
}
