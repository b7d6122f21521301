// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.config.HistoricNames.Fate;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Gathers the values of one filter key: names of node types, or of relation types. A filter never takes away more than its
 * writer asked for: a name of an older CamFlow that means more today is left out, with a word on it.
 */
final class TypeFilter {
    private static final Set<String> UNFILTERED = unfiltered();
    private static final Set<String> NODES = nodes();
    private static final Set<String> RELATIONS = relations();

    private final boolean ofNodes;
    private final boolean drops;
    private final Problems problems;
    private final List<String> names = new ArrayList<>();
    private final Map<String, List<IniEntry>> parts = new LinkedHashMap<>();

    /**
     * @param ofNodes true for node types, false for relation types
     * @param drops true if what is named is not recorded, false if marks do not pass it
     */
    TypeFilter(boolean ofNodes, boolean drops, Problems problems) {
        this.ofNodes = ofNodes;
        this.drops = drops;
        this.problems = problems;
    }

    void add(IniEntry entry) {
        String name = entry.value().toString();
        Fate fate = (ofNodes ? HistoricNames.NODES : HistoricNames.RELATIONS).get(name);
        if ((ofNodes ? NODES : RELATIONS).contains(name)) {
            put(entry, name);
            warnOfVersions(entry, name);
        } else if (fate != null) {
            historic(entry, name, fate);
        } else if (!ofNodes && UNFILTERED.contains(name)) {
            problems.error(entry, "this relation type cannot be filtered",
                    "remove it: wasInfluencedBy and wasAssociatedWith are always recorded, in CamFlow too");
        } else {
            String kind = ofNodes ? "node" : "relation";
            boolean other = (ofNodes ? RELATIONS : NODES).contains(name);
            Optional<String> near = Nearest.of(name, ofNodes ? NODES : RELATIONS);
            problems.error(entry, "unknown " + kind + " type", other
                    ? "it is a " + (ofNodes ? "relation" : "node") + " type: it belongs into the other filter"
                    : near.map(n -> "did you mean " + n + "?").orElse("docs/configuration.md names them all"));
        }
    }

    private void historic(IniEntry entry, String name, Fate fate) {
        String was = "a name of CamFlow before " + fate.until();
        if (!fate.whole().isEmpty()) {
            parts.computeIfAbsent(fate.now().getFirst(), now -> new ArrayList<>()).add(entry);
        } else if (fate.now().isEmpty()) {
            problems.warning(entry, was, "nothing is recorded of it now, so there is nothing to filter; remove it");
        } else if (fate.exact()) {
            fate.now().forEach(now -> put(entry, now));
            problems.warning(entry, was, "it is taken as " + String.join(" and ", fate.now()));
        } else {
            problems.warning(entry, was, "it is not applied, as it was split: name those that you mean of "
                    + String.join(", ", fate.now()));
        }
    }

    /** The names that hold, once all values are added. */
    List<String> finish() {
        parts.forEach((now, entries) -> {
            Set<String> given = entries.stream().map(entry -> entry.value().toString()).collect(Collectors.toSet());
            List<String> whole = HistoricNames.RELATIONS.get(entries.getFirst().value().toString()).whole();
            boolean complete = given.containsAll(whole);
            if (complete && !names.contains(now)) {
                names.add(now);
            }
            String was = "a name of CamFlow before 0.8.0";
            for (IniEntry entry : entries) {
                problems.warning(entry, was, complete
                        ? "with " + String.join(", ", whole) + " all given, it is taken as " + now
                        : names.contains(now) ? "it is part of " + now + ", which is given: remove it"
                        : "it is not applied, as " + now + ", which replaced it, means more (" + String.join(", ", whole)
                                + "); write " + now + " to mean all of these");
            }
        });
        return names;
    }

    private void put(IniEntry entry, String name) {
        if (names.contains(name)) {
            problems.warning(entry, "the value is listed twice", "remove one of both");
        } else {
            names.add(name);
        }
    }

    private void warnOfVersions(IniEntry entry, String name) {
        if (drops && name.startsWith("version_")) {
            problems.warning(entry, "without edges between versions, no path leads through an object that changed",
                    "remove it unless only direct flows are wanted");
        }
    }

    private static Set<String> nodes() {
        Set<String> names = new TreeSet<>();
        Arrays.stream(NodeKind.values()).filter(kind -> !kind.isGeneric()).map(NodeKind::text).forEach(names::add);
        return names;
    }

    private static Set<String> relations() {
        Set<String> names = new TreeSet<>();
        Arrays.stream(Relation.values()).filter(relation -> !relation.isGeneric()).map(Relation::text).forEach(names::add);
        names.removeAll(UNFILTERED);
        return names;
    }

    private static Set<String> unfiltered() {
        Set<String> names = new TreeSet<>();
        for (Relation relation : Relation.values()) {
            boolean unfiltered = relation.relationClass() == RelationClass.INFLUENCED || relation.relationClass() == RelationClass.ASSOCIATED;
            if (unfiltered && !relation.isGeneric()) {
                names.add(relation.text());
            }
        }
        return names;
    }
}
