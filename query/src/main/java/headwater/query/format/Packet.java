// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import java.nio.ByteBuffer;

/**
 * The two ends of a packet node, told apart by whether a socket here sent it, and what tells it from others.
 *
 * @param id of one packet, the number in its IPv4 header; else the object's
 * @param sequence of one packet, TCP's or a digest; else the version
 */
record Packet(String sender, String receiver, long id, long sequence) {
    private static final int SEQUENCE = 20;

    static Packet of(CamflowGraph graph, long node, long object, GraphView.Attributes a) {
        byte[] identity = a.bytes(Attribute.PACKET_ID);
        boolean one = identity != null && identity.length == CamflowId.PACKET_BYTES;
        ByteBuffer numbers = one ? ByteBuffer.wrap(identity) : null;
        long id = one ? numbers.getShort(0) & 0xffff : CamflowNames.id(object);
        long sequence = one ? numbers.getInt(SEQUENCE) & 0xffffffffL : graph.version(node);
        String local = CamflowAttributes.text(a, Attribute.LOCAL_ADDRESS);
        String remote = CamflowAttributes.text(a, Attribute.REMOTE_ADDRESS);
        return graph.sent(object) ? new Packet(local, remote, id, sequence) : new Packet(remote, local, id, sequence);
    }
}
