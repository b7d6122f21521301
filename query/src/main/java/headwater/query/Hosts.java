// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** In which session, and on which host, something was recorded. Immutable. */
final class Hosts {
    private final ImportedSessions imported;
    private final List<Session> sessions;
    private final String[] names;

    Hosts(GraphView view) {
        imported = new ImportedSessions(view);
        sessions = view.sessions().stream().filter(session -> !session.isImported()).toList();
        names = new String[sessions.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = name(view, sessions.get(i));
        }
    }

    private static String name(GraphView view, Session session) {
        String name = null;
        for (long object : view.find(Attribute.BOOT_ID, session.bootId().getBytes(StandardCharsets.UTF_8))) {
            byte[] nodename = view.kind(object) == NodeKind.MACHINE ? view.attributes(object).bytes(Attribute.NODENAME) : null;
            name = nodename == null ? name : Escapes.toText(nodename);
        }
        return name;
    }

    /** The session that had begun last at {@code timeNs}, or that imported {@code object}; null if none had. */
    Session session(long object, long timeNs) {
        Session importer = imported.of(object);
        if (importer != null) {
            return importer;
        }
        int index = index(timeNs);
        return index < 0 ? null : sessions.get(index);
    }

    /** The name of the host, null if it is not known, as of what was imported. */
    String host(long object, long timeNs) {
        int index = imported.of(object) == null ? index(timeNs) : -1;
        return index < 0 ? null : names[index];
    }

    private int index(long timeNs) {
        int low = 0;
        int high = sessions.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (sessions.get(middle).startNs() <= timeNs) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(high, sessions.isEmpty() ? -1 : 0);
    }
}
