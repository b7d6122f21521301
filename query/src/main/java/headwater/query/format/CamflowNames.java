// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.util.List;

/**
 * Turns the numbers of a store into CamFlow's identities. An object's id is its number plus one, an edge's likewise
 * (CamFlow counts both from 1); boot and machine are those of the session in which the object appeared, so that every
 * version of it has the same; the epoch is the number of the session.
 */
final class CamflowNames {
    private static final Session NONE = new Session(1, "", 1, 0, "", "", "", Long.MIN_VALUE, 0);

    private final GraphView view;
    private final List<Session> sessions;
    private final boolean oneBoot;

    CamflowNames(GraphView view) {
        this.view = view;
        this.sessions = view.sessions();
        this.oneBoot = sessions.stream().map(s -> (long) s.bootNumber() << 32 | s.machineId()).distinct().count() <= 1;
    }

    static long id(long number) {
        return number + 1;
    }

    String node(long node) {
        long object = view.object(node);
        if (view.kind(object) == NodeKind.PACKET) {
            byte[] identity = view.attributes(object).bytes(Attribute.PACKET_ID);
            if (identity != null && identity.length == CamflowId.PACKET_BYTES) {
                return CamflowId.ofPacket(NodeKind.PACKET.typeWord(), identity);
            }
        }
        Session birth = birth(object);
        return CamflowId.ofNode(view.kind(object).typeWord(), id(object), birth.bootNumber(), birth.machineId(),
                view.version(node));
    }

    String edge(Edge edge) {
        Session session = at(edge.timeNs());
        return CamflowId.ofRelation(edge.relation().typeWord(), id(edge.number()), session.bootNumber(),
                session.machineId());
    }

    Session birth(long object) {
        if (oneBoot) {
            return sessions.isEmpty() ? NONE : sessions.getFirst();
        }
        return at(view.timeNs(view.versions(object)[0]));
    }

    /** The session that ran at {@code timeNs}: the last that had started. */
    Session at(long timeNs) {
        for (int i = sessions.size() - 1; i >= 0; i--) {
            if (sessions.get(i).startNs() <= timeNs) {
                return sessions.get(i);
            }
        }
        return sessions.isEmpty() ? NONE : sessions.getFirst();
    }
}
