// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;

/** Information that flows between two objects, drawn as the table says; a new operation is one more line of it. */
final class FlowRecords {
    /** ATTR_SIZE, of the kernel's {@code ia_valid}. */
    private static final long ATTR_SIZE = 8;

    private enum Shape {
        /** From an inode into a process. */
        USED,
        /** Out of a process into an inode. */
        GENERATED,
        /** Out of a process into an inode, straight from the memory: a mapping needs no task. */
        SHARED_WRITE,
        /** As {@link #USED}; {@code extra} is the socket that listens, from which the accepted one comes. */
        ACCEPTED,
        /** As {@link #GENERATED}, with another relation if the socket is a UNIX stream. */
        CONNECTED,
        /** Out of a process into an inode's attributes. */
        ATTRIBUTES,
        EXECUTED,
        /** Within one memory, that two processes share: nothing to draw. */
        SHARED,
        PEER,
        /** What came to a connection goes on into the socket that is made of it. */
        EARLY,
        TO_REMOTE,
        FROM_REMOTE
    }

    /** @param positioned true if {@code extra} is a file position */
    private record Drawing(Shape shape, Relation relation, boolean positioned) {
    }

    private static final Drawing[] DRAWINGS = new Drawing[256];

    static {
        draw(FlowOp.READ, Shape.USED, Relation.READ, true);
        draw(FlowOp.READ_DIRECTORY, Shape.USED, Relation.READ, false);
        draw(FlowOp.OPEN, Shape.USED, Relation.OPEN, false);
        draw(FlowOp.MMAP_PRIVATE, Shape.USED, Relation.MMAP_PRIVATE, true);
        draw(FlowOp.MMAP_SHARED, Shape.USED, Relation.MMAP, true);
        draw(FlowOp.RECEIVE, Shape.USED, Relation.RECEIVE_MSG, false);
        draw(FlowOp.ACCEPT, Shape.ACCEPTED, Relation.ACCEPT, false);
        draw(FlowOp.WRITE, Shape.GENERATED, Relation.WRITE, true);
        draw(FlowOp.CREATE, Shape.GENERATED, Relation.INODE_CREATE, false);
        draw(FlowOp.MKDIR, Shape.GENERATED, Relation.INODE_CREATE, false);
        draw(FlowOp.MKNOD, Shape.GENERATED, Relation.INODE_CREATE, false);
        draw(FlowOp.SEND, Shape.GENERATED, Relation.SEND_MSG, false);
        draw(FlowOp.SOCKET_CREATE, Shape.GENERATED, Relation.SOCKET_CREATE, false);
        draw(FlowOp.CONNECT, Shape.CONNECTED, Relation.CONNECT, false);
        draw(FlowOp.BIND, Shape.GENERATED, Relation.BIND, false);
        draw(FlowOp.LISTEN, Shape.GENERATED, Relation.LISTEN, false);
        draw(FlowOp.RENAME, Shape.GENERATED, Relation.RENAME, false);
        draw(FlowOp.LINK, Shape.GENERATED, Relation.LINK, false);
        draw(FlowOp.UNLINK, Shape.GENERATED, Relation.UNLINK, false);
        draw(FlowOp.RMDIR, Shape.GENERATED, Relation.UNLINK, false);
        draw(FlowOp.SYMLINK, Shape.GENERATED, Relation.SYMLINK, false);
        draw(FlowOp.MMAP_WRITE, Shape.SHARED_WRITE, Relation.SH_WRITE, true);
        draw(FlowOp.TRUNCATE, Shape.ATTRIBUTES, Relation.SETATTR, false);
        draw(FlowOp.EXEC, Shape.EXECUTED, Relation.EXEC, false);
        draw(FlowOp.HAND_BACK, Shape.SHARED, null, false);
        draw(FlowOp.SEND_PEER, Shape.PEER, Relation.RECEIVE_UNIX, false);
        draw(FlowOp.ACCEPT_EARLY, Shape.EARLY, Relation.ACCEPT_SOCKET, false);
        draw(FlowOp.SEND_REMOTE, Shape.TO_REMOTE, Relation.SEND_PACKET, false);
        draw(FlowOp.RECEIVE_REMOTE, Shape.FROM_REMOTE, Relation.RECEIVE_PACKET, false);
    }

    private final Versions versions;
    private final Participants participants;
    private final Expansion expansion;
    private final TaskRecords tasks;
    private final SocketRecords sockets;

    FlowRecords(Versions versions, Participants participants, TaskRecords tasks, SocketRecords sockets) {
        this.versions = versions;
        this.participants = participants;
        this.tasks = tasks;
        this.sockets = sockets;
        expansion = new Expansion(versions);
    }

    private static void draw(int op, Shape shape, Relation relation, boolean positioned) {
        DRAWINGS[op] = new Drawing(shape, relation, positioned);
    }

    /**
     * The relation between task and inode of an operation that a process does to an inode, null if {@code op} is none.
     */
    static Relation generated(int op) {
        Drawing drawing = DRAWINGS[op];
        return drawing != null && drawing.shape == Shape.GENERATED ? drawing.relation : null;
    }

    /** {@link headwater.record.RecordType#FLOW}. */
    void flowed(MemorySegment record, long at, long timeNs) {
        int op = RecordLayout.op(record, at);
        Drawing drawing = DRAWINGS[op];
        if (drawing == null) {
            throw new MalformedRecordException("flow by an unknown operation: op=" + op);
        }
        switch (drawing.shape) {
            case USED, ACCEPTED -> intoProcess(drawing, record, at, timeNs);
            case GENERATED, SHARED_WRITE, CONNECTED, ATTRIBUTES -> outOfProcess(drawing, record, at, timeNs);
            case EXECUTED -> tasks.executed(record, at, timeNs);
            case SHARED -> { }
            case PEER -> sockets.sentToPeer(record, at, timeNs);
            case EARLY -> sockets.tookOver(record, at, timeNs);
            case TO_REMOTE -> sockets.sentAway(record, at, timeNs);
            case FROM_REMOTE -> sockets.cameIn(record, at, timeNs);
        }
    }

    private void intoProcess(Drawing drawing, MemorySegment record, long at, long timeNs) {
        long taskId = RecordLayout.task(record, at);
        long extra = RecordLayout.extra(record, at);
        int task = participants.task(taskId, timeNs);
        int memory = participants.memory(RecordLayout.object(record, at), taskId, timeNs);
        int inode = participants.inode(RecordLayout.from(record, at), timeNs);
        if (drawing.shape == Shape.ACCEPTED && extra != 0) {
            int listening = participants.socket(extra, timeNs);
            versions.flow(Relation.ACCEPT_SOCKET, listening, inode, timeNs, task, 0, -1);
        }
        expansion.used(drawing.relation, inode, task, memory, timeNs, flags(record, at), offset(drawing, extra));
    }

    private void outOfProcess(Drawing drawing, MemorySegment record, long at, long timeNs) {
        long taskId = RecordLayout.task(record, at);
        long extra = RecordLayout.extra(record, at);
        int task = participants.task(taskId, timeNs);
        int memory = participants.memory(RecordLayout.from(record, at), taskId, timeNs);
        int inode = participants.inode(RecordLayout.object(record, at), timeNs);
        long flags = flags(record, at);
        switch (drawing.shape) {
            case SHARED_WRITE -> versions.flow(drawing.relation, memory, inode, timeNs, task, flags,
                    offset(drawing, extra));
            case ATTRIBUTES -> truncated(memory, task, inode, extra, timeNs);
            default -> {
                Relation relation = drawing.shape == Shape.CONNECTED && sockets.isUnixStream(inode)
                        ? Relation.CONNECT_UNIX_STREAM : drawing.relation;
                expansion.generated(relation, memory, task, inode, timeNs, flags, offset(drawing, extra));
                if (drawing.relation == Relation.UNLINK && flags == 0) {
                    versions.attribute(inode, Attribute.DELETED, 1, timeNs);
                }
            }
        }
    }

    /** @param size in bytes, -1 if it is not known */
    void truncated(int memory, int task, int inode, long size, long timeNs) {
        int change = versions.create(NodeKind.IATTR, timeNs);
        versions.attribute(change, Attribute.VALID, ATTR_SIZE, timeNs);
        if (size >= 0) {
            versions.attribute(change, Attribute.SIZE, size, timeNs);
        }
        expansion.generated(Relation.SETATTR, memory, task, change, timeNs, 0, -1);
        versions.flow(Relation.SETATTR_INODE, change, inode, timeNs, task, 0, -1);
        versions.release(change);
    }

    private static long flags(MemorySegment record, long at) {
        return RecordLayout.arg(record, at) & 0xffffffffL;
    }

    private static long offset(Drawing drawing, long extra) {
        return drawing.positioned && extra >= 0 ? extra : -1;
    }
}
