// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.FrontEnd;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Answer;
import headwater.query.Labels;
import java.util.ArrayList;
import java.util.List;

/** Bytes from one process to another: pipes, and sockets of this machine and beyond the recorded tree. */
final class IpcChannels {
    private IpcChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (String mode : List.of("pipe", "pipe-blocked", "splice-blocked", "socketpair", "socketpair-blocked",
                "socketpair-datagram", "unix-stream", "unix-stream-before-accept", "unix-abstract", "unix-datagram",
                "unix-datagram-unconnected", "tcp4", "tcp4-before-accept", "tcp4-from-server", "tcp6", "tcp6-before-accept",
                "udp4-connected", "udp4-sendto", "udp4-anonymous", "udp4-sendmsg", "udp4-sendmmsg", "udp6-connected",
                "udp6-sendto")) {
            all.add(joined(mode));
        }
        String unnamed = "a path in a datagram's address is resolved by the kernel alone, and no tracepoint tells to what";
        all.stream().filter(scenario -> scenario.name().equals("conduit-unix-datagram-unconnected")).findFirst().orElseThrow()
                .unseenBy(FrontEnd.TRACE, "sink comes from source", unnamed)
                .unseenBy(FrontEnd.TRACE, "second/sink comes from other", unnamed);
        all.add(Scenario.of("fifo", """
                mkfifo fifo
                cat source >fifo &
                cat fifo >sink
                wait
                """).from("sink", "source"));
        all.add(Scenario.of("terminal", """
                cat other >aside
                script -q -c 'cat aside' second </dev/null >/dev/null
                script -q -c 'cat source' sink </dev/null >/dev/null
                """).from("sink", "source").notFrom("sink", "other", "aside").from("second", "other"));
        all.add(Scenario.of("pipeline", """
                cat other >aside
                cat source | tr a-z A-Z | sort | cat >sink
                """).from("sink", "source").notFrom("sink", "other"));
        all.add(Scenario.of("remote-tcp", "remote tcp source $TCP_PORT\n")
                .expect("the report of source lists the TCP server", graph -> assertReached(graph, "TCP_PORT")));
        all.add(Scenario.of("remote-udp", "remote udp source $UDP_PORT\n")
                .expect("the report of source lists the UDP server", graph -> assertReached(graph, "UDP_PORT")));
        all.add(Scenario.of("remote-fetch", "remote fetch sink $TCP_PORT\n")
                .expect("sink comes from the server", graph -> graph.assertFrom("sink", NodeKind.PACKET,
                        Attribute.REMOTE_ADDRESS, "127.0.0.1:" + graph.port("TCP_PORT"))));
        return all;
    }

    /** Two transfers of the same kind at once: each sink has its own source only. */
    private static Scenario joined(String mode) {
        return Scenario.of("conduit-" + mode, """
                mkdir second
                (cd second; exec conduit %1$s ../other sink) &
                conduit %1$s source sink
                wait $!
                """.formatted(mode)).from("sink", "source").notFrom("sink", "other")
                .from("second/sink", "other").notFrom("second/sink", "source");
    }

    private static void assertReached(RecordedGraph graph, String port) {
        Answer report = graph.report("source");
        String address = "127.0.0.1:" + graph.port(port);
        GraphView view = graph.view();
        List<String> reached = new ArrayList<>();
        for (long node : report.reached()) {
            byte[] remote = view.attributes(view.object(node)).bytes(Attribute.REMOTE_ADDRESS);
            if (remote != null && new String(remote, java.nio.charset.StandardCharsets.UTF_8).equals(address)) {
                return;
            }
            reached.add(new Labels(view).of(view.object(node)));
        }
        org.junit.jupiter.api.Assertions.fail("the report does not list " + address + ", but " + reached);
    }
}
