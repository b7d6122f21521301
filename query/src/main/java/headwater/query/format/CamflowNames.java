// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.Session;

/**
 * Turns the numbers of a store into CamFlow's identities. An object's id is its number plus one, an edge's likewise
 * (CamFlow counts both from 1); boot and machine are those of the session in which the object appeared, so that every
 * version of it has the same; the epoch is the number of the session.
 */
final class CamflowNames {
    private final CamflowGraph graph;

    CamflowNames(CamflowGraph graph) {
        this.graph = graph;
    }

    static long id(long number) {
        return number + 1;
    }

    String node(long node) {
        long object = graph.object(node);
        if (graph.kind(object) == NodeKind.PACKET) {
            byte[] identity = graph.attributes(object).bytes(Attribute.PACKET_ID);
            if (identity != null && identity.length == CamflowId.PACKET_BYTES) {
                return CamflowId.ofPacket(NodeKind.PACKET.typeWord(), identity);
            }
        }
        Session birth = graph.birth(object);
        return CamflowId.ofNode(graph.kind(object).typeWord(), id(object), birth.bootNumber(), birth.machineId(),
                graph.version(node));
    }

    String edge(Edge edge) {
        Session session = graph.at(edge.timeNs());
        return CamflowId.ofRelation(edge.relation().typeWord(), id(edge.number()), session.bootNumber(),
                session.machineId());
    }
}
