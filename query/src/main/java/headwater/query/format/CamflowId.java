// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * CamFlow's 32-byte identifier and its text, 44 characters of standard base64. All numbers are little-endian.
 *
 * <pre>
 *   0          8         16        20           24        28        32
 *   +----------+---------+---------+------------+---------+---------+
 *   | type (8) |  id (8) | boot (4)| machine (4)|version 4|  zero   |   a node
 *   +----------+---------+---------+------------+---------+---------+
 *   | type (8) |  id (8) | boot (4)| machine (4)|       zero        |   a relation
 *   +----------+---------+---------+------------+---------+---------+
 *   | type (8) |  what one packet carries itself (24)               |   a packet
 *   +----------+-----------------------------------------------------+
 * </pre>
 */
final class CamflowId {
    static final int LENGTH_BYTES = 32;
    /** What follows the type in a packet's identifier: {@code PACKET_ID}. */
    static final int PACKET_BYTES = 24;

    private CamflowId() {
    }

    static String ofNode(long type, long id, int boot, int machine, int version) {
        return encode(type, id, boot, machine, version);
    }

    static String ofRelation(long type, long id, int boot, int machine) {
        return encode(type, id, boot, machine, 0);
    }

    /** A packet: what it carries itself, and nothing of the machine that saw it. */
    static String ofPacket(long type, byte[] identity) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(type).put(identity);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static String encode(long type, long id, int boot, int machine, int version) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(type).putLong(id).putInt(boot).putInt(machine).putInt(version);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
