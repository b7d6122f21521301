// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One change of a {@link CamflowConfig}, in the words of the file: what may stand in the file may be asked for while the capture runs,
 * and what is wrong there is wrong here.
 *
 * @param section with an ASCII hyphen
 * @param key of the section; {@link #ALL_KEYS} for {@link Operation#REMOVE}
 * @param value as it would stand in the file; not used by {@link Operation#CLEAR}
 */
public record ConfigEdit(Operation operation, String section, String key, RawText value) {
    /** All keys of the section. */
    public static final String ALL_KEYS = "*";
    /** What can be changed while the capture runs; the rest is of how it starts. */
    public static final Set<String> SECTIONS = Set.of("provenance", "compression", "ipv4-ingress", "ipv4-egress", "ipv6-ingress",
            "ipv6-egress", "user", "group", "secctx", "cgroup", "namespace");

    /** What is done to the key's values. */
    public enum Operation {
        /** The value takes the place of all. */
        SET,
        /** One more value of a list; nothing if it is there. */
        ADD,
        /** One value less; nothing if it is not there. */
        REMOVE,
        /** No value any more. */
        CLEAR
    }

    /** For people: {@code user.track += bob}. */
    public String text() {
        return section + '.' + key + switch (operation) {
            case SET -> " = " + value;
            case ADD -> " += " + value;
            case REMOVE -> " -= " + value;
            case CLEAR -> " = (none)";
        };
    }

    /**
     * Does all of {@code edits}, or none.
     *
     * @param machine where names are looked up
     * @return the configuration that holds then, and the problems of what was changed; none if one of them is an error
     * @throws IllegalArgumentException if an edit is of what cannot be changed while the capture runs, or there is no such key
     */
    public static Parsed<CamflowConfig> apply(CamflowConfig config, List<ConfigEdit> edits, Machine machine) {
        Map<String, Map<String, List<RawText>>> values = values(config);
        for (ConfigEdit edit : edits) {
            edit.on(values.get(edit.section));
        }
        List<IniEntry> entries = new ArrayList<>();
        values.forEach((section, keys) -> keys.forEach((key, list) -> list.forEach(value ->
                entries.add(new IniEntry(RawText.of(section), RawText.of(key), value, 0)))));
        Problems problems = new Problems("request");
        CamflowConfig changed = new CamflowReader(problems, machine).read(new IniFile(List.of(), entries));
        Parsed<CamflowConfig> parsed = Parsed.of(changed, problems);
        Set<String> touched = edits.stream().map(ConfigEdit::section).collect(Collectors.toSet());
        return new Parsed<>(parsed.config(), parsed.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR || touched.contains(problem.section())
                        && edits.stream().anyMatch(edit -> problem.value().equals(edit.value.toString()))).toList());
    }

    private static Map<String, Map<String, List<RawText>>> values(CamflowConfig config) {
        Map<String, Map<String, List<RawText>>> values = new LinkedHashMap<>();
        for (Setting.Section section : config.sections()) {
            Map<String, List<RawText>> keys = values.computeIfAbsent(section.name(), name -> new LinkedHashMap<>());
            section.settings().forEach(setting -> keys.put(setting.key(), new ArrayList<>(setting.values())));
        }
        return values;
    }

    private void on(Map<String, List<RawText>> keys) {
        if (!SECTIONS.contains(section) || key.equals("machine_id")) {
            throw new IllegalArgumentException("cannot be changed while the capture runs: section=" + section + ", key=" + key
                    + "; change the file, then stop and start");
        }
        if (key.equals(ALL_KEYS) && operation == Operation.REMOVE) {
            keys.values().forEach(list -> list.remove(canonical()));
            return;
        }
        List<RawText> list = keys.get(key);
        if (list == null) {
            throw new IllegalArgumentException("unknown key: section=" + section + ", key=" + key + ", want one of "
                    + String.join(" ", keys.keySet()));
        }
        switch (operation) {
            case SET -> {
                list.clear();
                list.add(value);
            }
            case ADD -> {
                if (!list.contains(canonical())) {
                    list.add(value);
                }
            }
            case REMOVE -> list.remove(canonical());
            case CLEAR -> list.clear();
            default -> throw new IllegalStateException("unknown operation: operation=" + operation);
        }
    }

    /** The value as a configuration writes it: of an address, its range. */
    private RawText canonical() {
        String text = value.utf8();
        try {
            if (text != null && section.startsWith("ipv4-")) {
                return RawText.of(AddressRange.ofIpv4(text).text());
            }
            return text != null && section.startsWith("ipv6-") ? RawText.of(AddressRange.ofIpv6(text).text()) : value;
        } catch (IllegalArgumentException e) {
            // What it is will be told when it is read.
            return value;
        }
    }
}
