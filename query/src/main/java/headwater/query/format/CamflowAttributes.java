// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Escapes;
import java.util.Base64;
import java.util.List;

/**
 * The attributes of each kind of node, in CamFlow's order, which is the same in both of its formats; what differs is
 * the prefix of the keys. What Headwater does not capture (processor time, memory sizes, file times) stands as 0,
 * a security context that is not known is left out.
 */
final class CamflowAttributes {
    /** The version of CamFlow whose format this is. */
    private static final String KERNEL_VERSION = "0.9.0";
    private static final String LIBRARY_VERSION = "v0.5.5";
    private static final List<String> TASK_USAGE = List.of("utime", "stime", "vm", "rss", "hw_vm", "hw_rss", "rbytes",
            "wbytes", "cancel_wbytes");

    private final CamflowGraph graph;
    private final CamflowText out;
    private final String prefix;

    /**
     * @param prefix {@code cf:}, or nothing
     */
    CamflowAttributes(CamflowGraph graph, CamflowText out, String prefix) {
        this.graph = graph;
        this.out = out;
        this.prefix = prefix;
    }

    /** Appends all but the name and the label. */
    void append(NodeKind kind, GraphView.Attributes a) {
        switch (kind) {
            case TASK -> task(a);
            case PROCESS_MEMORY -> {
                owner(a);
                number("tgid", a, Attribute.TGID);
                out.known(prefix + "secctx", text(a, Attribute.SECCTX));
            }
            case INODE_UNKNOWN, LINK, FILE, DIRECTORY, CHAR, BLOCK, PIPE, SOCKET -> inode(a);
            case IATTR -> iattr(a);
            case XATTR -> xattr(a);
            case SHM -> out.hex32("cf:mode", a.number(Attribute.MODE, 0));
            case SB -> out.string("cf:uuid", uuid(a));
            case PATH -> out.known(prefix + "pathname", text(a, Attribute.PATHNAME));
            case ARGV, ENVP -> {
                out.known(prefix + "value", text(a, Attribute.VALUE));
                out.bool(prefix + "truncated", a.number(Attribute.TRUNCATED, 0) != 0);
            }
            case STRING -> out.known(prefix + "log", text(a, Attribute.VALUE));
            case PACKET_CONTENT -> content(a);
            case MACHINE -> machine(a);
            case DISC_ACTIVITY, DISC_AGENT, DISC_ENTITY -> DisclosedMembers.append(out, prefix, a.bytes(Attribute.DISCLOSED));
            case MSG, ADDRESS, PACKET, KEY, SEM, BPF_MAP, KERNEL_DATA, ACTIVITY, ENTITY, AGENT, STATEMENTS -> {
                // None, or written by each format in its own way.
            }
        }
    }

    /** The place of a flow in its file, and what was told of a relation that was told. */
    void offset(GraphView.Edge edge, String key) {
        boolean told = edge.relation().isDisclosed();
        if (edge.offset() >= 0 && !(told && (edge.flags() & DisclosedFlags.ATTRIBUTED) != 0)) {
            out.int64(key, edge.offset());
        }
        if (told) {
            disclosed(edge);
        }
    }

    private void disclosed(GraphView.Edge edge) {
        if ((edge.flags() & DisclosedFlags.EXHAUSTIVE) != 0) {
            out.bool(prefix + "only", true);
        }
        if ((edge.flags() & DisclosedFlags.ATTRIBUTED) != 0) {
            DisclosedMembers.append(out, prefix, graph.attributes(edge.offset()).bytes(Attribute.DISCLOSED));
        }
    }

    private void task(GraphView.Attributes a) {
        number("pid", a, Attribute.PID);
        number("vpid", a, Attribute.VPID);
        for (String usage : TASK_USAGE) {
            out.uint64(prefix + usage, 0);
        }
        number("utsns", a, Attribute.UTSNS);
        number("ipcns", a, Attribute.IPCNS);
        number("mntns", a, Attribute.MNTNS);
        number("pidns", a, Attribute.PIDNS);
        number("netns", a, Attribute.NETNS);
        number("cgroupns", a, Attribute.CGROUPNS);
    }

    private void owner(GraphView.Attributes a) {
        number("uid", a, Attribute.UID);
        number("gid", a, Attribute.GID);
    }

    private void inode(GraphView.Attributes a) {
        owner(a);
        out.hex32(prefix + "mode", a.number(Attribute.MODE, 0));
        number("ino", a, Attribute.INO);
        out.string(prefix + "uuid", uuid(a));
    }

    private void iattr(GraphView.Attributes a) {
        out.hex32(prefix + "valid", a.number(Attribute.VALID, 0));
        out.hex32(prefix + "mode", a.number(Attribute.MODE, 0));
        owner(a);
        out.int64(prefix + "size", a.number(Attribute.SIZE, 0));
        out.int64(prefix + "atime", 0).int64(prefix + "ctime", 0).int64(prefix + "mtime", 0);
    }

    private void xattr(GraphView.Attributes a) {
        out.known(prefix + "name", text(a, Attribute.NAME));
        if (a.number(Attribute.SIZE, 0) > 0) {
            number("size", a, Attribute.SIZE);
        }
    }

    private void content(GraphView.Attributes a) {
        byte[] content = a.bytes(Attribute.VALUE);
        byte[] known = content == null ? new byte[0] : content;
        out.string(prefix + "content", Base64.getEncoder().encodeToString(known));
        out.uint32(prefix + "length", a.number(Attribute.SIZE, known.length));
        out.bool(prefix + "truncated", a.number(Attribute.TRUNCATED, 0) != 0);
    }

    private void machine(GraphView.Attributes a) {
        out.known(prefix + "u_sysname", text(a, Attribute.SYSNAME));
        out.known(prefix + "u_nodename", text(a, Attribute.NODENAME));
        out.known(prefix + "u_release", text(a, Attribute.RELEASE));
        out.known(prefix + "u_version", text(a, Attribute.KERNEL_VERSION));
        out.known(prefix + "u_machine", text(a, Attribute.HARDWARE));
        out.known(prefix + "u_domainname", text(a, Attribute.DOMAINNAME));
        out.string(prefix + "k_version", KERNEL_VERSION);
        out.string(prefix + "l_version", LIBRARY_VERSION);
    }

    private void number(String key, GraphView.Attributes a, Attribute attribute) {
        out.uint32(prefix + key, a.number(attribute, 0));
    }

    /** The file system's UUID; where it has none, its device number stands in the last group. */
    private static String uuid(GraphView.Attributes a) {
        String uuid = text(a, Attribute.FS_UUID);
        if (!uuid.isEmpty()) {
            return uuid;
        }
        return String.format("00000000-0000-0000-0000-%012x", a.number(Attribute.DEV, 0) & 0xffff_ffff_ffffL);
    }

    static String text(GraphView.Attributes a, Attribute attribute) {
        byte[] bytes = a.bytes(attribute);
        return bytes == null ? "" : Escapes.toText(bytes);
    }
}
