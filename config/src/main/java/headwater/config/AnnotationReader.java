// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Gathers the section {@code [annotation]}, where each value begins with the name of the rule that it is of. */
final class AnnotationReader {
    private static final String SECTION = "annotation";
    /** What goes to the journal by each of its ways is read in another format. */
    private static final int RULES_OF_UNIT = 3;

    /** What is known of one rule so far. */
    private static final class Rule {
        private final IniEntry first;
        private final List<RawText> files = new ArrayList<>();
        private final List<String> tags = new ArrayList<>();
        private final List<String> units = new ArrayList<>();
        private String pattern = "";
        private String unmatched = "";
        private IniEntry pathGroupAt;
        private String pathGroup = LogAnnotation.PATH_GROUP;
        private String format = "";

        private Rule(IniEntry first) {
            this.first = first;
        }
    }

    private final Problems problems;
    private final Values values;
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private int linesPerSecond = LogAnnotation.Section.LINES_PER_SECOND;

    AnnotationReader(Problems problems, Schema schema) {
        this.problems = problems;
        values = new Values(problems);
        list(schema, "file", (rule, entry) -> file(rule, entry));
        list(schema, "syslog", (rule, entry) -> values.text(entry).ifPresent(tag -> values.add(entry, rule.tags, tag)));
        list(schema, "journal", (rule, entry) -> values.text(entry).ifPresent(unit -> unit(rule, entry, unit)));
        list(schema, "pattern", (rule, entry) -> values.parsed(entry, LogAnnotation::checked).ifPresent(pattern -> {
            if (!rule.pattern.isEmpty()) {
                problems.warning(entry, "the rule has more than one pattern", "the last one counts; give the other a rule of its own");
            }
            rule.pattern = pattern;
        }));
        list(schema, "unmatched", (rule, entry) -> values.word(entry, List.of(LogAnnotation.KEEP, LogAnnotation.DROP))
                .ifPresent(word -> rule.unmatched = word));
        list(schema, "path_group", (rule, entry) -> values.text(entry).ifPresent(group -> {
            rule.pathGroup = group;
            rule.pathGroupAt = entry;
        }));
        list(schema, "format", (rule, entry) -> values.word(entry, LogAnnotation.FORMATS).ifPresent(word -> rule.format = word));
        schema.single(SECTION, "lines_per_second", Origin.HEADWATER,
                entry -> values.number(entry, 1, LogAnnotation.Section.LINES_PER_SECOND_MAX).ifPresent(n -> linesPerSecond = (int) n));
    }

    /** The value that is handed on is what stands behind the rule's name. */
    private void list(Schema schema, String key, BiConsumer<Rule, IniEntry> reader) {
        schema.list(SECTION, key, Origin.HEADWATER, entry -> named(entry).ifPresent(
                rest -> reader.accept(rules.computeIfAbsent(name(entry), name -> new Rule(entry)), rest)));
    }

    private static String name(IniEntry entry) {
        String text = entry.value().latin1();
        int blank = 0;
        while (blank < text.length() && !IniParser.isSpace(text.charAt(blank))) {
            blank++;
        }
        return text.substring(0, blank);
    }

    private Optional<IniEntry> named(IniEntry entry) {
        String name = name(entry);
        String rest = IniParser.strip(entry.value().latin1().substring(name.length()));
        if (!LogAnnotation.isName(name) || rest.isEmpty()) {
            problems.error(entry, "not the name of a rule and a value", "write " + entry.key() + "=NAME VALUE, with a name of letters,"
                    + " digits and _.-");
            return Optional.empty();
        }
        return Optional.of(new IniEntry(entry.section(), entry.key(), RawText.ofLatin1(rest), entry.line()));
    }

    private void file(Rule rule, IniEntry entry) {
        values.absolute(entry).ifPresent(path -> {
            if (path.utf8() == null) {
                problems.error(entry, "not UTF-8", "name a directory above it, or rename the file");
            } else {
                values.add(entry, rule.files, path);
            }
        });
    }

    private void unit(Rule rule, IniEntry entry, String unit) {
        String whole = unit.indexOf('.') < 0 ? unit + ".service" : unit;
        if (whole.indexOf('/') >= 0) {
            problems.error(entry, "not a systemd unit", "write its name, such as nginx.service");
            return;
        }
        values.add(entry, rule.units, whole);
    }

    LogAnnotation.Section finish() {
        List<LogAnnotation> all = new ArrayList<>();
        rules.forEach((name, rule) -> {
            if (rule.files.isEmpty() && rule.tags.isEmpty() && rule.units.isEmpty()) {
                problems.error(rule.first, "the rule has no log: rule=" + name, "add file=" + name + " /the/path, syslog=" + name
                        + " TAG or journal=" + name + " UNIT");
                return;
            }
            if (rule.pathGroupAt != null && (rule.pattern.isEmpty() || !LogAnnotation.hasGroup(rule.pattern, rule.pathGroup))) {
                problems.error(rule.pathGroupAt, "the rule's pattern has no such group: rule=" + name,
                        "name one of its groups, or add (?P<" + rule.pathGroup + ">…)");
            }
            String unmatched = !rule.unmatched.isEmpty() ? rule.unmatched
                    : rule.pattern.isEmpty() ? LogAnnotation.KEEP : LogAnnotation.DROP;
            all.add(new LogAnnotation(name, rule.files, rule.tags, rule.units, rule.pattern, unmatched, rule.pathGroup, rule.format));
        });
        int count = all.stream().mapToInt(rule -> rule.files().size() + rule.tags().size() + RULES_OF_UNIT * rule.units().size()).sum();
        if (count > LogAnnotation.RULES_MAX && !all.isEmpty()) {
            problems.error(rules.get(all.getLast().name()).first, "too many logs: files, tags, and units three times=" + count + ", max="
                    + LogAnnotation.RULES_MAX, "name directories, or leave some out");
        }
        return new LogAnnotation.Section(all, linesPerSecond);
    }
}
