// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.KernelId;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Sockets: their addresses, and what goes from one to the other end. Between two sockets of this machine it is one
 * packet object for each direction, or nothing if they are UNIX sockets; a remote end is two, one that is sent to and
 * one that sends, so that what comes in is not taken for an echo.
 *
 * <p>The upper half of a socket's facts holds its family and type.
 */
final class SocketRecords {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int FAMILY_SHIFT = 32;
    private static final int TYPE_SHIFT = 48;
    private static final long NAME_MASK = 0xffffffffL;

    private record Remote(String address, int protocol, int network, boolean inbound) {
    }

    private final Versions versions;
    private final Participants participants;
    private final Map<Remote, Integer> remotes = new HashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();
    /** The packet object from one socket to another, by their handles. */
    private final LongIntMap packets = new LongIntMap();

    SocketRecords(Versions versions, Participants participants) {
        this.versions = versions;
        this.participants = participants;
    }

    boolean isUnixStream(int socket) {
        return family(socket) == AF_UNIX && (int) (versions.facts(socket) >>> TYPE_SHIFT) == SOCK_STREAM;
    }

    private int family(int socket) {
        return (int) (versions.facts(socket) >>> FAMILY_SHIFT) & 0xffff;
    }

    /** {@code OP_SEND_PEER}. */
    void sentToPeer(MemorySegment record, long at, long timeNs) {
        int task = participants.task(RecordLayout.task(record, at), timeNs);
        int from = participants.socket(RecordLayout.from(record, at), timeNs);
        int to = participants.socket(RecordLayout.object(record, at), timeNs);
        if (from == to) {
            return;
        }
        int family = family(from) == 0 ? family(to) : family(from);
        if (family != AF_INET && family != AF_INET6) {
            versions.flow(Relation.RECEIVE_UNIX, from, to, timeNs, task, 0, -1);
            return;
        }
        long pair = (long) from << 32 | to;
        int packet = packets.get(pair);
        if (packet < 0) {
            packet = versions.create(NodeKind.PACKET, timeNs);
            packets.put(pair, packet);
        }
        versions.flow(Relation.SEND_PACKET, from, packet, timeNs, task, 0, -1);
        versions.flow(Relation.RECEIVE_PACKET, packet, to, timeNs, task, 0, -1);
    }

    /** {@code OP_ACCEPT_EARLY}. */
    void tookOver(MemorySegment record, long at, long timeNs) {
        int task = participants.task(RecordLayout.task(record, at), timeNs);
        int connection = participants.socket(RecordLayout.from(record, at), timeNs);
        int socket = participants.socket(RecordLayout.object(record, at), timeNs);
        versions.flow(Relation.ACCEPT_SOCKET, connection, socket, timeNs, task, 0, -1);
    }

    /** {@code OP_SEND_REMOTE}. */
    void sentAway(MemorySegment record, long at, long timeNs) {
        int task = participants.task(RecordLayout.task(record, at), timeNs);
        int socket = participants.socket(RecordLayout.from(record, at), timeNs);
        int remote = participants.remote(RecordLayout.object(record, at), timeNs);
        versions.flow(Relation.SEND_PACKET, socket, remote, timeNs, task, 0, -1);
    }

    /** {@code OP_RECEIVE_REMOTE}. */
    void cameIn(MemorySegment record, long at, long timeNs) {
        int task = participants.task(RecordLayout.task(record, at), timeNs);
        int remote = participants.remote(RecordLayout.from(record, at), timeNs);
        int socket = participants.socket(RecordLayout.object(record, at), timeNs);
        versions.flow(Relation.RECEIVE_PACKET, remote, socket, timeNs, task, 0, -1);
    }

    /** {@link RecordType#REMOTE}; {@code arg} is 1 if the object stands for what came from there. */
    void remote(MemorySegment record, long at, long timeNs) {
        long id = RecordLayout.object(record, at);
        int known = participants.known(id);
        if (known >= 0 && versions.kind(known) != NodeKind.PACKET) {
            throw new MalformedRecordException("remote end introduced under the id of another kind: id="
                    + KernelId.text(id) + ", kind=" + versions.kind(known).text());
        }
        int protocol = RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_PROTOCOL);
        String address = remoteText(record, at);
        Remote key = new Remote(address, protocol, RecordLayout.intAt(record, at, RecordLayout.ADDRESS_NETNS),
                RecordLayout.arg(record, at) != 0);
        Integer same = remotes.get(key);
        int handle = known >= 0 ? known : same != null ? same : versions.create(NodeKind.PACKET, timeNs);
        participants.introduce(id, handle);
        if (same != null && same == handle) {
            return;
        }
        remotes.put(key, handle);
        versions.attribute(handle, Attribute.REMOTE_ADDRESS, address, timeNs);
        versions.attribute(handle, Attribute.PROTOCOL, protocol, timeNs);
    }

    /**
     * {@link RecordType#ADDRESS}: what a socket calls itself and the other end; {@code op} tells the call that made it
     * so.
     */
    void addressed(MemorySegment record, long at, long timeNs) {
        int pathBytes = RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_PATH_BYTES);
        if (pathBytes > RecordLayout.ADDRESS_BYTES - RecordLayout.ADDRESS_PATH) {
            throw new MalformedRecordException("socket path runs over its record: pathBytes=" + pathBytes);
        }
        int op = RecordLayout.op(record, at);
        int socket = participants.socket(RecordLayout.object(record, at), timeNs);
        int family = RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_FAMILY);
        int type = RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_SOCKET_TYPE);
        versions.facts(socket, versions.facts(socket) & NAME_MASK | (long) family << FAMILY_SHIFT
                | (long) type << TYPE_SHIFT);
        versions.attribute(socket, Attribute.FAMILY, family, timeNs);
        versions.attribute(socket, Attribute.SOCKET_TYPE, type, timeNs);
        versions.attribute(socket, Attribute.PROTOCOL,
                RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_PROTOCOL), timeNs);
        versions.attribute(socket, Attribute.NETNS,
                RecordLayout.intAt(record, at, RecordLayout.ADDRESS_NETNS) & 0xffffffffL, timeNs);
        boolean inet = family == AF_INET || family == AF_INET6;
        String local = inet ? localText(record, at) : Addresses.unix(PathText.bytes(record,
                at + RecordLayout.ADDRESS_PATH, pathBytes));
        String remote = inet ? remoteText(record, at) : "";
        if (!local.isEmpty()) {
            versions.attribute(socket, Attribute.LOCAL_ADDRESS, local, timeNs);
        }
        if (!remote.isEmpty()) {
            versions.attribute(socket, Attribute.REMOTE_ADDRESS, remote, timeNs);
        }
        if (op == FlowOp.BIND && !local.isEmpty()) {
            addressNode(Attribute.LOCAL_ADDRESS, local, family, socket, timeNs);
        } else if (op == FlowOp.CONNECT && !remote.isEmpty()) {
            addressNode(Attribute.REMOTE_ADDRESS, remote, family, socket, timeNs);
        }
    }

    private void addressNode(Attribute attribute, String text, int family, int socket, long timeNs) {
        String key = attribute.code() + " " + family + " " + text;
        Integer address = addresses.get(key);
        if (address == null) {
            address = versions.create(NodeKind.ADDRESS, timeNs);
            addresses.put(key, address);
            versions.attribute(address, attribute, text, timeNs);
            versions.attribute(address, Attribute.FAMILY, family, timeNs);
        }
        versions.flow(Relation.ADDRESSED, address, socket, timeNs, -1, 0, -1);
    }

    private static String localText(MemorySegment record, long at) {
        return text(record, at + RecordLayout.ADDRESS_LOCAL,
                RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_LOCAL_PORT));
    }

    private static String remoteText(MemorySegment record, long at) {
        return text(record, at + RecordLayout.ADDRESS_REMOTE,
                RecordLayout.shortAt(record, at, RecordLayout.ADDRESS_REMOTE_PORT));
    }

    private static String text(MemorySegment record, long at, int port) {
        byte[] address = new byte[16];
        MemorySegment.copy(record, ValueLayout.JAVA_BYTE, at, address, 0, address.length);
        return port == 0 && Addresses.isWildcard(address) ? "" : Addresses.inet(address, port);
    }
}
