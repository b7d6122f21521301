// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Session;

/**
 * Writes vertices and edges for SPADE, one record on a line: CamFlow's {@code format=spade_json}, or the same in the words of SPADE's
 * reporter DSL ({@link #dsl}).
 */
public final class SpadeWriter {
    private final boolean dsl;
    private final CamflowGraph graph;
    private final CamflowNames names;
    private final StringBuilder text;
    private final CamflowText out;
    private final CamflowAttributes attributes;

    SpadeWriter(GraphView view, StringBuilder text) {
        this(CamflowGraph.of(view), text);
    }

    /** @param text to which all is appended; stays the caller's */
    public SpadeWriter(CamflowGraph graph, StringBuilder text) {
        this(graph, text, false);
    }

    /**
     * For SPADE's reporter DSL: {@code type:Entity id:… key:value …} and {@code type:Used from:… to:… key:value …}.
     *
     * @param text to which all is appended; stays the caller's
     */
    public static SpadeWriter dsl(CamflowGraph graph, StringBuilder text) {
        return new SpadeWriter(graph, text, true);
    }

    private SpadeWriter(CamflowGraph graph, StringBuilder text, boolean dsl) {
        this.graph = graph;
        this.dsl = dsl;
        this.names = new CamflowNames(graph);
        this.text = text;
        this.out = dsl ? new SpadeDslText(text) : new CamflowText(text);
        this.attributes = new CamflowAttributes(graph, out, "");
    }

    /** Appends one vertex; of what was imported, all that was said of it. */
    public void vertex(long node) {
        long object = graph.object(node);
        NodeKind kind = graph.kind(object);
        ImportedStatements imported = graph.imported();
        if (imported != null && imported.of(object) != null) {
            imported.node(node).forEach(statement -> text.append(StatementText.spade(statement)).append('\n'));
            return;
        }
        if (kind == NodeKind.STATEMENTS) {
            return;
        }
        GraphView.Attributes a = graph.attributes(object);
        String type = kind.provClass().spadeType();
        if (dsl) {
            text.append("type:").append(type).append(" id:").append(names.node(node));
        } else {
            // CamFlow shows the machine to SPADE as an entity.
            text.append("{\"type\":\"").append(kind == NodeKind.MACHINE ? "Entity" : type).append("\",\"id\":\"")
                    .append(names.node(node)).append("\",\"annotations\": ");
        }
        out.open();
        if (kind == NodeKind.PACKET) {
            packet(node, object, a);
        } else {
            common(node, object, kind, a);
            long teller = a.number(Attribute.DISCLOSED_BY, -1);
            if (teller >= 0) {
                out.raw("hasParent", '"' + names.node(teller) + '"');
            }
            attributes.append(kind, a);
            if (kind == NodeKind.ADDRESS) {
                address(SocketAddress.of(a));
            }
        }
        out.close();
        text.append(dsl ? "\n" : "}\n");
    }

    private void common(long node, long object, NodeKind kind, GraphView.Attributes a) {
        Session birth = graph.birth(object);
        long timeNs = graph.timeNs(node);
        out.uint64("object_id", CamflowNames.id(object)).string("object_type", kind.text())
                .uint32("boot_id", birth.bootNumber()).machine(birth.machineId()).uint32("version", graph.version(node))
                .date("cf:date", timeNs);
        if (kind == NodeKind.PROCESS_MEMORY || kind == NodeKind.TASK || kind.isInode()) {
            out.known("cf:name", CamflowAttributes.text(a, Attribute.NAME));
        }
        out.hex64("cf:taint", a.number(Attribute.TAINT, 0)).jiffies("cf:jiffies", timeNs).uint32("cf:epoch", graph.at(timeNs).number() & 0xff);
    }

    private void packet(long node, long object, GraphView.Attributes a) {
        Packet packet = Packet.of(graph, node, object, a);
        out.string("object_type", NodeKind.PACKET.text()).date("cf:date", graph.timeNs(node))
                .uint32("packet_id", packet.id()).uint32("seq", packet.sequence())
                .string("sender", packet.sender()).string("receiver", packet.receiver())
                .jiffies("jiffies", graph.timeNs(node)).uint32("ih_len", a.number(Attribute.SIZE, 0));
    }

    private void address(SocketAddress address) {
        if (address.isInternet()) {
            out.string("type", address.family() == SocketAddress.INET6 ? "AF_INET6" : "AF_INET")
                    .string("host", address.host()).string("service", address.service());
        } else if (address.family() == SocketAddress.UNIX) {
            out.string("type", "AF_UNIX").string("path", address.host());
        } else {
            out.uint32("type", address.family()).string("host", "could not resolve")
                    .string("service", "could not resolve").string("error", "ai_family not supported");
        }
    }

    /** Appends one edge; SPADE's {@code from} is the effect, {@code to} the cause. */
    public void edge(Edge edge) {
        ImportedStatements imported = graph.imported();
        if (imported != null && imported.of(graph.object(edge.effect())) != null) {
            imported.edge(edge.number()).forEach(statement -> text.append(StatementText.spade(statement)).append('\n'));
            return;
        }
        Session session = graph.at(edge.timeNs());
        String type = edge.relation().relationClass().spadeType();
        if (dsl) {
            text.append("type:").append(fits(edge) ? type : "SimpleEdge").append(" from:").append(names.node(edge.effect()))
                    .append(" to:").append(names.node(edge.cause()));
        } else {
            text.append("{\"type\":\"").append(type).append("\",\"from\":\"").append(names.node(edge.effect()))
                    .append("\",\"to\":\"").append(names.node(edge.cause())).append("\",\"annotations\": ");
        }
        out.open();
        if (dsl) {
            out.string("cf:class", type);
        }
        out.raw("id", '"' + names.edge(edge) + '"').uint64("relation_id", CamflowNames.id(edge.number()))
                .string("relation_type", edge.relation().text()).uint32("boot_id", session.bootNumber())
                .machine(session.machineId()).date("cf:date", edge.timeNs()).uint32("epoch", session.number())
                .jiffies("jiffies", edge.timeNs()).bool("allowed", true);
        attributes.offset(edge, "offset");
        out.hex64("flags", edge.flags())
                .uint64("task_id", edge.task() < 0 ? 0 : CamflowNames.id(graph.object(edge.task())))
                .string("from_type", graph.kind(graph.object(edge.effect())).text())
                .string("to_type", graph.kind(graph.object(edge.cause())).text());
        out.close();
        text.append(dsl ? "\n" : "}\n");
    }

    /** True if SPADE's reporter DSL takes an edge of this class between nodes of these. */
    private boolean fits(Edge edge) {
        ProvClass effect = graph.kind(graph.object(edge.effect())).provClass();
        ProvClass cause = graph.kind(graph.object(edge.cause())).provClass();
        return switch (edge.relation().relationClass()) {
            case DERIVED -> effect == ProvClass.ENTITY && cause == ProvClass.ENTITY;
            case GENERATED -> effect == ProvClass.ENTITY && cause == ProvClass.ACTIVITY;
            case USED -> effect == ProvClass.ACTIVITY && cause == ProvClass.ENTITY;
            case INFORMED -> effect == ProvClass.ACTIVITY && cause == ProvClass.ACTIVITY;
            case ASSOCIATED -> effect == ProvClass.ACTIVITY && cause == ProvClass.AGENT;
            case INFLUENCED -> false;
        };
    }
}
