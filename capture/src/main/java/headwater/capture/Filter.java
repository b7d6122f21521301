// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Kinds of node and relations that are left out: by a filter of the capture they are not recorded, by one of propagation marks do not
 * go along them. What has an end of such a kind is left out too.
 */
public record Filter(Set<NodeKind> kinds, Set<Relation> relations) {
    public static final Filter NONE = new Filter(Set.of(), Set.of());

    public Filter {
        kinds = Set.copyOf(kinds);
        relations = Set.copyOf(relations);
    }

    /** With these kinds of node too. */
    public Filter with(NodeKind... more) {
        Set<NodeKind> all = new HashSet<>(kinds);
        all.addAll(List.of(more));
        return new Filter(all, relations);
    }

    /** With these relations too. */
    public Filter with(Relation... more) {
        Set<Relation> all = new HashSet<>(relations);
        all.addAll(List.of(more));
        return new Filter(kinds, all);
    }

    /** With all kinds of node of a class too: activities, entities or agents. */
    public Filter with(ProvClass provClass) {
        return with(Arrays.stream(NodeKind.values()).filter(kind -> kind.provClass() == provClass).toArray(NodeKind[]::new));
    }

    /**
     * With all relations of a class too, such as all by which something is used; of those that cannot be filtered (docs/selection.md)
     * the filter knows, but nothing is left out.
     */
    public Filter with(RelationClass relationClass) {
        return with(Arrays.stream(Relation.values()).filter(relation -> relation.relationClass() == relationClass)
                .toArray(Relation[]::new));
    }

    /** Without these kinds and relations. */
    public Filter without(Filter less) {
        Set<NodeKind> fewerKinds = new HashSet<>(kinds);
        Set<Relation> fewerRelations = new HashSet<>(relations);
        fewerKinds.removeAll(less.kinds);
        fewerRelations.removeAll(less.relations);
        return new Filter(fewerKinds, fewerRelations);
    }

    /** The relations that a filter can leave out in the kernel; of others nothing is left out: objects come to be by them. */
    public static Set<Relation> filterable() {
        return Operations.relations();
    }

    boolean isEmpty() {
        return kinds.isEmpty() && relations.isEmpty();
    }
}
