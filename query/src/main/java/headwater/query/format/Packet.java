// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Relation;
import java.nio.ByteBuffer;

/**
 * The two ends of a packet node, told apart by whether a socket here sent it, and what tells it from others.
 *
 * @param id of one packet, the number in its IPv4 header; else the object's
 * @param sequence of one packet, TCP's or a digest; else the version
 */
record Packet(String sender, String receiver, long id, long sequence) {
    private static final int SEQUENCE = 20;

    static Packet of(GraphView view, long node, long object, GraphView.Attributes a) {
        byte[] identity = a.bytes(Attribute.PACKET_ID);
        boolean one = identity != null && identity.length == CamflowId.PACKET_BYTES;
        ByteBuffer numbers = one ? ByteBuffer.wrap(identity) : null;
        long id = one ? numbers.getShort(0) & 0xffff : CamflowNames.id(object);
        long sequence = one ? numbers.getInt(SEQUENCE) & 0xffffffffL : view.version(node);
        String local = CamflowAttributes.text(a, Attribute.LOCAL_ADDRESS);
        String remote = CamflowAttributes.text(a, Attribute.REMOTE_ADDRESS);
        boolean[] sent = {false};
        for (long any : view.versions(object)) {
            view.causes(any, (edge, relation, other, timeNs) -> {
                sent[0] |= relation == Relation.SEND_PACKET;
                return !sent[0];
            });
            if (sent[0]) {
                break;
            }
        }
        return sent[0] ? new Packet(local, remote, id, sequence) : new Packet(remote, local, id, sequence);
    }
}
