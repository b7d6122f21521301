// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.model.NodeKind;
import headwater.model.Relation;
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

    boolean isEmpty() {
        return kinds.isEmpty() && relations.isEmpty();
    }
}
