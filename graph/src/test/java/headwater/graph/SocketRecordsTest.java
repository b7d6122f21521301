// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.record.FlowOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sockets of this machine and remote ends. */
class SocketRecordsTest {
    private static final int SOCKET = 0140777;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final byte[] LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};

    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0,
            PathProbe.NONE);
    private final Records records = new Records(builder);

    private void twoSockets() {
        records.task(1, 2, 0, 0, 100, 0);
        records.inode(3, 30, SOCKET);
        records.inode(4, 40, SOCKET);
    }

    @Test
    void unixSocketsPassOnDirectly() {
        twoSockets();
        records.address(3, FlowOp.SEND, AF_UNIX, 1, "");
        records.flow(FlowOp.CONNECT, 2, 3, 1);
        records.flow(FlowOp.SEND_PEER, 3, 4, 1);
        assertEquals(List.of("memory_read process_memory1.0 task0.0", "connect_unix_stream task0.0 socket2.0",
                "receive_unix socket2.0 socket3.0"), graph.drawn());
    }

    @Test
    void inetSocketsOfOneMachinePassOnByOnePacketObjectForEachDirection() {
        twoSockets();
        records.address(3, FlowOp.SEND, AF_INET, LOOPBACK, 40000, LOOPBACK, 80);
        records.flow(FlowOp.SEND_PEER, 3, 4, 1);
        records.flow(FlowOp.SEND_PEER, 4, 3, 1);
        records.flow(FlowOp.SEND_PEER, 3, 4, 1);
        assertEquals(2, graph.kinds.stream().filter(kind -> kind == NodeKind.PACKET).count());
        assertEquals("127.0.0.1:40000", graph.attributes.get(2).get(Attribute.LOCAL_ADDRESS));
        graph.assertAcyclic();
    }

    @Test
    void whatIsSentToARemoteEndDoesNotComeBack() {
        twoSockets();
        records.remote(5, false, LOOPBACK, 443);
        records.remote(6, true, LOOPBACK, 443);
        records.flow(FlowOp.SEND_REMOTE, 3, 5, 1);
        records.flow(FlowOp.RECEIVE_REMOTE, 6, 4, 1);
        assertEquals(List.of("send_packet socket2.0 packet4.0", "receive_packet packet5.0 socket3.0"), graph.drawn());
        assertEquals("127.0.0.1:443", graph.attributes.get(4).get(Attribute.REMOTE_ADDRESS));
        int node = graph.newestNode.get(3);
        assertFalse(graph.ancestors(node, graph.edges.size()).get(2));
    }

    @Test
    void aRemoteEndThatIsMetAgainIsTheSame() {
        twoSockets();
        records.remote(5, true, LOOPBACK, 443);
        records.remote(6, true, LOOPBACK, 443);
        records.remote(7, true, LOOPBACK, 444);
        assertEquals(builder.objectOf(5), builder.objectOf(6));
        assertTrue(builder.objectOf(5) != builder.objectOf(7));
    }

    @Test
    void anAcceptedSocketComesFromTheListeningOne() {
        twoSockets();
        records.flow(FlowOp.ACCEPT, 4, 2, 1, 3, 0);
        assertEquals(List.of("accept_socket socket2.0 socket3.0", "accept socket3.0 task0.0",
                "memory_write task0.0 process_memory1.0"), graph.drawn());
    }

    @Test
    void bindingAndConnectingShowTheAddress() {
        twoSockets();
        records.address(3, FlowOp.CONNECT, AF_INET, LOOPBACK, 40000, LOOPBACK, 80);
        records.address(4, FlowOp.BIND, AF_UNIX, 1, "\0bus");
        assertEquals(List.of("addressed address4.0 socket2.0", "addressed address5.0 socket3.0"), graph.drawn());
        assertEquals("127.0.0.1:80", graph.attributes.get(4).get(Attribute.REMOTE_ADDRESS));
        assertEquals("@bus", graph.attributes.get(5).get(Attribute.LOCAL_ADDRESS));
    }
}
