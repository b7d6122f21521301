// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;

/** Information that flows between two objects, drawn as the table says; a new operation is one more line of it. */
final class FlowRecords {
    /** ATTR_SIZE, of the kernel's {@code ia_valid}. */
    private static final long ATTR_SIZE = 8;

    /** What the log says of a process that is not followed any more. */
    private static final String LEFT_THE_RECORD = "left the record";

    private enum Shape {
        /** From an inode into a process. */
        USED,
        /** Out of a process into an inode. */
        GENERATED,
        /** Out of a process into an inode, straight from the memory: a mapping needs no task. */
        SHARED_WRITE,
        /** From a mapping into a process, straight into the memory: no task need do anything. */
        SHARED_READ,
        /** Out of the memory of another process into that of the one who acts. */
        TAKEN_FROM_PROCESS,
        /** Out of the memory of the one who acts into that of another process. */
        PUT_INTO_PROCESS,
        /** Out of the process of the one who acts, by it, to the task that {@code extra} is, and into its process. */
        TOLD,
        /** The same, from the other to the one who acts. */
        LEARNT,
        /** As {@link #USED}; {@code extra} is the socket that listens, from which the accepted one comes. */
        ACCEPTED,
        /** As {@link #USED}, the last of the process: with a line of log that says so. */
        LEFT,
        /** As {@link #GENERATED}, with another relation if the socket is a UNIX stream. */
        CONNECTED,
        /** Out of a process into an inode's attributes. */
        ATTRIBUTES,
        EXECUTED,
        /** Out of a process into the kernel; {@code arg} says what. */
        LOADED,
        /** Within one memory, that two processes share, or drawn from another record: nothing to draw. */
        SHARED,
        PEER,
        /** What came to a connection goes on into the socket that is made of it. */
        EARLY,
        TO_REMOTE,
        FROM_REMOTE,
        /** Between a process and an inode's attributes: {@link AttributeRecords}. */
        INODE_ATTRIBUTES,
        /** From one inode to another, without a task's part. */
        BETWEEN,
        /** As {@link #GENERATED}, into a directory; the relation is that of the operation in {@code arg}. */
        ENTRY
    }

    /** @param positioned true if {@code extra} is a file position */
    private record Drawing(Shape shape, Relation relation, boolean positioned) {
    }

    private static final Drawing[] DRAWINGS = new Drawing[256];

    /** By {@code enum loaded}; a BPF program is something that CamFlow does not name. */
    private static final Relation[] LOADS = {Relation.LOAD_UNKNOWN, Relation.LOAD_FIRMWARE, Relation.LOAD_MODULE,
        Relation.LOAD_KEXEC_IMAGE, Relation.LOAD_KEXEC_INITRAMFS, Relation.LOAD_POLICY, Relation.LOAD_CERTIFICATE,
        Relation.LOAD_UNDEFINED};

    /** A file that was open when the capture began may have been read before, which nobody saw: it is taken to have been. */
    private static final Drawing OPEN_BEFORE = new Drawing(Shape.USED, Relation.READ, false);

    static {
        drawFiles();
        drawNames();
        drawAttributes();
        drawProcesses();
        drawSockets();
        drawKernel();
    }

    /** What files, pipes and the like hold. */
    private static void drawFiles() {
        draw(FlowOp.READ, Shape.USED, Relation.READ, true);
        draw(FlowOp.READ_DIRECTORY, Shape.USED, Relation.READ, false);
        draw(FlowOp.READ_LINK, Shape.USED, Relation.READ_LINK, false);
        draw(FlowOp.OPEN, Shape.USED, Relation.OPEN, false);
        draw(FlowOp.WRITE, Shape.GENERATED, Relation.WRITE, true);
        draw(FlowOp.CREATE, Shape.GENERATED, Relation.INODE_CREATE, false);
        draw(FlowOp.MKDIR, Shape.GENERATED, Relation.INODE_CREATE, false);
        draw(FlowOp.MKNOD, Shape.GENERATED, Relation.INODE_CREATE, false);
        draw(FlowOp.MMAP_PRIVATE, Shape.USED, Relation.MMAP_PRIVATE, true);
        draw(FlowOp.MMAP_SHARED, Shape.USED, Relation.MMAP, true);
        draw(FlowOp.MMAP_WRITE, Shape.SHARED_WRITE, Relation.SH_WRITE, true);
        draw(FlowOp.SHARE_READ, Shape.SHARED_READ, Relation.SH_READ, false);
        draw(FlowOp.COPY, Shape.BETWEEN, Relation.COPY, false);
        draw(FlowOp.COPIED_UP, Shape.BETWEEN, Relation.SH_READ, false);
        draw(FlowOp.SERVED, Shape.BETWEEN, Relation.SH_READ, false);
        draw(FlowOp.REQUESTED, Shape.BETWEEN, Relation.SH_WRITE, false);
        draw(FlowOp.WRITE_IOCTL, Shape.GENERATED, Relation.WRITE_IOCTL, false);
        draw(FlowOp.READ_IOCTL, Shape.USED, Relation.READ_IOCTL, false);
    }

    /** What they are called. */
    private static void drawNames() {
        draw(FlowOp.RENAME, Shape.GENERATED, Relation.RENAME, false);
        draw(FlowOp.LINK, Shape.GENERATED, Relation.LINK, false);
        draw(FlowOp.UNLINK, Shape.GENERATED, Relation.UNLINK, false);
        draw(FlowOp.RMDIR, Shape.GENERATED, Relation.UNLINK, false);
        draw(FlowOp.SYMLINK, Shape.GENERATED, Relation.SYMLINK, false);
        draw(FlowOp.ENTRY, Shape.ENTRY, Relation.INODE_CREATE, false);
        draw(FlowOp.CLAIM, Shape.SHARED, null, false);
    }

    /** What is said of them. */
    private static void drawAttributes() {
        draw(FlowOp.TRUNCATE, Shape.ATTRIBUTES, Relation.SETATTR, false);
        draw(FlowOp.SETATTR, Shape.INODE_ATTRIBUTES, Relation.SETATTR, false);
        draw(FlowOp.GETATTR, Shape.INODE_ATTRIBUTES, Relation.GETATTR, false);
        draw(FlowOp.SETXATTR, Shape.INODE_ATTRIBUTES, Relation.SETXATTR, false);
        draw(FlowOp.GETXATTR, Shape.INODE_ATTRIBUTES, Relation.GETXATTR, false);
        draw(FlowOp.LISTXATTR, Shape.INODE_ATTRIBUTES, Relation.LISTXATTR, false);
        draw(FlowOp.REMOVEXATTR, Shape.INODE_ATTRIBUTES, Relation.REMOVEXATTR, false);
    }

    /** Between processes, and their beginning and end. */
    private static void drawProcesses() {
        draw(FlowOp.EXEC, Shape.EXECUTED, Relation.EXEC, false);
        draw(FlowOp.HAND_BACK, Shape.SHARED, null, false);
        draw(FlowOp.LEAVE, Shape.LEFT, Relation.OPEN, false);
        draw(FlowOp.PTRACE_READ, Shape.TAKEN_FROM_PROCESS, Relation.PTRACE_READ, false);
        draw(FlowOp.PTRACE_WRITE, Shape.PUT_INTO_PROCESS, Relation.PTRACE_ATTACH, false);
        draw(FlowOp.PTRACE_ATTACH, Shape.TOLD, Relation.PTRACE_ATTACH_TASK, false);
        draw(FlowOp.PTRACE_TRACEME, Shape.TOLD, Relation.PTRACE_TRACEME, false);
        draw(FlowOp.SIGNAL_VALUE, Shape.TOLD, Relation.SIGNAL_VALUE, false);
        draw(FlowOp.SIGNAL, Shape.TOLD, Relation.SIGNAL, false);
        draw(FlowOp.EXIT_STATUS, Shape.TOLD, Relation.EXIT_STATUS, false);
        draw(FlowOp.PROC_READ, Shape.LEARNT, Relation.PROC_READ, false);
        draw(FlowOp.FILE_RECEIVE, Shape.USED, Relation.FILE_RCV, false);
    }

    /** Between processes, sockets and remote ends. */
    private static void drawSockets() {
        draw(FlowOp.SOCKET_CREATE, Shape.GENERATED, Relation.SOCKET_CREATE, false);
        draw(FlowOp.CONNECT, Shape.CONNECTED, Relation.CONNECT, false);
        draw(FlowOp.BIND, Shape.GENERATED, Relation.BIND, false);
        draw(FlowOp.LISTEN, Shape.GENERATED, Relation.LISTEN, false);
        draw(FlowOp.ACCEPT, Shape.ACCEPTED, Relation.ACCEPT, false);
        draw(FlowOp.ACCEPT_EARLY, Shape.EARLY, Relation.ACCEPT_SOCKET, false);
        draw(FlowOp.SEND, Shape.GENERATED, Relation.SEND_MSG, false);
        draw(FlowOp.RECEIVE, Shape.USED, Relation.RECEIVE_MSG, false);
        draw(FlowOp.SEND_PEER, Shape.PEER, Relation.RECEIVE_UNIX, false);
        draw(FlowOp.SEND_REMOTE, Shape.TO_REMOTE, Relation.SEND_PACKET, false);
        draw(FlowOp.RECEIVE_REMOTE, Shape.FROM_REMOTE, Relation.RECEIVE_PACKET, false);
    }

    /** What processes leave with the kernel, or load into it. */
    private static void drawKernel() {
        draw(FlowOp.SHM_CREATE, Shape.GENERATED, Relation.SH_CREATE, false);
        draw(FlowOp.SHM_ATTACH, Shape.GENERATED, Relation.SH_ATTACH, false);
        draw(FlowOp.SEND_QUEUE, Shape.GENERATED, Relation.SEND_MSG_QUEUE, false);
        draw(FlowOp.RECEIVE_QUEUE, Shape.USED, Relation.RECEIVE_MSG_QUEUE, false);
        draw(FlowOp.LOAD, Shape.LOADED, null, false);
        draw(FlowOp.LOAD_FILE, Shape.USED, Relation.LOAD_FILE, false);
    }

    private final Versions versions;
    private final Participants participants;
    private final Expansion expansion;
    private final TaskRecords tasks;
    private final SocketRecords sockets;
    private final AttributeRecords attributes;
    private final MarkRecords marks;
    private final ProcessRecords processes;

    FlowRecords(Versions versions, Participants participants, TaskRecords tasks, SocketRecords sockets,
            AttributeRecords attributes, MarkRecords marks) {
        this.versions = versions;
        this.participants = participants;
        this.tasks = tasks;
        this.sockets = sockets;
        this.attributes = attributes;
        this.marks = marks;
        expansion = new Expansion(versions);
        processes = new ProcessRecords(versions, participants, expansion);
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

    /** What an operation that makes, moves or removes an entry does to the directory. */
    static Relation entryRelation(int op) {
        Relation relation = op >= 0 && op < DRAWINGS.length ? generated(op) : null;
        return relation == null ? Relation.INODE_CREATE : relation;
    }

    /** {@link headwater.record.RecordType#FLOW}. */
    void flowed(MemorySegment record, long at, long timeNs) {
        int op = RecordLayout.op(record, at);
        boolean openBefore = op == FlowOp.OPEN && (RecordLayout.flags(record, at) & RecordFlag.BEFORE) != 0;
        Drawing drawing = openBefore ? OPEN_BEFORE : DRAWINGS[op];
        if (drawing == null) {
            throw new MalformedRecordException("flow by an unknown operation: op=" + op);
        }
        switch (drawing.shape) {
            case USED, ACCEPTED, SHARED_READ -> intoProcess(drawing, record, at, timeNs);
            case LEFT -> left(drawing, record, at, timeNs);
            case GENERATED, SHARED_WRITE, CONNECTED, ATTRIBUTES, LOADED, ENTRY ->
                    outOfProcess(drawing, record, at, timeNs);
            case TAKEN_FROM_PROCESS, PUT_INTO_PROCESS, TOLD, LEARNT -> processes.flowed(drawing.shape == Shape.TAKEN_FROM_PROCESS
                    || drawing.shape == Shape.LEARNT, drawing.shape == Shape.TOLD || drawing.shape == Shape.LEARNT,
                    drawing.relation, record, at, timeNs);
            case EXECUTED -> tasks.executed(record, at, timeNs);
            case SHARED -> { }
            case BETWEEN -> versions.flow(drawing.relation, participants.inode(RecordLayout.from(record, at), timeNs),
                    participants.inode(RecordLayout.object(record, at), timeNs), timeNs,
                    participants.task(RecordLayout.task(record, at), timeNs), 0, -1);
            case INODE_ATTRIBUTES -> attributes.flowed(record, at, drawing.relation, timeNs);
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
        if (drawing.shape == Shape.SHARED_READ) {
            versions.flow(drawing.relation, inode, memory, timeNs, task, flags(record, at), -1);
            return;
        }
        expansion.used(drawing.relation, inode, task, memory, timeNs, flags(record, at), offset(drawing, extra));
    }

    /** The process is not followed any more; drawn as CamFlow draws a line that a program discloses. */
    private void left(Drawing drawing, MemorySegment record, long at, long timeNs) {
        intoProcess(drawing, record, at, timeNs);
        long taskId = RecordLayout.task(record, at);
        int line = versions.create(NodeKind.STRING, timeNs);
        versions.attribute(line, Attribute.VALUE, LEFT_THE_RECORD, timeNs);
        expansion.used(Relation.LOG, line, participants.task(taskId, timeNs),
                participants.memory(RecordLayout.object(record, at), taskId, timeNs), timeNs, 0, -1);
        versions.release(line);
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
            case ENTRY -> expansion.generated(entryRelation((int) flags), memory, task, inode, timeNs, 0, -1);
            case ATTRIBUTES -> truncated(memory, task, inode, extra, timeNs);
            case LOADED -> expansion.generated(LOADS[(int) Math.min(flags, LOADS.length - 1)], memory, task, inode, timeNs, 0, -1);
            default -> {
                Relation relation = drawing.shape == Shape.CONNECTED && sockets.isUnixStream(inode)
                        ? Relation.CONNECT_UNIX_STREAM : drawing.relation;
                expansion.generated(relation, memory, task, inode, timeNs, flags, offset(drawing, extra));
                if (drawing.relation == Relation.UNLINK && flags == 0) {
                    versions.attribute(inode, Attribute.DELETED, 1, timeNs);
                    marks.removed(inode);
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
