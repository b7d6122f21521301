// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.expression.Code;
import headwater.expression.Fields;
import headwater.expression.Type;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The fields of a node and of an edge, as filters, queries and whatever else asks of the graph name them. Each attribute of the model
 * is a field under its name in answers; beside them stands what is read from elsewhere, or means the same for several kinds.
 */
public final class GraphFields {
    /** Bit by bit, as {@link Attribute#MARKS} has them. */
    private static final List<String> MARKS = List.of("tracked", "opaque", "propagate", "record", "opaque_program");

    /** The fields of a node: of one version of an object. */
    public static final Fields<NodeCursor> NODE = node();
    /** The fields of an edge: of one flow from a cause to an effect. */
    public static final Fields<FlowCursor> FLOW = flow();

    private GraphFields() {
    }

    private static Fields<NodeCursor> node() {
        Fields<NodeCursor> fields = new Fields<>("a node");
        fields.with("kind", "such as file, task, process_memory, socket", Code.string(c -> c.kind().text()))
                .with("class", "PROV's: entity, activity, agent", Code.string(c -> c.kind().provClass().section()))
                .with("path", "of a file its newest, of a process its program's, of a path its text", Code.string(GraphFields::path))
                .with("basename", "the last name of path", Code.string(c -> {
                    String path = path(c);
                    return path == null ? null : path.substring(path.lastIndexOf('/') + 1);
                }))
                .with("names", "all paths that the object has had", Code.strings(GraphFields::names))
                .with("label", "what answers call it", Code.string(c -> c.facts().labels().of(c.object())))
                .with("command_line", "the arguments of a process", Code.string(GraphFields::commandLine))
                .with("id", "of the object, such as hw:41", Code.string(c -> NodeId.of(c.object())))
                .with("object", "its number", Code.number(Type.INT, NodeCursor::object))
                .with("version", "which version of the object, from 0", Code.number(Type.INT, c -> c.view().version(c.node())))
                .with("versions", "how many versions the object has", Code.number(Type.INT, c -> c.view().versions(c.object()).length))
                .with("time", "when this version came to be", Code.number(Type.TIME, c -> c.view().timeNs(c.node())))
                .with("session", "number of the session that recorded this version", Code.number(Type.INT, c -> {
                    Session session = c.facts().hosts().session(c.object(), c.view().timeNs(c.node()));
                    return session == null ? Code.UNKNOWN : session.number();
                }));
        attributes(fields);
        fields.with("pid", "process id, in the initial pid namespace", Code.number(Type.INT,
                c -> c.attributes().number(Attribute.TGID, c.attributes().number(Attribute.PID, Code.UNKNOWN))))
                .with("tid", "thread id, in the initial pid namespace", number(Attribute.PID, Type.INT))
                .with("user", "the name of uid on the machine that asks", Code.string(c -> {
                    long uid = c.attributes().number(Attribute.UID, -1);
                    return uid < 0 ? null : c.facts().users().name(uid);
                }))
                .with("host", "name of the host that recorded this version", Code.string(
                        c -> c.facts().hosts().host(c.object(), c.view().timeNs(c.node()))))
                .with("machine", "number of that host, as in CamFlow's machine_id", Code.number(Type.INT, c -> {
                    Session session = c.facts().hosts().session(c.object(), c.view().timeNs(c.node()));
                    return session == null ? Code.UNKNOWN : session.machineId();
                }))
                .with("address", "of a socket, packet or address the other end, else its own", Code.string(GraphFields::address))
                .with("port", "the port of address", Code.number(Type.INT, GraphFields::port))
                .with("transport", "tcp, udp, unix, icmp, netlink", Code.string(GraphFields::transport))
                .with("marks", "tracked, opaque, propagate, record: what a policy set", Code.strings(GraphFields::marks))
                .with("deleted", "the last name of the file is gone", Code.bool(c -> c.attributes().number(Attribute.DELETED, 0) != 0))
                .with("truncated", "its value or path was cut", Code.bool(c -> c.attributes().number(Attribute.TRUNCATED, 0) != 0))
                .with("disclosed", "a program told of it", Code.bool(c -> c.attributes().number(Attribute.DISCLOSED_BY, -1) >= 0))
                .with("disclosure", "what a program told of it, JSON", Code.string(c -> c.text(Attribute.DISCLOSED)));
        return fields;
    }

    private static void attributes(Fields<NodeCursor> fields) {
        for (Attribute attribute : Attribute.values()) {
            Code<NodeCursor> code = switch (attribute) {
                case STATEMENTS -> null;
                case STARTED, CREATED, DIGESTED, DIGESTED_CTIME -> number(attribute, Type.TIME);
                case INODE_KEY, PACKET_ID -> Code.string(c -> {
                    byte[] bytes = c.attributes().bytes(attribute);
                    return bytes == null ? null : HexFormat.of().formatHex(bytes);
                });
                default -> attribute.isBytes() ? Code.string(c -> c.text(attribute)) : number(attribute, Type.INT);
            };
            if (code != null) {
                fields.with(attribute.text(), "attribute", code);
            }
        }
    }

    private static Code<NodeCursor> number(Attribute attribute, Type type) {
        return Code.number(type, c -> c.attributes().number(attribute, Code.UNKNOWN));
    }

    private static Fields<FlowCursor> flow() {
        return new Fields<FlowCursor>("a flow")
                .with("relation", "such as read, write, exec", Code.string(c -> c.relation().text()))
                .with("class", "PROV's: used, wasGeneratedBy, wasDerivedFrom, wasInformedBy, …",
                        Code.string(c -> c.relation().relationClass().section()))
                .with("time", "when it flowed", Code.number(Type.TIME, FlowCursor::timeNs))
                .with("number", "rises with the order", Code.number(Type.INT, FlowCursor::edge))
                .with("flags", "as CamFlow keeps them: an access mask, …", Code.number(Type.INT, c -> c.whole().flags()))
                .with("offset", "the place in the file", Code.number(Type.INT, c -> c.whole().offset() < 0 ? Code.UNKNOWN
                        : c.whole().offset()))
                .with("version", "it joins a version to the next", Code.bool(c -> c.relation().isVersion()))
                .with("telling", "it takes no bytes", Code.bool(c -> c.relation().isTelling()))
                .with("disclosed", "a program told of it", Code.bool(c -> c.relation().isDisclosed()))
                .withThing("cause", "the node that it flows out of", () -> Code.thing(NODE, FlowCursor::cause))
                .withThing("effect", "the node that it flows into", () -> Code.thing(NODE, FlowCursor::effect))
                .withThing("task", "the task that did it", () -> Code.thing(NODE, FlowCursor::task));
    }

    /**
     * The objects of which a field may have this value, found by an index; others surely do not have it.
     *
     * @param value a String or a Long
     * @return null if there is no index for the field
     */
    static long[] lookup(GraphView view, String field, Object value) {
        if (value instanceof Long number) {
            return switch (field) {
                case "pid" -> both(view.find(Attribute.TGID, number), view.find(Attribute.PID, number));
                case "tid" -> view.find(Attribute.PID, number);
                case "tgid" -> view.find(Attribute.TGID, number);
                case "ino" -> view.find(Attribute.INO, number);
                case "object" -> number >= 0 && number < view.objects() && view.nextObject(number) == number ? new long[] {number} : new long[0];
                default -> null;
            };
        }
        if (!(value instanceof String text)) {
            return null;
        }
        byte[] bytes = Escapes.toBytes(text);
        return switch (field) {
            case "path", "names" -> field.equals("path") ? both(view.find(Attribute.NAME, bytes), view.find(Attribute.PATHNAME, bytes))
                    : NamedObjects.of(view, bytes);
            case "name" -> view.find(Attribute.NAME, bytes);
            case "pathname" -> view.find(Attribute.PATHNAME, bytes);
            case "cgroup" -> view.find(Attribute.CGROUP, bytes);
            case "container" -> view.find(Attribute.CONTAINER, bytes);
            case "fs_uuid" -> view.find(Attribute.FS_UUID, bytes);
            case "source_id" -> view.find(Attribute.SOURCE_ID, bytes);
            case "sha256" -> view.find(Attribute.SHA256, bytes);
            case "boot_id" -> view.find(Attribute.BOOT_ID, bytes);
            case "local_address" -> view.find(Attribute.LOCAL_ADDRESS, bytes);
            case "remote_address" -> view.find(Attribute.REMOTE_ADDRESS, bytes);
            case "address" -> both(view.find(Attribute.REMOTE_ADDRESS, bytes), view.find(Attribute.LOCAL_ADDRESS, bytes));
            case "id" -> id(view, text);
            default -> null;
        };
    }

    private static long[] id(GraphView view, String text) {
        try {
            return What.parse(text) instanceof What.Id id && id.version() < 0 && id.object() < view.objects()
                    && view.nextObject(id.object()) == id.object() ? new long[] {id.object()}
                    : new long[0];
        } catch (What.WrongWhatException e) {
            return new long[0];
        }
    }

    private static long[] both(long[] one, long[] other) {
        return LongStream.concat(Arrays.stream(one), Arrays.stream(other)).sorted().distinct().toArray();
    }

    private static String path(NodeCursor c) {
        String name = c.text(Attribute.NAME);
        return name == null ? c.text(Attribute.PATHNAME) : name;
    }

    private static String commandLine(NodeCursor c) {
        if (c.kind() != NodeKind.PROCESS_MEMORY) {
            return null;
        }
        String line = c.facts().labels().commandLines().of(c.object());
        return line.isEmpty() ? null : line;
    }

    private static List<String> names(NodeCursor c) {
        List<String> names = new ArrayList<>();
        for (long node : c.view().versions(c.object())) {
            c.view().causes(node, (edge, relation, other, timeNs) -> {
                if (relation == Relation.NAMED) {
                    byte[] name = c.view().attributes(c.view().object(other)).bytes(Attribute.PATHNAME);
                    String text = name == null ? null : Escapes.toText(name);
                    if (text != null && !names.contains(text)) {
                        names.add(text);
                    }
                }
                return true;
            });
        }
        String path = path(c);
        if (path != null && !names.contains(path)) {
            names.add(path);
        }
        return names;
    }

    private static String address(NodeCursor c) {
        String remote = c.text(Attribute.REMOTE_ADDRESS);
        return remote == null ? c.text(Attribute.LOCAL_ADDRESS) : remote;
    }

    private static long port(NodeCursor c) {
        String address = address(c);
        String digits = address == null ? "" : address.substring(address.lastIndexOf(':') + 1);
        return digits.matches("[0-9]{1,5}") && address.indexOf(':') >= 0 ? Long.parseLong(digits) : Code.UNKNOWN;
    }

    private static String transport(NodeCursor c) {
        return switch (c.kind()) {
            case SOCKET, PACKET, ADDRESS -> Labels.protocol(c.attributes());
            default -> null;
        };
    }

    private static List<String> marks(NodeCursor c) {
        long bits = c.attributes().number(Attribute.MARKS, 0);
        List<String> marks = new ArrayList<>();
        for (int i = 0; i < MARKS.size(); i++) {
            if ((bits >> i & 1) != 0) {
                marks.add(MARKS.get(i));
            }
        }
        return marks;
    }
}
