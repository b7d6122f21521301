// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Session;
import java.util.HashMap;
import java.util.Map;

/**
 * Which sessions of a store were imported, and what belongs to them. Of imported nodes and edges neither numbers nor times tell the order in
 * which the store learnt of them, and they may have cycles. Immutable.
 */
final class ImportedSessions {
    private final GraphView view;
    private final Map<Long, Session> imports = new HashMap<>();

    ImportedSessions(GraphView view) {
        this.view = view;
        view.sessions().stream().filter(Session::isImported).forEach(session -> imports.put((long) session.number(), session));
    }

    /** False if the store holds only what was captured. */
    boolean any() {
        return !imports.isEmpty();
    }

    /** The session that imported {@code object}; null if it was captured. */
    Session of(long object) {
        return imports.isEmpty() ? null : imports.get(view.attributes(object).number(Attribute.IMPORTED, 0));
    }

    /** When the store came to know what happened to {@code object} at {@code timeNs}. */
    long knownNs(long object, long timeNs) {
        Session session = of(object);
        return session == null ? timeNs : session.startNs();
    }
}
