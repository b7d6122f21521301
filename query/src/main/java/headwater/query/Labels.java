// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;

/** What objects are called in front of people. One thread uses it; it remembers command lines. */
public final class Labels {
    /** After what a program calls what it told of: it may call it like anything. */
    private static final String DISCLOSED = " (disclosed)";

    private final GraphView view;
    private final CommandLines commandLines;

    public Labels(GraphView view) {
        this.view = view;
        this.commandLines = new CommandLines(view);
    }

    public CommandLines commandLines() {
        return commandLines;
    }

    /** A label for {@code object} on one line; never empty. */
    public String of(long object) {
        GraphView.Attributes attributes = view.attributes(object);
        NodeKind kind = view.kind(object);
        return switch (kind) {
            case TASK -> process(bytes(attributes, Attribute.NAME, Attribute.COMMAND), attributes, "task");
            case PROCESS_MEMORY -> {
                String commandLine = commandLines.of(object);
                yield process(commandLine.isEmpty() ? bytes(attributes, Attribute.NAME, Attribute.COMMAND)
                        : commandLine,
                        attributes, "process");
            }
            case SOCKET -> socket(object, attributes);
            case PACKET, ADDRESS -> address(object, attributes);
            case PATH -> named(kind, object, bytes(attributes, Attribute.PATHNAME, Attribute.NAME));
            case ARGV, ENVP, XATTR -> named(kind, object, bytes(attributes, Attribute.VALUE, Attribute.NAME));
            case STRING, DISC_ACTIVITY, DISC_AGENT, DISC_ENTITY -> named(kind, object, bytes(attributes, Attribute.VALUE, Attribute.VALUE))
                    + (attributes.number(Attribute.DISCLOSED_BY, -1) >= 0 ? DISCLOSED : "");
            case MACHINE -> named(kind, object, bytes(attributes, Attribute.NODENAME, Attribute.NAME));
            default -> named(kind, object, bytes(attributes, Attribute.NAME, Attribute.PATHNAME));
        };
    }

    /** {@code tcp}, {@code udp}, {@code unix}, or {@code socket} if it is not known. */
    public static String protocol(GraphView.Attributes attributes) {
        long family = attributes.number(Attribute.FAMILY, 0);
        if (family == 1) {
            return "unix";
        }
        return switch ((int) attributes.number(Attribute.PROTOCOL, 0)) {
            case 1 -> "icmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            default -> family == 16 ? "netlink" : "socket";
        };
    }

    private static String process(String what, GraphView.Attributes attributes, String otherwise) {
        long pid = attributes.number(Attribute.TGID, attributes.number(Attribute.PID, -1));
        return (what.isEmpty() ? otherwise : what) + (pid < 0 ? "" : " [" + pid + "]");
    }

    private static String socket(long object, GraphView.Attributes attributes) {
        String remote = bytes(attributes, Attribute.REMOTE_ADDRESS, Attribute.NAME);
        String local = bytes(attributes, Attribute.LOCAL_ADDRESS, Attribute.LOCAL_ADDRESS);
        if (remote.isEmpty() && local.isEmpty()) {
            return protocol(attributes) + " " + NodeId.of(object);
        }
        return protocol(attributes) + " " + local + (remote.isEmpty() ? "" : (local.isEmpty() ? "" : " ") + "→ "
                + remote);
    }

    private static String address(long object, GraphView.Attributes attributes) {
        String address = bytes(attributes, Attribute.REMOTE_ADDRESS, Attribute.LOCAL_ADDRESS);
        String protocol = protocol(attributes);
        return (protocol.equals("socket") ? "" : protocol + " ") + (address.isEmpty() ? NodeId.of(object) : address);
    }

    private static String named(NodeKind kind, long object, String name) {
        return name.isEmpty() ? kind.text() + " " + NodeId.of(object) : name;
    }

    private static String bytes(GraphView.Attributes attributes, Attribute first, Attribute second) {
        byte[] value = attributes.bytes(first);
        if (value == null || value.length == 0) {
            value = attributes.bytes(second);
        }
        return value == null ? "" : Escapes.toLine(value);
    }
}
