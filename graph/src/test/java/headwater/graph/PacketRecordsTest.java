// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.record.FlowOp;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Packets: one object each, under the name that both ends give it. */
class PacketRecordsTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SOCKET = 0140777;
    private static final byte[] HERE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    private static final byte[] THERE = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 2};
    private static final byte[] HERE6 = {(byte) 0xfd, 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final byte[] THERE6 = {(byte) 0xfd, 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

    private final DrawnGraph graph = new DrawnGraph();
    private final Records records = records(graph);

    private static Records records(DrawnGraph graph) {
        Records records = new Records(new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0, PathProbe.NONE));
        records.inode(3, 30, SOCKET);
        records.inode(4, 40, SOCKET);
        return records;
    }

    private static List<String> identities(DrawnGraph graph) {
        return IntStream.range(0, graph.kinds.size()).filter(object -> graph.kinds.get(object) == NodeKind.PACKET)
                .mapToObj(object -> HexFormat.of().formatHex(
                        ((String) graph.attributes.get(object).get(Attribute.PACKET_ID)).getBytes(
                                java.nio.charset.StandardCharsets.ISO_8859_1))).toList();
    }

    @Test
    void hasCamflowsIdentity() {
        records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, TCP, 0x1234, 0x01020304, 100, 0);
        assertEquals(List.of("1234" + "0000" + "0a000001" + "0a000002" + "9c40" + "0050" + "06" + "000000" + "01020304"),
                identities(graph));
    }

    @Test
    void keepsWhatItCarriesOnce() {
        records.packetContent(FlowOp.SEND_PACKET, 3, HERE, THERE, 9, 100, "secret", 6);
        records.packetContent(FlowOp.RECEIVE_PACKET, 4, HERE, THERE, 9, 100, "secret", 6);
        assertEquals(List.of("packet_content packet_content3.0 packet2.0", "send_packet socket0.0 packet2.0",
                "receive_packet packet2.0 socket1.0"), graph.drawn());
        assertEquals("secret", graph.attributes.get(3).get(Attribute.VALUE));
        assertEquals(100L, graph.attributes.get(3).get(Attribute.SIZE));
        assertEquals(1L, graph.attributes.get(3).get(Attribute.TRUNCATED));
        graph.assertAcyclic();
    }

    @Test
    void refusesMoreContentThanItsRecordHas() {
        for (int captured : new int[] {7, -1, Integer.MAX_VALUE}) {
            assertThrows(MalformedRecordException.class,
                    () -> records.packetContent(FlowOp.SEND_PACKET, 3, HERE, THERE, 9, 100, "secret", captured));
        }
    }

    @Test
    void isOneNodeOnOneMachine() {
        records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, TCP, 7, 9, 100, 0);
        records.packet(FlowOp.RECEIVE_PACKET, 4, HERE, THERE, TCP, 7, 9, 100, 0);
        assertEquals(List.of("send_packet socket0.0 packet2.0", "receive_packet packet2.0 socket1.0"), graph.drawn());
    }

    @Test
    void hasOneNameOnTwoMachines() {
        DrawnGraph other = new DrawnGraph();
        Records otherRecords = records(other);
        records.packet(FlowOp.SEND_PACKET, 3, HERE6, THERE6, UDP, 0, 77, 100, 0);
        records.packet(FlowOp.SEND_PACKET, 3, HERE6, THERE6, UDP, 0, 78, 100, 0);
        otherRecords.packet(FlowOp.RECEIVE_PACKET, 3, HERE6, THERE6, UDP, 0, 77, 100, 0);
        otherRecords.packet(FlowOp.RECEIVE_PACKET, 3, HERE6, THERE6, UDP, 0, 78, 100, 0);
        assertEquals(identities(graph), identities(other));
        assertEquals(2, identities(graph).stream().distinct().count());
    }

    @Test
    void isManyIfTheNetworkTakesLess() {
        DrawnGraph other = new DrawnGraph();
        Records otherRecords = records(other);
        records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, TCP, 0xffff, 1000, 250, 100);
        otherRecords.packet(FlowOp.RECEIVE_PACKET, 3, HERE, THERE, TCP, 0xffff, 1000, 100, 0);
        otherRecords.packet(FlowOp.RECEIVE_PACKET, 3, HERE, THERE, TCP, 0, 1100, 150, 100);
        assertEquals(identities(graph), identities(other));
        assertEquals(3, identities(graph).size());
    }

    @Test
    void isACopyIfItIsSentAgain() {
        for (int i = 0; i < 3; i++) {
            records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, UDP, 0, 5, 10, 0);
        }
        for (int i = 0; i < 3; i++) {
            records.packet(FlowOp.RECEIVE_PACKET, 4, HERE, THERE, UDP, 0, 5, 10, 0);
        }
        assertEquals(3, identities(graph).stream().distinct().count());
        graph.assertAcyclic();
    }

    /** As a flood of them is: each is found at once, however many were before. */
    @Test
    void isToldFromManyCopies() {
        int copies = 70_000;
        records.inode(5, 50, SOCKET);
        for (int i = 0; i < copies; i++) {
            records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, UDP, 0, 5, 10, 0);
            records.packet(FlowOp.RECEIVE_PACKET, 4, HERE, THERE, UDP, 0, 5, 10, 0);
        }
        assertEquals(copies, identities(graph).size(), "none was made by receiving");
        assertEquals(1 << 16, identities(graph).stream().distinct().count());
        records.packet(FlowOp.RECEIVE_PACKET, 5, HERE, THERE, UDP, 0, 5, 10, 0);
        assertEquals(copies, identities(graph).size(), "another socket's first is one that was sent");
    }

    @Test
    void reachesAllSocketsOfAGroup() {
        records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, UDP, 0, 5, 10, 0);
        records.inode(5, 50, SOCKET);
        records.packet(FlowOp.RECEIVE_PACKET, 4, HERE, THERE, UDP, 0, 5, 10, 0);
        records.packet(FlowOp.RECEIVE_PACKET, 5, HERE, THERE, UDP, 0, 5, 10, 0);
        assertEquals(1, identities(graph).size());
        assertEquals(3, graph.drawn().size());
    }

    @Test
    void isRefusedWithMoreSegmentsThanThereCanBe() {
        assertThrows(MalformedRecordException.class,
                () -> records.packet(FlowOp.SEND_PACKET, 3, HERE, THERE, TCP, 1, 1, Integer.MAX_VALUE, 1));
        assertThrows(MalformedRecordException.class,
                () -> records.packet(FlowOp.READ, 3, HERE, THERE, TCP, 1, 1, 1, 0));
    }
}
