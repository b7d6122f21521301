// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Limits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
        spec.addOption(number("--depth", "edges between WHAT and a node, at most"));
        spec.addOption(number("--limit", "nodes in the answer, and figures in a picture, at most"));
        spec.addOption(list("--kind", "KIND", "list only nodes of these kinds, such as file,socket"));
        spec.addOption(list("--relation", "RELATION", "follow only these relations, such as read,write"));
        spec.addOption(list("--through", "RELATION", "follow these too, which only tell of a process: " + tellings()));
        spec.addOption(OptionSpec.builder("--disclosed").type(boolean.class).arity("0").description("follow what programs disclosed too, and"
                + " where one disclosed that an output comes from certain inputs only, these and not what it was seen to read").build());
        spec.addOption(text("--since", "TIME", "follow only flows since then: " + When.FORMS));
        spec.addOption(text("--until", "TIME", "follow only flows until then"));
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
        int count = parsed.matchedOptionValue("--limit", Limits.DEFAULT_COUNT);
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
                parsed.hasMatchedOption("--disclosed"));
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
