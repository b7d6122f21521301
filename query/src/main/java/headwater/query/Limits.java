// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * How far a question goes, and what of the answer is shown.
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
 * @param where which nodes the answer lists, beside the start; null for all. The walk goes through the others.
 * @param follow which flows are followed, null for all
 * @param detail as many nodes of the answer are kept at once; of a larger answer the nearest, and the rest is told when it is
 *        written ({@link Extent})
 * @param patience how long it may take
 */
public record Limits(int depth, int count, long sinceNs, long untilNs, Set<NodeKind> kinds, Set<Relation> relations,
        boolean disclosed, NodeFilter where, FlowFilter follow, int detail, Patience patience) {
    public static final int UNLIMITED = Integer.MAX_VALUE;

    public static final Limits NONE = new Limits(UNLIMITED, UNLIMITED, Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), Set.of());

    public Limits {
        if (depth < 0 || count < 1 || detail < 1) {
            throw new IllegalArgumentException("limits out of range: depth=" + depth + ", count=" + count + ", detail=" + detail);
        }
        kinds = Set.copyOf(kinds);
        relations = Set.copyOf(relations);
    }

    /** Follows what was seen only. */
    public Limits(int depth, int count, long sinceNs, long untilNs, Set<NodeKind> kinds, Set<Relation> relations) {
        this(depth, count, sinceNs, untilNs, kinds, relations, false, null, null, UNLIMITED, Patience.endless());
    }

    /** As many nodes as a walk takes in so much memory. */
    public static int countIn(long heapBytes) {
        return Math.clamp(heapBytes / 16, 10_000, UNLIMITED);
    }

    /** As many nodes as are kept for an answer in so much memory. */
    public static int detailIn(long heapBytes) {
        return Math.clamp(heapBytes / 4096, 10_000, 200_000);
    }

    public Limits withDisclosed(boolean disclosed) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withDepth(int depth) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withCount(int count) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withTime(long sinceNs, long untilNs) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withKinds(Set<NodeKind> kinds) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withWhere(NodeFilter where) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withFollow(FlowFilter follow) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withDetail(int detail) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    public Limits withPatience(Patience patience) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    /** As without limits to relations, and along these too, which only tell. */
    public Limits through(Set<Relation> telling) {
        Set<Relation> all = EnumSet.allOf(Relation.class);
        all.removeIf(relation -> relation.isTelling() && !telling.contains(relation));
        return withRelations(all);
    }

    public Limits withRelations(Set<Relation> relations) {
        return new Limits(depth, count, sinceNs, untilNs, kinds, relations, disclosed, where, follow, detail, patience);
    }

    /** True if not all that is reached is listed. */
    boolean selects() {
        return !kinds.isEmpty() || where != null;
    }

    /** Which nodes are listed; for one thread. */
    LongPredicate listed(GraphView view) {
        LongPredicate filter = where == null ? node -> true : where.on(view);
        return kinds.isEmpty() ? filter : node -> kinds.contains(view.kind(view.object(node))) && filter.test(node);
    }

    /** True if a flow of this relation at this time is followed. */
    boolean follows(Relation relation, long timeNs) {
        return timeNs >= sinceNs && timeNs <= untilNs && followsRelation(relation);
    }

    boolean followsRelation(Relation relation) {
        return relations.isEmpty() ? !relation.isTelling() : relation.isVersion() || relations.contains(relation);
    }
}
