// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertFalse;
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
                        "the secret is in the message to the second"),
                IpcChannels.joined("udp6-connected", "UDP on IPv6, connected", "send(2), recv(2)"),
                IpcChannels.joined("udp6-sendto", "UDP on IPv6, sendto(2)", "the address in each call"),
                apart("udp", "udp4-wildcard", "UDP on IPv4 to 0.0.0.0", "the receiver is bound to no address"),
                apart("udp", "udp6-wildcard", "UDP on IPv6 to ::", "the receiver is bound to no address"),
                apart("udp", "udp46-wildcard", "UDP on IPv4 to ::", "an IPv6 socket takes what comes by IPv4"),
                apart("udp", "udp4-broadcast", "UDP on IPv4, broadcast", "to all on the loopback network"),
                apart("udp", "udp4-multicast", "UDP on IPv4, multicast", "to a group"),
                apart("udp", "udp6-multicast", "UDP on IPv6, multicast", "to a group"),
                apart("udp", "udp4-answer", "UDP on IPv4, an answer",
                        "to a socket that was never bound, and does not ask who sent"),
                apart("udp", "udp6-answer", "UDP on IPv6, an answer",
                        "to a socket that was never bound, and does not ask who sent"),
                apart("udp", "udp4-more", "UDP on IPv4, MSG_MORE", "one datagram of two calls"),
                apart("udp", "udp4-segments", "UDP on IPv4, UDP_SEGMENT", "many datagrams of one call"),
                apart("udp", "udp4-closed", "UDP on IPv4 to 0.0.0.0, after another socket",
                        "a closed socket had the very address"),
                apart("udp", "udp4-closed-connected", "UDP on IPv4, a server with a socket for one client",
                        "it is closed, and the client goes on to the socket for all"),
                withoutRemote(apart("tcp", "tcp4-send-to", "TCP on IPv4, sendto(2), recvfrom(2)",
                        "connected: the addresses mean nothing"), "203.0.113.9:9"),
                apart("tcp", "tcp4-fast-open", "TCP on IPv4, MSG_FASTOPEN", "sent with the call that connects"),
                apart("tcp", "tcp6-fast-open", "TCP on IPv6, MSG_FASTOPEN", "sent with the call that connects"),
                apart("tcp", "tcp4-zero-copy", "TCP on IPv4, MSG_ZEROCOPY", "sent out of the process's own pages"),
                apart("tcp", "tcp4-urgent", "TCP on IPv4, MSG_OOB", "one urgent byte"),
                apart("tcp", "tcp4-splice", "TCP on IPv4, splice(2)", "from a pipe into a socket, and out of one into a pipe"),
                apart("tcp", "tcp6-sendfile", "TCP on IPv6, sendfile(2)", "from a file into a socket"),
                apart("raw", "raw4", "raw sockets of IPv4", "a protocol of their own"),
                apart("raw", "raw6", "raw sockets of IPv6", "a protocol of their own"),
                apart("raw", "raw-taps-udp", "a raw socket of UDP", "takes what a UDP socket sends"),
                apart("raw", "ping4", "ICMP echo", "the bytes come back to the socket, and another process reads them"),
                apart("families", "frames", "AF_PACKET", "from packet socket to packet socket, by a device"),
                apart("families", "tapped", "AF_PACKET, a tap", "takes what a UDP socket sends off the device"),
                apart("families", "forged", "AF_PACKET, a datagram made by hand", "a UDP socket takes it")
                        .unseen(BlindSpot.FORGED_PACKETS, "sink comes from source", "second/sink comes from other"),
                apart("beyond", "netns-tcp4", "TCP on IPv4, two network namespaces", "joined by a veth pair"),
                apart("beyond", "netns-tcp6", "TCP on IPv6, two network namespaces", "joined by a veth pair"),
                apart("beyond", "netns-udp4", "UDP on IPv4, two network namespaces", "joined by a veth pair")
                        .unseen(BlindSpot.NAMESPACE_DATAGRAMS, "sink comes from source", "second/sink comes from other"),
                apart("beyond", "netns-udp6", "UDP on IPv6, two network namespaces", "joined by a veth pair")
                        .unseen(BlindSpot.NAMESPACE_DATAGRAMS, "sink comes from source", "second/sink comes from other"),
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

    /**
     * A child sends the source, its parent writes the sink; meanwhile another pair, of a run of its own before, does the same with
     * {@code other} into {@code second}.
     */
    static Scenario apart(String tester, String mode, String channel, String description) {
        return Scenario.of(mode, channel, description, """
                mkdir second
                (cd second; exec %1$s %2$s ../other sink)
                %1$s %2$s source sink
                """.formatted(tester, mode)).from("sink", "source").notFrom("sink", "other")
                .from("second/sink", "other").notFrom("second/sink", "source");
    }

    /** The remote end is neither where the source went nor where the sink comes from. */
    private static Scenario withoutRemote(Scenario scenario, String address) {
        return scenario.expect("no remote end is met", graph -> {
            for (long node : graph.report("source").reached()) {
                assertFalse(isRemote(graph, node, address), "source is said to have gone to " + address);
            }
            for (long node : graph.ancestors("sink").nodes()) {
                assertFalse(isRemote(graph, node, address), "sink is said to come from " + address);
            }
        });
    }

    private static boolean isRemote(RecordedGraph graph, long node, String address) {
        GraphView view = graph.view();
        byte[] remote = view.attributes(view.object(node)).bytes(Attribute.REMOTE_ADDRESS);
        return remote != null && new String(remote, StandardCharsets.UTF_8).equals(address);
    }

    private static void assertReached(RecordedGraph graph, String port) {
        Answer report = graph.report("source");
        String address = "127.0.0.1:" + graph.port(port);
        GraphView view = graph.view();
        List<String> reached = new ArrayList<>();
        for (long node : report.reached()) {
            if (isRemote(graph, node, address)) {
                return;
            }
            reached.add(new Labels(view).of(view.object(node)));
        }
        fail("the report does not list " + address + ", but " + reached);
    }
}
