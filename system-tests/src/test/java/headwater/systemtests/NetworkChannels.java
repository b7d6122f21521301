// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.fail;

import headwater.capture.BlindSpot;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Answer;
import headwater.query.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes over sockets with network addresses: to processes of this machine, and beyond the recorded ones. */
final class NetworkChannels {
    private NetworkChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                IpcChannels.joined("tcp4", "TCP on IPv4", "a server that has accepted"),
                IpcChannels.joined("tcp4-before-accept", "TCP on IPv4, sent before accept(2)",
                        "the client has ended when it is accepted"),
                IpcChannels.joined("tcp4-from-server", "TCP on IPv4, an answer", "from the server to the client"),
                IpcChannels.joined("tcp6", "TCP on IPv6", "a server that has accepted"),
                IpcChannels.joined("tcp6-before-accept", "TCP on IPv6, sent before accept(2)",
                        "the client has ended when it is accepted"),
                IpcChannels.joined("udp4-connected", "UDP on IPv4, connected", "send(2), recv(2)"),
                IpcChannels.joined("udp4-sendto", "UDP on IPv4, sendto(2)", "the address in each call"),
                IpcChannels.joined("udp4-anonymous", "UDP on IPv4, read(2)", "the receiver does not ask who sent"),
                IpcChannels.joined("udp4-sendmsg", "UDP on IPv4, sendmsg(2)", "the address in the message"),
                IpcChannels.joined("udp4-sendmmsg", "UDP on IPv4, sendmmsg(2)", "two messages to one address"),
                IpcChannels.joined("udp4-sendmmsg-second", "UDP on IPv4, sendmmsg(2), two addresses",
                        "the secret is in the message to the second").unseen(BlindSpot.FURTHER_MESSAGES,
                        "sink comes from source", "second/sink comes from other"),
                IpcChannels.joined("udp6-connected", "UDP on IPv6, connected", "send(2), recv(2)"),
                IpcChannels.joined("udp6-sendto", "UDP on IPv6, sendto(2)", "the address in each call"),
                Scenario.of("remote-tcp", "TCP to another machine", "the report of the source lists the server",
                        "remote tcp source $TCP_PORT\n")
                        .expect("the report of source lists the TCP server", graph -> assertReached(graph, "TCP_PORT")),
                Scenario.of("remote-udp", "UDP to another machine", "the report of the source lists the server",
                        "remote udp source $UDP_PORT\n")
                        .expect("the report of source lists the UDP server", graph -> assertReached(graph, "UDP_PORT")),
                Scenario.of("remote-fetch", "TCP from another machine", "the server is an ancestor of what was fetched",
                        "remote fetch sink $TCP_PORT\n")
                        .expect("sink comes from the server", graph -> graph.assertFrom("sink", NodeKind.PACKET,
                                Attribute.REMOTE_ADDRESS, "127.0.0.1:" + graph.port("TCP_PORT"))));
    }

    private static void assertReached(RecordedGraph graph, String port) {
        Answer report = graph.report("source");
        String address = "127.0.0.1:" + graph.port(port);
        GraphView view = graph.view();
        List<String> reached = new ArrayList<>();
        for (long node : report.reached()) {
            byte[] remote = view.attributes(view.object(node)).bytes(Attribute.REMOTE_ADDRESS);
            if (remote != null && new String(remote, StandardCharsets.UTF_8).equals(address)) {
                return;
            }
            reached.add(new Labels(view).of(view.object(node)));
        }
        fail("the report does not list " + address + ", but " + reached);
    }
}
