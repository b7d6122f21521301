// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.model.Attribute;
import headwater.model.ForwardingView;
import headwater.model.GraphView;
import java.util.Arrays;

/**
 * What earlier sessions left in the store, as a session looks things up in it; retention may take things out while the session runs, and
 * what was let go is not found any more. It owns the view. For the thread that records.
 */
final class ExistingGraph extends ForwardingView {
    private long letGo;

    ExistingGraph(GraphView view) {
        super(view);
    }

    /** From now on, of objects with a lower number only files, directories, links and devices are found that were not deleted. */
    void letGo(long beforeObject) {
        letGo = Math.max(letGo, beforeObject);
    }

    private long[] kept(long[] found) {
        return letGo == 0 ? found : Arrays.stream(found).filter(object -> object >= letGo || lasts(object)).toArray();
    }

    private boolean lasts(long object) {
        return switch (kind(object)) {
            case FILE, DIRECTORY, LINK, CHAR, BLOCK -> attributes(object).number(Attribute.DELETED, 0) == 0;
            default -> false;
        };
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        return kept(super.find(attribute, value));
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        return kept(super.find(attribute, value));
    }
}
