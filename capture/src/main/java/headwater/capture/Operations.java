// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.PolicyLayout;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel side calls the relations and kinds of a {@link Filter}: it knows operations, and few kinds. An operation is left
 * out if all relations are that it can be drawn as. Of each relation that is not named here nothing is left out: forks, executions, ends
 * and versions, by which objects come to be (docs/selection.md).
 */
final class Operations {
    private enum Way { INTO_PROCESS, OUT_OF_PROCESS, BETWEEN }

    private record Drawn(Way way, Set<Relation> relations) {
    }

    private static final Map<Integer, Drawn> DRAWN = new HashMap<>();

    static {
        into(FlowOp.READ, Relation.READ);
        into(FlowOp.READ_DIRECTORY, Relation.READ);
        into(FlowOp.OPEN, Relation.OPEN);
        into(FlowOp.MMAP_PRIVATE, Relation.MMAP_PRIVATE);
        into(FlowOp.MMAP_SHARED, Relation.MMAP);
        into(FlowOp.RECEIVE, Relation.RECEIVE_MSG);
        into(FlowOp.ACCEPT, Relation.ACCEPT);
        into(FlowOp.SHARE_READ, Relation.SH_READ);
        into(FlowOp.PTRACE_READ, Relation.PTRACE_READ);
        into(FlowOp.FILE_RECEIVE, Relation.FILE_RCV);
        into(FlowOp.PROC_READ, Relation.PROC_READ);
        into(FlowOp.GETATTR, Relation.GETATTR);
        into(FlowOp.GETXATTR, Relation.GETXATTR);
        into(FlowOp.LISTXATTR, Relation.LISTXATTR);
        into(FlowOp.READ_LINK, Relation.READ_LINK);
        into(FlowOp.READ_IOCTL, Relation.READ_IOCTL);
        into(FlowOp.RECEIVE_QUEUE, Relation.RECEIVE_MSG_QUEUE);
        into(FlowOp.LOAD_FILE, Relation.LOAD_FILE);
        outOf(FlowOp.WRITE, Relation.WRITE);
        outOf(FlowOp.CREATE, Relation.INODE_CREATE);
        outOf(FlowOp.MKDIR, Relation.INODE_CREATE);
        outOf(FlowOp.MKNOD, Relation.INODE_CREATE);
        outOf(FlowOp.SEND, Relation.SEND_MSG);
        outOf(FlowOp.SOCKET_CREATE, Relation.SOCKET_CREATE);
        outOf(FlowOp.CONNECT, Relation.CONNECT, Relation.CONNECT_UNIX_STREAM);
        outOf(FlowOp.BIND, Relation.BIND);
        outOf(FlowOp.LISTEN, Relation.LISTEN);
        outOf(FlowOp.RENAME, Relation.RENAME);
        outOf(FlowOp.LINK, Relation.LINK);
        outOf(FlowOp.UNLINK, Relation.UNLINK);
        outOf(FlowOp.RMDIR, Relation.UNLINK);
        outOf(FlowOp.SYMLINK, Relation.SYMLINK);
        outOf(FlowOp.ENTRY, Relation.INODE_CREATE, Relation.RENAME, Relation.LINK, Relation.UNLINK, Relation.SYMLINK);
        outOf(FlowOp.MMAP_WRITE, Relation.SH_WRITE);
        outOf(FlowOp.SHM_CREATE, Relation.SH_CREATE);
        outOf(FlowOp.SHM_ATTACH, Relation.SH_ATTACH);
        outOf(FlowOp.PTRACE_WRITE, Relation.PTRACE_ATTACH);
        outOf(FlowOp.SIGNAL_VALUE, Relation.SIGNAL_VALUE);
        outOf(FlowOp.SIGNAL, Relation.SIGNAL);
        outOf(FlowOp.EXIT_STATUS, Relation.EXIT_STATUS);
        outOf(FlowOp.PTRACE_ATTACH, Relation.PTRACE_ATTACH_TASK);
        outOf(FlowOp.PTRACE_TRACEME, Relation.PTRACE_TRACEME);
        outOf(FlowOp.TRUNCATE, Relation.SETATTR);
        outOf(FlowOp.SETATTR, Relation.SETATTR);
        outOf(FlowOp.SETXATTR, Relation.SETXATTR);
        outOf(FlowOp.REMOVEXATTR, Relation.REMOVEXATTR);
        outOf(FlowOp.WRITE_IOCTL, Relation.WRITE_IOCTL);
        outOf(FlowOp.SEND_QUEUE, Relation.SEND_MSG_QUEUE);
        outOf(FlowOp.MOUNT, Relation.MOUNT);
        between(FlowOp.SEND_PEER, Relation.RECEIVE_UNIX, Relation.SEND_PACKET);
        between(FlowOp.ACCEPT_EARLY, Relation.ACCEPT_SOCKET);
        between(FlowOp.SEND_REMOTE, Relation.SEND_PACKET);
        between(FlowOp.RECEIVE_REMOTE, Relation.RECEIVE_PACKET);
        between(FlowOp.SERVED, Relation.SH_READ);
        between(FlowOp.REQUESTED, Relation.SH_WRITE);
        between(FlowOp.COPIED_UP, Relation.SH_READ);
        between(FlowOp.COPY, Relation.COPY);
    }

    private Operations() {
    }

    private static void into(int op, Relation relation) {
        DRAWN.put(op, new Drawn(Way.INTO_PROCESS, Set.of(relation)));
    }

    private static void outOf(int op, Relation... relations) {
        DRAWN.put(op, new Drawn(Way.OUT_OF_PROCESS, Set.of(relations)));
    }

    private static void between(int op, Relation... relations) {
        DRAWN.put(op, new Drawn(Way.BETWEEN, Set.of(relations)));
    }

    /** The relations that a filter can leave out in the kernel. */
    static Set<Relation> relations() {
        Set<Relation> relations = EnumSet.of(Relation.ARG, Relation.ENV, Relation.PACKET_CONTENT);
        DRAWN.values().forEach(drawn -> relations.addAll(drawn.relations));
        return relations;
    }

    /** 256 bits, one for each operation that is not recorded. */
    static long[] filtered(Filter filter) {
        long[] bits = new long[4];
        DRAWN.forEach((op, drawn) -> {
            if (filter.relations().containsAll(drawn.relations)) {
                set(bits, op);
            }
        });
        ofKinds(filter.kinds(), bits);
        return bits;
    }

    /** Calls by path name no object that has a kind; what they are tells it. */
    private static void ofKinds(Set<NodeKind> kinds, long[] bits) {
        if (kinds.contains(NodeKind.DIRECTORY)) {
            set(bits, FlowOp.MKDIR);
            set(bits, FlowOp.RMDIR);
            set(bits, FlowOp.ENTRY);
            set(bits, FlowOp.READ_DIRECTORY);
        }
        if (kinds.contains(NodeKind.LINK)) {
            set(bits, FlowOp.SYMLINK);
            set(bits, FlowOp.READ_LINK);
        }
        if (kinds.contains(NodeKind.XATTR)) {
            set(bits, FlowOp.SETXATTR);
            set(bits, FlowOp.GETXATTR);
            set(bits, FlowOp.LISTXATTR);
            set(bits, FlowOp.REMOVEXATTR);
        }
    }

    /** The same for operations along which marks do not spread: by what CamFlow draws on the way through a task, too. */
    static long[] unspread(Filter filter) {
        long[] bits = filtered(filter);
        boolean task = filter.kinds().contains(NodeKind.TASK);
        DRAWN.forEach((op, drawn) -> {
            boolean stops = switch (drawn.way) {
                case INTO_PROCESS -> task || filter.relations().contains(Relation.MEMORY_WRITE);
                case OUT_OF_PROCESS -> task || filter.relations().contains(Relation.MEMORY_READ);
                case BETWEEN -> false;
            };
            if (stops) {
                set(bits, op);
            }
        });
        // What only tells, and CamFlow does not draw: a parent would bear what each of its children has met.
        set(bits, FlowOp.SIGNAL);
        set(bits, FlowOp.EXIT_STATUS);
        set(bits, FlowOp.PROC_READ);
        if (task || filter.relations().contains(Relation.CLONE_MEM)) {
            set(bits, FlowOp.FORK);
        }
        if (filter.relations().contains(Relation.EXEC)) {
            set(bits, FlowOp.EXEC);
        }
        return bits;
    }

    /** A bit for each kind whose objects are left out; a task has no object of its own, its process has. */
    static long kinds(Filter filter) {
        long bits = 0;
        for (NodeKind kind : filter.kinds()) {
            bits |= 1L << (kind == NodeKind.TASK ? NodeKind.PROCESS_MEMORY : kind).code();
        }
        return bits;
    }

    static int noStrings(Filter filter) {
        boolean arguments = filter.kinds().contains(NodeKind.ARGV) || filter.relations().contains(Relation.ARG);
        boolean environment = filter.kinds().contains(NodeKind.ENVP) || filter.relations().contains(Relation.ENV);
        boolean content = filter.kinds().contains(NodeKind.PACKET_CONTENT)
                || filter.relations().contains(Relation.PACKET_CONTENT);
        return (content ? PolicyLayout.NO_CONTENT : 0) | (arguments ? PolicyLayout.NO_ARGUMENTS : 0) | (environment ? PolicyLayout.NO_ENVIRONMENT : 0);
    }

    private static void set(long[] bits, int op) {
        bits[op >> 6] |= 1L << (op & 63);
    }
}
