// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Relation;

/** The two ends of a packet node, told apart by whether a socket here sent it. */
record Packet(String sender, String receiver) {
    static Packet of(GraphView view, long object, GraphView.Attributes a) {
        String local = CamflowAttributes.text(a, Attribute.LOCAL_ADDRESS);
        String remote = CamflowAttributes.text(a, Attribute.REMOTE_ADDRESS);
        boolean[] sent = {false};
        for (long node : view.versions(object)) {
            view.causes(node, (edge, relation, other, timeNs) -> {
                sent[0] |= relation == Relation.SEND_PACKET;
                return !sent[0];
            });
            if (sent[0]) {
                break;
            }
        }
        return sent[0] ? new Packet(local, remote) : new Packet(remote, local);
    }
}
