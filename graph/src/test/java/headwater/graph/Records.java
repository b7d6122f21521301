// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.FlowOp;
import headwater.record.ObjectClass;
import headwater.record.RecordHandler;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Writes records as the kernel side does, and hands each over at once. The clock goes up by one with each. */
final class Records {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    /** Records lie at an odd place, so that a forgotten offset shows. */
    private static final int AT = 24;

    private final RecordHandler handler;
    private final MemorySegment segment = Arena.ofAuto().allocate(8192, 8);
    private long time;
    private int rootDev;
    private long rootIno;

    Records(RecordHandler handler) {
        this.handler = handler;
    }

    private void head(int type, int op, int flags, int arg, long object, long state) {
        segment.fill((byte) 0);
        segment.set(LONG, AT + RecordLayout.TIME, ++time);
        segment.set(ValueLayout.JAVA_BYTE, AT + RecordLayout.TYPE, (byte) type);
        segment.set(ValueLayout.JAVA_BYTE, AT + RecordLayout.OP, (byte) op);
        segment.set(SHORT, AT + RecordLayout.FLAGS, (short) flags);
        segment.set(INT, AT + RecordLayout.ARG, arg);
        segment.set(LONG, AT + RecordLayout.OBJECT, object);
        segment.set(LONG, AT + RecordLayout.STATE, state);
    }

    private void hand(int length) {
        handler.record(segment, AT, length);
    }

    void flow(int op, long from, long to, long task) {
        flow(op, from, to, task, 0, 0);
    }

    void flow(int op, long from, long to, long task, long extra, int arg) {
        flow(op, 0, from, to, task, extra, arg);
    }

    void flow(int op, int flags, long from, long to, long task, long extra, int arg) {
        head(RecordType.FLOW, op, flags, arg, to, 0);
        segment.set(LONG, AT + RecordLayout.FROM, from);
        segment.set(LONG, AT + RecordLayout.EXTRA, extra);
        segment.set(LONG, AT + RecordLayout.TASK, task);
        hand(RecordLayout.FLOW_BYTES);
    }

    /** What a task writes to a log; {@code message}: by a call that keeps messages apart. */
    void line(long log, long task, long rules, int uid, String text, int bytes, boolean message) {
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        head(RecordType.LINE, message ? 1 : 0, 0, bytes, log, 0);
        segment.set(LONG, AT + RecordLayout.LINE_TASK, task);
        segment.set(LONG, AT + RecordLayout.LINE_RULES, rules);
        segment.set(INT, AT + RecordLayout.LINE_UID, uid);
        segment.set(INT, AT + RecordLayout.LINE_CAPTURED, said.length);
        MemorySegment.copy(said, 0, segment, ValueLayout.JAVA_BYTE, AT + RecordLayout.LINE_TEXT, said.length);
        hand(RecordLayout.LINE_TEXT + said.length);
    }

    /** One that says that there is more of it than there is. */
    void longLine(long log, long task) {
        head(RecordType.LINE, 0, 0, 9, log, 0);
        segment.set(LONG, AT + RecordLayout.LINE_TASK, task);
        segment.set(LONG, AT + RecordLayout.LINE_RULES, 1);
        segment.set(INT, AT + RecordLayout.LINE_CAPTURED, 9);
        hand(RecordLayout.LINE_TEXT + 8);
    }

    void inode(long id, long ino, int mode) {
        inode(id, ino, 7, mode, 1, 0);
    }

    void inode(long id, long ino, int generation, int mode, int links, int flags) {
        head(RecordType.INODE, 0, flags, 0, id, 0);
        segment.set(LONG, AT + RecordLayout.INODE_INO, ino);
        segment.set(INT, AT + RecordLayout.INODE_DEV, 8 << 20 | 1);
        segment.set(INT, AT + RecordLayout.INODE_GENERATION, generation);
        segment.set(INT, AT + RecordLayout.INODE_MODE, mode);
        segment.set(INT, AT + RecordLayout.INODE_UID, 1000);
        segment.set(INT, AT + RecordLayout.INODE_GID, 100);
        segment.set(INT, AT + RecordLayout.INODE_LINKS, links);
        hand(RecordLayout.INODE_BYTES);
    }

    /** What is no inode: {@link headwater.record.ObjectClass}. */
    void object(long id, int objectClass, long number, int scope, int flags) {
        head(RecordType.INODE, objectClass, flags, 0, id, 0);
        segment.set(LONG, AT + RecordLayout.INODE_INO, number);
        segment.set(INT, AT + RecordLayout.INODE_DEV, (int) ObjectClass.DEVICE | objectClass);
        segment.set(INT, AT + RecordLayout.INODE_GENERATION, scope);
        hand(RecordLayout.INODE_BYTES);
    }

    /** What is no inode, and known by an inode's key. */
    void keyed(long id, int objectClass, long ino, int dev, int generation) {
        head(RecordType.INODE, objectClass, 0, 0, id, 0);
        segment.set(LONG, AT + RecordLayout.INODE_INO, ino);
        segment.set(INT, AT + RecordLayout.INODE_DEV, dev);
        segment.set(INT, AT + RecordLayout.INODE_GENERATION, generation);
        hand(RecordLayout.INODE_BYTES);
    }

    void word(long task, String text) {
        head(RecordType.WORD, 0, 0, text.length() + 1, task, 0);
        put(RecordLayout.TEXT, text + "\0");
        hand(RecordLayout.TEXT + text.length() + 1);
    }

    /** As met for the first time, not as made just now. */
    void object(long id, int objectClass, long number, int scope) {
        object(id, objectClass, number, scope, 0);
    }

    void task(long id, long process, long parent, long parentProcess, int pid, int flags) {
        head(RecordType.TASK, 0, flags, 0, id, 0);
        segment.set(LONG, AT + RecordLayout.FROM, parentProcess);
        segment.set(LONG, AT + RecordLayout.TASK_PROCESS, process);
        segment.set(LONG, AT + RecordLayout.TASK_PARENT, parent);
        segment.set(LONG, AT + RecordLayout.TASK_STARTED, time);
        segment.set(INT, AT + RecordLayout.TASK_TID, pid);
        segment.set(INT, AT + RecordLayout.TASK_TGID, pid);
        segment.set(INT, AT + RecordLayout.TASK_UID, 1000);
        for (int i = 0; i < 6; i++) {
            segment.set(INT, AT + RecordLayout.TASK_NAMESPACES + 4 * i, 0xf0000000 + i);
        }
        put(RecordLayout.TASK_COMMAND, "sh");
        hand(RecordLayout.TASK_BYTES);
    }

    /** The device of {@link #inode} is this file system from now on. */
    void fileSystem(long uuidByte, int instance, String type) {
        head(RecordType.FILE_SYSTEM, 0, 0, 0, 0, 0);
        segment.set(INT, AT + RecordLayout.FILE_SYSTEM_DEV, 8 << 20 | 1);
        segment.set(INT, AT + RecordLayout.FILE_SYSTEM_INSTANCE, instance);
        segment.set(ValueLayout.JAVA_BYTE, AT + RecordLayout.FILE_SYSTEM_UUID, (byte) uuidByte);
        put(RecordLayout.FILE_SYSTEM_TYPE, type);
        hand(RecordLayout.FILE_SYSTEM_BYTES);
    }

    /** A thread if {@code tid} is not {@code tgid}. */
    void change(int op, long task, long process, int tid, int tgid, int uid, int gid, long cgroup) {
        head(RecordType.CHANGE, op, 0, 1, task, 0);
        segment.set(LONG, AT + RecordLayout.FROM, process);
        segment.set(LONG, AT + RecordLayout.TASK_PROCESS, process);
        segment.set(LONG, AT + RecordLayout.TASK_PARENT, task);
        segment.set(INT, AT + RecordLayout.TASK_TID, tid);
        segment.set(INT, AT + RecordLayout.TASK_TGID, tgid);
        for (int field : new int[] {RecordLayout.TASK_UID, RecordLayout.TASK_EUID, RecordLayout.TASK_FSUID}) {
            segment.set(INT, AT + field, uid);
        }
        for (int field : new int[] {RecordLayout.TASK_GID, RecordLayout.TASK_EGID, RecordLayout.TASK_FSGID}) {
            segment.set(INT, AT + field, gid);
        }
        for (int i = 0; i < 6; i++) {
            segment.set(INT, AT + RecordLayout.TASK_NAMESPACES + 4 * i, 0xf0000000 + i);
        }
        segment.set(LONG, AT + RecordLayout.TASK_CGROUP, cgroup);
        put(RecordLayout.TASK_COMMAND, "cat");
        hand(RecordLayout.TASK_BYTES);
    }

    void environment(long process, String text) {
        head(RecordType.ENVIRONMENT, 0, 0, text.length(), process, 0);
        put(RecordLayout.TEXT, text);
        hand(RecordLayout.TEXT + text.length());
    }

    void exit(long task, long process, int status, int flags) {
        head(RecordType.EXIT, 0, flags, status, task, 0);
        segment.set(LONG, AT + RecordLayout.FROM, process);
        segment.set(LONG, AT + RecordLayout.TASK, task);
        hand(RecordLayout.FLOW_BYTES);
    }

    void exec(long file, long process, long before, long task) {
        flow(FlowOp.EXEC, file, process, task, before, 1000);
    }

    void arguments(long process, int flags, String text) {
        head(RecordType.ARGS, 0, flags, text.length(), process, 0);
        put(RecordLayout.TEXT, text);
        hand(RecordLayout.TEXT + text.length());
    }

    /** @param path absolute; given to the record as components from the last to the first */
    void name(long object, String path) {
        String text = components(path);
        head(RecordType.NAME, 0, 0, text.length(), object, 0);
        rootKey(RecordLayout.NAME_ROOT);
        put(RecordLayout.NAME_TEXT, text);
        hand(RecordLayout.NAME_TEXT + text.length());
    }

    /** The names and calls by path that follow begin at the root directory of this device and inode number; 0: the machine's. */
    void root(int dev, long ino) {
        rootDev = dev;
        rootIno = ino;
    }

    private void rootKey(int at) {
        segment.set(LONG, AT + at + RecordLayout.ROOT_INO, rootIno);
        segment.set(INT, AT + at + RecordLayout.ROOT_DEV, rootDev);
    }

    void pseudoName(long object, String name) {
        head(RecordType.NAME, 1, 0, name.length() + 1, object, 0);
        put(RecordLayout.NAME_TEXT, name + "\0");
        hand(RecordLayout.NAME_TEXT + name.length() + 1);
    }

    static String components(String path) {
        StringBuilder text = new StringBuilder();
        for (String component : path.split("/")) {
            if (!component.isEmpty()) {
                text.insert(0, component + "\0");
            }
        }
        return text.toString();
    }

    void address(long socket, int op, int family, int type, String path) {
        head(RecordType.ADDRESS, op, 0, 0, socket, 0);
        endpoint(family, type, new byte[16], 0, new byte[16], 0);
        segment.set(SHORT, AT + RecordLayout.ADDRESS_PATH_BYTES, (short) path.length());
        put(RecordLayout.ADDRESS_PATH, path);
        hand(RecordLayout.ADDRESS_BYTES);
    }

    void address(long socket, int op, int family, byte[] local, int localPort, byte[] remote, int remotePort) {
        head(RecordType.ADDRESS, op, 0, 0, socket, 0);
        endpoint(family, 1, local, localPort, remote, remotePort);
        hand(RecordLayout.ADDRESS_BYTES);
    }

    void remote(long id, boolean inbound, byte[] remote, int port) {
        head(RecordType.REMOTE, 0, 0, inbound ? 1 : 0, id, 0);
        endpoint(10, 0, new byte[16], 0, remote, port);
        hand(RecordLayout.ADDRESS_BYTES);
    }

    private void endpoint(int family, int type, byte[] local, int localPort, byte[] remote, int remotePort) {
        segment.set(SHORT, AT + RecordLayout.ADDRESS_FAMILY, (short) family);
        segment.set(SHORT, AT + RecordLayout.ADDRESS_SOCKET_TYPE, (short) type);
        segment.set(SHORT, AT + RecordLayout.ADDRESS_PROTOCOL, (short) 6);
        segment.set(SHORT, AT + RecordLayout.ADDRESS_LOCAL_PORT, (short) localPort);
        segment.set(SHORT, AT + RecordLayout.ADDRESS_REMOTE_PORT, (short) remotePort);
        MemorySegment.copy(local, 0, segment, ValueLayout.JAVA_BYTE, AT + RecordLayout.ADDRESS_LOCAL, 16);
        MemorySegment.copy(remote, 0, segment, ValueLayout.JAVA_BYTE, AT + RecordLayout.ADDRESS_REMOTE, 16);
    }

    /** @param op {@link FlowOp#SEND_PACKET} or {@link FlowOp#RECEIVE_PACKET} */
    void packet(int op, long socket, byte[] sender, byte[] receiver, int protocol, int id, int sequence, int length,
            int segmentBytes) {
        packet(RecordType.PACKET, op, socket, sender, receiver, protocol, id, sequence, length, segmentBytes);
        hand(RecordLayout.PACKET_BYTES);
    }

    /** A TCP packet that carries {@code length} bytes, of which {@code content} was kept; the record says {@code captured}. */
    void packetContent(int op, long socket, byte[] sender, byte[] receiver, int sequence, int length, String content, int captured) {
        packet(RecordType.PACKET_CONTENT, op, socket, sender, receiver, 6, 1, sequence, length, 0);
        segment.set(INT, AT + RecordLayout.CONTENT_CAPTURED, captured);
        put(RecordLayout.CONTENT, content);
        hand(RecordLayout.CONTENT + content.length());
    }

    private void packet(int type, int op, long socket, byte[] sender, byte[] receiver, int protocol, int id, int sequence, int length,
            int segmentBytes) {
        head(type, op, 0, length, socket, op == FlowOp.RECEIVE_PACKET ? 1 : 0);
        MemorySegment.copy(sender, 0, segment, ValueLayout.JAVA_BYTE, AT + RecordLayout.PACKET_SENDER, 16);
        MemorySegment.copy(receiver, 0, segment, ValueLayout.JAVA_BYTE, AT + RecordLayout.PACKET_RECEIVER, 16);
        segment.set(SHORT, AT + RecordLayout.PACKET_SENDER_PORT, (short) 40000);
        segment.set(SHORT, AT + RecordLayout.PACKET_RECEIVER_PORT, (short) 80);
        segment.set(SHORT, AT + RecordLayout.PACKET_PROTOCOL, (short) protocol);
        segment.set(SHORT, AT + RecordLayout.PACKET_ID, (short) id);
        segment.set(INT, AT + RecordLayout.PACKET_SEQUENCE, sequence);
        segment.set(INT, AT + RecordLayout.PACKET_SEGMENT_BYTES, segmentBytes);
    }

    /** Directories as absolute paths, empty if the path says all. */
    void paths(int op, long process, long task, long extra, String directory, String path, String directory2,
            String path2) {
        head(RecordType.PATHS, op, 64, 0, process, 0);
        segment.set(LONG, AT + RecordLayout.PATHS_TASK, task);
        segment.set(LONG, AT + RecordLayout.PATHS_EXTRA, extra);
        rootKey(RecordLayout.PATHS_ROOTS);
        rootKey(RecordLayout.PATHS_ROOTS + RecordLayout.ROOT_BYTES);
        String[] runs = {components(directory), path + "\0", components(directory2), path2 == null ? "" : path2 + "\0"};
        int used = 0;
        for (int i = 0; i < runs.length; i++) {
            segment.set(SHORT, AT + RecordLayout.PATHS_LENGTHS + 2 * i, (short) runs[i].length());
            put(RecordLayout.PATHS_TEXT + used, runs[i]);
            used += runs[i].length();
        }
        hand(RecordLayout.PATHS_TEXT + used);
    }

    void paths(int op, long process, long task, String path, String path2) {
        paths(op, process, task, 0, "", path, "", path2);
    }

    private void put(int field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, AT + field, bytes.length);
    }
}
