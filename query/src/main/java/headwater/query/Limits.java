// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.EnumSet;
import java.util.Set;

/**
 * How far a question goes.
 *
 * @param depth edges between the start and a node, at most; {@link #UNLIMITED} for any number
 * @param count nodes in the answer, at most, from 1
 * @param sinceNs flows before this time are not followed, nanoseconds since the Unix epoch; {@link Long#MIN_VALUE} for
 *        none
 * @param untilNs flows after this time are not followed; {@link Long#MAX_VALUE} for none
 * @param kinds the kinds of node that the answer lists, beside the start; empty for all. The walk goes through the
 *        others.
 * @param relations the relations that are followed, beside the version edges; empty for all but those that only tell
 *        ({@link Relation#isTelling})
 * @param disclosed true to follow what programs told as well, and in place of what was seen where they told so ({@link Steps})
 */
public record Limits(int depth, int count, long sinceNs, long untilNs, Set<NodeKind> kinds, Set<Relation> relations,
        boolean disclosed) {
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** As many nodes as one answer holds unless asked otherwise. */
    public static final int DEFAULT_COUNT = 200_000;

    public static final Limits NONE = new Limits(UNLIMITED, DEFAULT_COUNT, Long.MIN_VALUE, Long.MAX_VALUE,
            Set.of(), Set.of(), false);

    public Limits {
        if (depth < 0 || count < 1) {
            throw new IllegalArgumentException("limits out of range: depth=" + depth + ", count=" + count);
        }
        kinds = Set.copyOf(kinds);
        relations = Set.copyOf(relations);
    }

    /** Follows what was seen only. */
    public Limits(int depth, int count, long sinceNs, long untilNs, Set<NodeKind> kinds, Set<Relation> relations) {
        this(depth, count, sinceNs, untilNs, kinds, relations, false);
    }

    public Limits withDisclosed(boolean disclosed) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed);
    }

    public Limits withDepth(int depth) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed);
    }

    public Limits withCount(int count) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed);
    }

    public Limits withTime(long sinceNs, long untilNs) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed);
    }

    public Limits withKinds(Set<NodeKind> kinds) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed);
    }

    /** As without limits to relations, and along these too, which only tell. */
    public Limits through(Set<Relation> telling) {
        Set<Relation> all = EnumSet.allOf(Relation.class);
        all.removeIf(relation -> relation.isTelling() && !telling.contains(relation));
        return withRelations(all);
    }

    public Limits withRelations(Set<Relation> relations) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed);
    }

    /** True if a flow of this relation at this time is followed. */
    boolean follows(Relation relation, long timeNs) {
        return timeNs >= sinceNs && timeNs <= untilNs && followsRelation(relation);
    }

    boolean followsRelation(Relation relation) {
        return relations.isEmpty() ? !relation.isTelling() : relation.isVersion() || relations.contains(relation);
    }
}
