// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Relation;
import java.util.Set;
import java.util.TreeSet;

/** Finds what has, or once had, a name. */
final class NamedObjects {
    private NamedObjects() {
    }

    /** All objects that have or once had the path, oldest first. */
    static long[] of(GraphView view, byte[] path) {
        Set<Long> objects = new TreeSet<>();
        for (long object : view.find(Attribute.NAME, path)) {
            objects.add(object);
        }
        for (long pathObject : view.find(Attribute.PATHNAME, path)) {
            objects.add(pathObject);
            for (long node : view.versions(pathObject)) {
                view.effects(node, (edge, relation, other, timeNs) -> {
                    if (relation == Relation.NAMED) {
                        objects.add(view.object(other));
                    }
                    return true;
                });
            }
        }
        return objects.stream().mapToLong(Long::longValue).toArray();
    }
}
