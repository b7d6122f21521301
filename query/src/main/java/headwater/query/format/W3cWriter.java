// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;

/** Writes the members of CamFlow's {@code format=w3c}: one for each node and edge. {@link W3cDocument} puts them into documents. */
final class W3cWriter {
    private final CamflowGraph graph;
    private final CamflowNames names;
    private final StringBuilder text;
    private final CamflowText out;
    private final CamflowAttributes attributes;

    W3cWriter(GraphView view, StringBuilder text) {
        this(CamflowGraph.of(view), text);
    }

    /** @param text to which all is appended; stays the caller's */
    W3cWriter(CamflowGraph graph, StringBuilder text) {
        this.graph = graph;
        this.names = new CamflowNames(graph);
        this.text = text;
        this.out = new CamflowText(text);
        this.attributes = new CamflowAttributes(graph, out, "cf:");
    }

    /** Appends one member of a node section: the id, then the attributes. */
    void node(long node) {
        long object = graph.object(node);
        NodeKind kind = graph.kind(object);
        GraphView.Attributes a = graph.attributes(object);
        text.append("\"cf:").append(names.node(node)).append("\":");
        out.open();
        if (kind == NodeKind.PACKET) {
            packet(node, object, a);
        } else {
            common(node, object, kind, a);
            if (kind == NodeKind.PROCESS_MEMORY || kind == NodeKind.TASK || kind.isInode()) {
                out.known("cf:name", CamflowAttributes.text(a, Attribute.NAME));
            }
            long teller = a.number(Attribute.DISCLOSED_BY, -1);
            if (teller >= 0) {
                out.raw("cf:hasParent", "\"cf:" + names.node(teller) + '"');
            }
            attributes.append(kind, a);
            if (kind == NodeKind.ADDRESS) {
                address(SocketAddress.of(a));
            } else {
                label(node, object, kind, a);
            }
        }
        out.close();
    }

    private void common(long node, long object, NodeKind kind, GraphView.Attributes a) {
        Session birth = graph.birth(object);
        long timeNs = graph.timeNs(node);
        out.uint64("cf:id", CamflowNames.id(object)).string("prov:type", kind.text())
                .uint32("cf:boot_id", birth.bootNumber()).machine(birth.machineId())
                .uint32("cf:version", graph.version(node)).date("cf:date", timeNs)
                .hex64("cf:taint", a.number(Attribute.TAINT, 0)).jiffies("cf:jiffies", timeNs).uint32("cf:epoch", graph.at(timeNs).number() & 0xff);
    }

    /**
     * A packet node that stands for many packets has no header to take an id from: the object's number is the id.
     */
    private void packet(long node, long object, GraphView.Attributes a) {
        Packet packet = Packet.of(graph, node, object, a);
        out.uint32("cf:id", packet.id()).uint32("cf:seq", packet.sequence()).string("cf:sender", packet.sender())
                .string("cf:receiver", packet.receiver()).string("prov:type", NodeKind.PACKET.text())
                .hex64("cf:taint", 0).jiffies("cf:jiffies", graph.timeNs(node))
                .uint32("cf:len", a.number(Attribute.SIZE, 0))
                .string("prov:label", "[packet] " + packet.sender() + "->" + packet.receiver() + " (" + packet.id() + ")");
    }

    private void label(long node, long object, NodeKind kind, GraphView.Attributes a) {
        String label = switch (kind) {
            case PROCESS_MEMORY -> "[process] " + graph.version(node);
            case TASK, INODE_UNKNOWN, LINK, FILE, DIRECTORY, CHAR, BLOCK, PIPE, SOCKET ->
                    "[" + kind.text() + "] " + graph.version(node);
            case IATTR -> "[iattr] " + CamflowNames.id(object);
            case XATTR -> "[xattr] " + CamflowAttributes.text(a, Attribute.NAME);
            case PACKET_CONTENT -> "[content] ";
            case STRING -> "[log] " + CamflowAttributes.text(a, Attribute.VALUE);
            case PATH -> "[path] " + CamflowAttributes.text(a, Attribute.PATHNAME);
            case ARGV -> "[argv] " + CamflowAttributes.text(a, Attribute.VALUE);
            case ENVP -> "[envp] " + CamflowAttributes.text(a, Attribute.VALUE);
            case DISC_ACTIVITY, DISC_AGENT, DISC_ENTITY -> "[disclosed] " + CamflowAttributes.text(a, Attribute.VALUE);
            case MACHINE, MSG, SHM, SB, ADDRESS, PACKET, KEY, SEM, BPF_MAP, KERNEL_DATA, ACTIVITY, ENTITY, AGENT, STATEMENTS -> "";
        };
        out.known("prov:label", label);
    }

    private void address(SocketAddress address) {
        StringBuilder object = new StringBuilder("{\"type\":");
        String label;
        if (address.isInternet()) {
            boolean six = address.family() == SocketAddress.INET6;
            object.append(six ? "\"AF_INET6\"" : "\"AF_INET\"").append(", \"host\":");
            CamflowText.quote(object, address.host());
            object.append(", \"service\":");
            CamflowText.quote(object, address.service());
            label = (six ? "IPV6 " : "IPV4 ") + address.host() + " (" + address.service() + ")";
        } else if (address.family() == SocketAddress.UNIX) {
            object.append("\"AF_UNIX\", \"path\":");
            CamflowText.quote(object, address.host());
            label = "UNIX " + address.host();
        } else {
            object.append(address.family())
                    .append(", \"host\":\"could not resolve\", \"service\":\"could not resolve\", "
                    + "\"error\":\"ai_family not supported\"");
            label = address.family() + " could not resolve (ai_family not supported)";
        }
        out.raw("cf:address", object.append('}').toString()).string("prov:label", "[address] " + label);
    }

    /** Appends one member of an edge section. */
    void edge(Edge edge) {
        Relation relation = edge.relation();
        Session session = graph.at(edge.timeNs());
        text.append("\"cf:").append(names.edge(edge)).append("\":");
        out.open();
        out.uint64("cf:id", CamflowNames.id(edge.number())).string("prov:type", relation.text())
                .uint32("cf:boot_id", session.bootNumber()).machine(session.machineId()).date("cf:date", edge.timeNs())
                .jiffies("cf:jiffies", edge.timeNs()).uint32("cf:epoch", session.number())
                .string("prov:label", relation.text()).bool("cf:allowed", true)
                .raw(relation.relationClass().causeKey(), "\"cf:" + names.node(edge.cause()) + '"')
                .raw(relation.relationClass().effectKey(), "\"cf:" + names.node(edge.effect()) + '"');
        attributes.offset(edge, "cf:offset");
        out.hex64("cf:flags", edge.flags());
        out.uint64("cf:task_id", edge.task() < 0 ? 0 : CamflowNames.id(graph.object(edge.task())));
        out.close();
    }
}
