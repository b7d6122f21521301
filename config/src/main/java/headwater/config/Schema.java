// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The sections and keys of one kind of file, and who takes each value. An instance reads one file. */
final class Schema {
    /** The most values that a repeated key may have, CamFlow's own limit. */
    static final int LIST_MAX = 255;
    private static final String MINUS = "\u00e2\u0088\u0092";

    /** @param repeated true if each value counts, false if the last one does */
    record Key(String name, Origin origin, boolean repeated, Consumer<IniEntry> reader) {
    }

    /**
     * Where a key stood in older files.
     *
     * @param until what first had it elsewhere
     */
    private record Historic(String section, Key now, String until) {
    }

    private final Map<String, Map<String, Key>> sections = new LinkedHashMap<>();
    /** By section and name, with a dot between. */
    private final Map<String, Historic> historic = new HashMap<>();
    private final Map<Key, List<IniEntry>> given = new LinkedHashMap<>();
    private final Problems problems;

    Schema(Problems problems) {
        this.problems = problems;
    }

    void single(String section, String key, Origin origin, Consumer<IniEntry> reader) {
        keys(section).put(key, new Key(key, origin, false, reader));
    }

    void list(String section, String key, Origin origin, Consumer<IniEntry> reader) {
        keys(section).put(key, new Key(key, origin, true, reader));
    }

    /**
     * Takes a key that older files have for the one that it is now, which is there already.
     *
     * @param until the first release of CamFlow's program that has it elsewhere
     */
    void historic(String section, String key, String until, String nowSection, String nowKey) {
        historic.put(section + '.' + key, new Historic(nowSection, sections.get(nowSection).get(nowKey), until));
    }

    private Map<String, Key> keys(String section) {
        return sections.computeIfAbsent(section, name -> new LinkedHashMap<>());
    }

    /** The sections by their names with an ASCII hyphen, and in each its keys. */
    Map<String, Map<String, Key>> sections() {
        return sections;
    }

    /** How many of the file's section headers this kind of file has. */
    long matches(IniFile file) {
        return file.headers().stream().filter(header -> sections.containsKey(nameOf(header.name()))).count();
    }

    /** Hands each value to its reader, in the order of the file, and gathers what is not known. */
    void read(IniFile file) {
        Map<RawText, Integer> keys = new HashMap<>();
        file.entries().forEach(entry -> keys.merge(entry.section(), 1, Integer::sum));
        file.headers().forEach(header -> checkHeader(header, keys.getOrDefault(header.name(), 0)));
        for (IniEntry entry : file.entries()) {
            Map<String, Key> known = sections.get(nameOf(entry.section()));
            if (entry.section().isEmpty()) {
                problems.warning(entry, "a key before the first section", "it is not read; put it below a [section]");
            } else if (known != null) {
                Key key = known.get(entry.key().latin1());
                Historic older = historic.get(nameOf(entry.section()) + '.' + entry.key().latin1());
                if (older != null) {
                    problems.warning(entry, "a key of " + older.until + " and before", "it is taken as " + older.now.name + " of ["
                            + older.section + "]; move it there");
                    // In front: of a single value, the last one counts, and that shall be today's.
                    List<IniEntry> values = given.computeIfAbsent(older.now, k -> new ArrayList<>());
                    values.add(older.now.repeated ? values.size() : 0, entry);
                } else if (key == null) {
                    unknownKey(entry, known);
                } else {
                    given.computeIfAbsent(key, k -> new ArrayList<>()).add(entry);
                }
            }
        }
        given.forEach(this::hand);
    }

    /** True if the file gives the key. To be asked after {@link #read}. */
    boolean isGiven(String section, String key) {
        return given.containsKey(sections.get(section).get(key));
    }

    /** The value that counts, or the last one of a list. To be asked after {@link #read}. */
    Optional<IniEntry> lastGiven(String section, String key) {
        return Optional.ofNullable(given.get(sections.get(section).get(key))).map(List::getLast);
    }

    private void hand(Key key, List<IniEntry> values) {
        IniEntry last = values.getLast();
        if (!key.repeated) {
            for (IniEntry earlier : values.subList(0, values.size() - 1)) {
                problems.warning(earlier, "the key is given more than once", "the value on line " + last.line() + " counts");
            }
            key.reader.accept(last);
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            IniEntry entry = values.get(i);
            if (i == LIST_MAX) {
                problems.error(entry, "the list is too long: values=" + values.size() + ", max=" + LIST_MAX,
                        "name a folder, group or range instead of its members");
                return;
            }
            if (entry.value().isEmpty()) {
                problems.warning(entry, "the value is empty", "it is left out");
            } else {
                key.reader.accept(entry);
            }
        }
    }

    private void checkHeader(IniFile.Header header, int keys) {
        String name = nameOf(header.name());
        if (!sections.containsKey(name)) {
            problems.add(Severity.WARNING, header.line(), header.name().toString(), "", "", "unknown section",
                    meant(name, sections.keySet()) + "its keys are not read: count=" + keys);
        } else if (name.startsWith("ipv4-") && header.name().latin1().indexOf('-') >= 0) {
            problems.add(Severity.WARNING, header.line(), header.name().toString(), "", "",
                    "CamFlow itself passes over this section",
                    "it is read here; for CamFlow too, write the minus U+2212 in its name: [" + name.replace('-', '\u2212') + "]");
        }
    }

    private void unknownKey(IniEntry entry, Map<String, Key> known) {
        if (problems.isFull()) {
            problems.warning(entry, "unknown key", "");
            return;
        }
        String name = entry.key().toString();
        Optional<String> elsewhere = sections.entrySet().stream().filter(other -> other.getValue().containsKey(name))
                .map(Map.Entry::getKey).findFirst();
        String hint = meant(name, known.keySet());
        if (hint.isEmpty() && elsewhere.isPresent()) {
            hint = "it belongs into [" + elsewhere.get() + "]; ";
        }
        problems.warning(entry, "unknown key", hint + "it is not read");
    }

    private static String meant(String name, Set<String> names) {
        return Nearest.of(name, names).map(nearest -> "did you mean " + nearest + "? ").orElse("");
    }

    /** The name with an ASCII hyphen for U+2212, which CamFlow's own file has in two names. */
    private static String nameOf(RawText section) {
        return section.latin1().replace(MINUS, "-");
    }
}
