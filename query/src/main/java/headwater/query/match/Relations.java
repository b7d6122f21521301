// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.ExpressionException;
import headwater.expression.Suggestion;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.model.RelationClass;
import headwater.query.match.Query.Word;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What the words after a colon mean: kinds of node, relations, and the PROV classes of both. */
final class Relations {
    private Relations() {
    }

    /** The kinds that labels mean; all for none. */
    static Set<NodeKind> kinds(String text, List<Word> labels) throws ExpressionException {
        if (labels.isEmpty()) {
            // The words of imported evidence are no thing of the world.
            return EnumSet.complementOf(EnumSet.of(NodeKind.STATEMENTS));
        }
        Set<NodeKind> kinds = EnumSet.noneOf(NodeKind.class);
        for (Word label : labels) {
            int before = kinds.size();
            String word = label.text().toLowerCase(Locale.ROOT);
            NodeKind kind = NodeKind.ofText(word);
            if (kind != null) {
                kinds.add(kind);
                continue;
            }
            if (word.equals("process")) {
                kinds.addAll(EnumSet.of(NodeKind.TASK, NodeKind.PROCESS_MEMORY));
                continue;
            }
            for (NodeKind one : NodeKind.values()) {
                if (one != NodeKind.STATEMENTS && one.provClass().section().equals(word)) {
                    kinds.add(one);
                }
            }
            if (kinds.size() == before) {
                throw new ExpressionException(text, label.at(), "unknown kind of node: " + label.text() + Suggestion.of(word, kindNames()));
            }
        }
        return kinds;
    }

    private static List<String> kindNames() {
        List<String> names = new ArrayList<>(Stream.of(NodeKind.values()).map(NodeKind::text).toList());
        names.addAll(List.of("process", "entity", "activity", "agent"));
        return names;
    }

    /** The relations that words mean; without words, those that carry bytes and were seen, and join no versions. */
    static Set<Relation> relations(String text, List<Word> words) throws ExpressionException {
        Set<Relation> relations = EnumSet.noneOf(Relation.class);
        if (words.isEmpty()) {
            relations.addAll(EnumSet.allOf(Relation.class));
            relations.removeIf(relation -> relation.isTelling() || relation.isDisclosed() || relation.isVersion());
            return relations;
        }
        for (Word word : words) {
            String name = word.text().toLowerCase(Locale.ROOT);
            Relation relation = Relation.ofText(name);
            if (relation != null) {
                relations.add(relation);
                continue;
            }
            RelationClass found = null;
            for (RelationClass one : RelationClass.values()) {
                if (one.name().equalsIgnoreCase(name) || one.section().equalsIgnoreCase(name)) {
                    found = one;
                }
            }
            if (found == null) {
                throw new ExpressionException(text, word.at(), "unknown relation: " + word.text() + Suggestion.of(name, relationNames()));
            }
            for (Relation one : Relation.values()) {
                if (one.relationClass() == found && !one.isVersion() && !one.isDisclosed()) {
                    relations.add(one);
                }
            }
        }
        return relations;
    }

    private static List<String> relationNames() {
        List<String> names = new ArrayList<>(Stream.of(Relation.values()).map(Relation::text).toList());
        Stream.of(RelationClass.values()).forEach(one -> names.add(one.name().toLowerCase(Locale.ROOT)));
        return names;
    }

    /** True if a relation can lead from an effect of such a kind to a cause of such a kind, as PROV has it. */
    static boolean fits(Set<Relation> relations, Set<NodeKind> effects, Set<NodeKind> causes) {
        return relations.stream().anyMatch(relation -> has(effects, effect(relation)) && has(causes, cause(relation)));
    }

    private static boolean has(Set<NodeKind> kinds, ProvClass wanted) {
        return wanted == null || kinds.stream().anyMatch(kind -> kind.provClass() == wanted);
    }

    private static ProvClass effect(Relation relation) {
        return switch (relation.relationClass()) {
            case DERIVED, GENERATED -> ProvClass.ENTITY;
            case USED, INFORMED, ASSOCIATED -> ProvClass.ACTIVITY;
            case INFLUENCED -> null;
        };
    }

    private static ProvClass cause(Relation relation) {
        return switch (relation.relationClass()) {
            case DERIVED, USED -> ProvClass.ENTITY;
            case GENERATED, INFORMED -> ProvClass.ACTIVITY;
            case ASSOCIATED, INFLUENCED -> null;
        };
    }
}
