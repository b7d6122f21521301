// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Packets between sockets and the network. Each is an object of one version, under a name that its other end gives it too
 * ({@link PacketIdentityFormat}): sent once and received once by each socket. One that is sent or received again although all that
 * tells packets apart is the same is a copy, with a name of its own.
 */
final class PacketRecords {
    static final int TCP = 6;
    /** Packets that may still be on their way to another socket of this machine. */
    private static final int REMEMBERED = 1 << 16;
    /** Largest packets that Linux makes (BIG TCP, 512 KiB), by the smallest segments that IPv4 must take. */
    private static final int SEGMENTS_MAX = 1024;

    /** How often packets that are the same but for their copy were sent, and received by each socket: the number of the next copy. */
    private static final class Copies {
        private int sent;
        private int remembered;
        private final Map<Integer, Integer> received = new HashMap<>(2);
    }

    private record Passing(int packet, String first) {
    }

    private final Versions versions;
    private final Participants participants;
    private final PacketIdentityFormat identities = new PacketIdentityFormat();
    /** By the identity of the first copy, as long as any is remembered. */
    private final Map<String, Copies> copies = new HashMap<>();
    private final Map<String, Passing> passing = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Passing> eldest) {
            if (size() > REMEMBERED) {
                forget(eldest.getValue());
                return true;
            }
            return false;
        }
    };

    PacketRecords(Versions versions, Participants participants) {
        this.versions = versions;
        this.participants = participants;
    }

    /** {@link headwater.record.RecordType#PACKET}, and PACKET_CONTENT, which is longer. */
    void passed(MemorySegment record, long at, int lengthBytes, long timeNs) {
        int op = RecordLayout.op(record, at);
        if (op != FlowOp.SEND_PACKET && op != FlowOp.RECEIVE_PACKET) {
            throw new MalformedRecordException("packet by an unknown operation: op=" + op);
        }
        boolean sent = op == FlowOp.SEND_PACKET;
        long length = RecordLayout.arg(record, at) & 0xffffffffL;
        long segmentBytes = RecordLayout.intAt(record, at, RecordLayout.PACKET_SEGMENT_BYTES) & 0xffffffffL;
        long segments = segmentBytes == 0 ? 1 : Math.ceilDiv(length, segmentBytes);
        if (segments < 1 || segments > SEGMENTS_MAX) {
            throw new MalformedRecordException("packet of too many segments: bytes=" + length + ", segmentBytes=" + segmentBytes);
        }
        int captured = lengthBytes < RecordLayout.CONTENT ? 0 : captured(record, at, lengthBytes);
        int socket = participants.socket(RecordLayout.object(record, at), timeNs);
        for (int segment = 0; segment < segments; segment++) {
            byte[] identity = identities.of(record, at, segment);
            long bytes = segmentBytes == 0 ? length : Math.min(segmentBytes, length - segment * segmentBytes);
            if (sent) {
                send(record, at, identity, bytes, segment == 0 ? captured : 0, socket, timeNs);
            } else {
                receive(record, at, identity, bytes, segment == 0 ? captured : 0, socket, timeNs);
            }
        }
    }

    private static int captured(MemorySegment record, long at, int lengthBytes) {
        int captured = RecordLayout.intAt(record, at, RecordLayout.CONTENT_CAPTURED);
        if (captured < 0 || captured > lengthBytes - RecordLayout.CONTENT) {
            throw new MalformedRecordException("packet's content is longer than its record: captured=" + captured + ", lengthBytes="
                    + lengthBytes);
        }
        return captured;
    }

    private void send(MemorySegment record, long at, byte[] identity, long bytes, int captured, int socket, long timeNs) {
        String first = PacketIdentityFormat.key(identity);
        PacketIdentityFormat.copy(identity, copies.computeIfAbsent(first, key -> new Copies()).sent++);
        int packet = create(record, at, identity, first, bytes, captured, true, timeNs);
        versions.flow(Relation.SEND_PACKET, socket, packet, timeNs, -1, 0, -1);
    }

    private void receive(MemorySegment record, long at, byte[] identity, long bytes, int captured, int socket, long timeNs) {
        String first = PacketIdentityFormat.key(identity);
        int copy = copies.computeIfAbsent(first, key -> new Copies()).received.merge(socket, 1, Integer::sum) - 1;
        PacketIdentityFormat.copy(identity, copy);
        Passing known = passing.get(PacketIdentityFormat.key(identity));
        int packet = known == null ? create(record, at, identity, first, bytes, captured, false, timeNs) : known.packet;
        versions.flow(Relation.RECEIVE_PACKET, packet, socket, timeNs, -1, 0, -1);
    }

    private void forget(Passing packet) {
        versions.release(packet.packet);
        if (--copies.get(packet.first).remembered == 0) {
            copies.remove(packet.first);
        }
    }

    /** With what it carries; where both ends are recorded, of the end that is met first. */
    private int create(MemorySegment record, long at, byte[] identity, String first, long bytes, int captured, boolean sent, long timeNs) {
        int handle = versions.create(NodeKind.PACKET, timeNs);
        copies.get(first).remembered++;
        Passing before = passing.put(PacketIdentityFormat.key(identity), new Passing(handle, first));
        if (before != null) {
            forget(before);
        }
        String sender = address(record, at, RecordLayout.PACKET_SENDER, RecordLayout.PACKET_SENDER_PORT);
        String receiver = address(record, at, RecordLayout.PACKET_RECEIVER, RecordLayout.PACKET_RECEIVER_PORT);
        versions.attribute(handle, Attribute.PACKET_ID, MemorySegment.ofArray(identity), 0, identity.length, timeNs);
        versions.attribute(handle, Attribute.LOCAL_ADDRESS, sent ? sender : receiver, timeNs);
        versions.attribute(handle, Attribute.REMOTE_ADDRESS, sent ? receiver : sender, timeNs);
        versions.attribute(handle, Attribute.PROTOCOL, RecordLayout.shortAt(record, at, RecordLayout.PACKET_PROTOCOL), timeNs);
        versions.attribute(handle, Attribute.NETNS,
                RecordLayout.intAt(record, at, RecordLayout.PACKET_NETNS) & 0xffffffffL, timeNs);
        versions.attribute(handle, Attribute.SIZE, bytes, timeNs);
        if (captured > 0) {
            content(record, at, captured, handle, timeNs);
        }
        return handle;
    }

    private void content(MemorySegment record, long at, int captured, int packet, long timeNs) {
        long length = RecordLayout.arg(record, at) & 0xffffffffL;
        int content = versions.create(NodeKind.PACKET_CONTENT, timeNs);
        versions.attribute(content, Attribute.VALUE, record, at + RecordLayout.CONTENT, captured, timeNs);
        versions.attribute(content, Attribute.SIZE, length, timeNs);
        if (captured < length) {
            versions.attribute(content, Attribute.TRUNCATED, 1, timeNs);
        }
        versions.flow(Relation.PACKET_CONTENT, content, packet, timeNs, -1, 0, -1);
        versions.release(content);
    }

    private static String address(MemorySegment record, long at, int address, int port) {
        byte[] bytes = new byte[16];
        MemorySegment.copy(record, ValueLayout.JAVA_BYTE, at + address, bytes, 0, bytes.length);
        return Addresses.inet(bytes, RecordLayout.shortAt(record, at, port));
    }
}
