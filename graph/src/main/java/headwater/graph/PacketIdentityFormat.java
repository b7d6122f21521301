// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a packet is called, the same at both of its ends: the last 24 bytes of CamFlow 0.9.0's identifier (the first eight say that
 * it is a packet). Bytes of headers in the order of the network, {@code copy} in the order of CamFlow's machines.
 *
 * <pre>
 *         0    2      4          8           12      14      16         17        20         24
 *         +----+------+----------+-----------+-------+-------+----------+---------+----------+
 *   IPv4  | id | copy | sender   | receiver  | sport | dport | protocol |    0    | sequence |
 *         +----+------+----------+-----------+-------+-------+----------+---------+----------+
 *   IPv6  | 0  | copy | first 12 bytes of SHA-256          | protocol | 6, 0, 0 | sequence |
 *         +----+------+------------------------------------+----------+---------+----------+
 * </pre>
 *
 * The SHA-256 is of sender, receiver (16 bytes each), ports and flow label (4 bytes). {@code sequence} is TCP's number; of other
 * protocols, for which CamFlow has 0, FNV-1a (32 bits) of the first 32 bytes carried and of their number. {@code copy}, for
 * which CamFlow has 0, counts packets that are the same in all this.
 */
final class PacketIdentityFormat {
    static final int LENGTH_BYTES = 24;
    private static final int COPY = 2;
    private static final int ADDRESSES = 4;
    private static final int PROTOCOL = 16;
    private static final int VERSION = 17;
    private static final int SEQUENCE = 20;
    private static final int DIGEST_BYTES = 12;

    private final MessageDigest sha256;

    PacketIdentityFormat() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The identity of the packet's {@code segment}-th segment, counting from 0; its copy 0. */
    byte[] of(MemorySegment record, long at, int segment) {
        ByteBuffer identity = ByteBuffer.allocate(LENGTH_BYTES);
        byte[] sender = bytes(record, at + RecordLayout.PACKET_SENDER, 16);
        byte[] receiver = bytes(record, at + RecordLayout.PACKET_RECEIVER, 16);
        short senderPort = (short) RecordLayout.shortAt(record, at, RecordLayout.PACKET_SENDER_PORT);
        short receiverPort = (short) RecordLayout.shortAt(record, at, RecordLayout.PACKET_RECEIVER_PORT);
        int protocol = RecordLayout.shortAt(record, at, RecordLayout.PACKET_PROTOCOL);
        int sequence = RecordLayout.intAt(record, at, RecordLayout.PACKET_SEQUENCE);
        if (protocol == PacketRecords.TCP) {
            sequence += segment * RecordLayout.intAt(record, at, RecordLayout.PACKET_SEGMENT_BYTES);
        }
        if (Addresses.isMapped(sender)) {
            identity.putShort((short) (RecordLayout.shortAt(record, at, RecordLayout.PACKET_ID) + segment)).putShort((short) 0);
            identity.put(sender, 12, 4).put(receiver, 12, 4).putShort(senderPort).putShort(receiverPort);
        } else {
            ByteBuffer header = ByteBuffer.allocate(40);
            header.put(sender).put(receiver).putShort(senderPort).putShort(receiverPort);
            header.putInt(RecordLayout.intAt(record, at, RecordLayout.PACKET_FLOW_LABEL));
            identity.put(ADDRESSES, sha256.digest(header.array()), 0, DIGEST_BYTES);
            identity.put(VERSION, (byte) 6);
        }
        identity.put(PROTOCOL, (byte) protocol).putInt(SEQUENCE, sequence);
        return identity.array();
    }

    /** Makes it that of the {@code copy}-th packet that is the same in all else, counting from 0; modulo 65,536. */
    static void copy(byte[] identity, int copy) {
        identity[COPY] = (byte) copy;
        identity[COPY + 1] = (byte) (copy >> 8);
    }

    /** As the key of a map. */
    static String key(byte[] identity) {
        return new String(identity, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(MemorySegment record, long at, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(record, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
        return bytes;
    }
}
