// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where the fields of a record lie, for all record types: {@code bpf/record.h} has the pictures, and a test compares the
 * two through the BTF of the compiled object.
 *
 * <p>Every record starts with the same 32 bytes:
 *
 * <pre>
 *    0        8    9    10     12     16       24       32
 *    +--------+----+----+------+------+--------+--------+ - - -
 *    |  time  |type| op |flags | arg  | object | state  |  by type
 *    +--------+----+----+------+------+--------+--------+ - - -
 * </pre>
 *
 * All accessors read from {@code record}, at {@code at}, the record's first byte; they make no object and check nothing but
 * the segment's bounds. Integers are in the byte order of the machine.
 */
public final class RecordLayout {
    public static final int TIME = 0;
    public static final int TYPE = 8;
    public static final int OP = 9;
    public static final int FLAGS = 10;
    public static final int ARG = 12;
    public static final int OBJECT = 16;
    public static final int STATE = 24;
    /** Length of the common head, bytes. */
    public static final int HEAD_BYTES = 32;

    /* struct flow_record, and the same bytes of struct task_record */
    public static final int FROM = 32;
    public static final int FROM_STATE = 40;
    public static final int EXTRA = 48;
    public static final int TASK = 56;
    public static final int FLOW_BYTES = 64;

    /* struct inode_record */
    public static final int INODE_INO = 32;
    public static final int INODE_DEV = 40;
    public static final int INODE_GENERATION = 44;
    public static final int INODE_MODE = 48;
    public static final int INODE_UID = 52;
    public static final int INODE_GID = 56;
    public static final int INODE_LINKS = 60;
    public static final int INODE_BYTES = 64;

    /* struct task_record, of TASK and CHANGE */
    public static final int TASK_PROCESS = 48;
    public static final int TASK_PARENT = 56;
    public static final int TASK_STARTED = 64;
    public static final int TASK_TID = 72;
    public static final int TASK_TGID = 76;
    public static final int TASK_PPID = 80;
    public static final int TASK_VPID = 84;
    public static final int TASK_UID = 88;
    public static final int TASK_GID = 92;
    /** Six inode numbers of 32 bits: uts, ipc, mnt, pid, net, cgroup. */
    public static final int TASK_NAMESPACES = 96;
    public static final int TASK_COMMAND = 120;
    public static final int TASK_COMMAND_BYTES = 16;
    public static final int TASK_EUID = 136;
    public static final int TASK_EGID = 140;
    public static final int TASK_FSUID = 144;
    public static final int TASK_FSGID = 148;
    public static final int TASK_CAPABILITIES = 152;
    public static final int TASK_CGROUP = 160;
    public static final int TASK_BYTES = 168;

    /* struct file_system_record */
    public static final int FILE_SYSTEM_DEV = 32;
    public static final int FILE_SYSTEM_INSTANCE = 36;
    public static final int FILE_SYSTEM_MAGIC = 40;
    public static final int FILE_SYSTEM_UUID = 48;
    public static final int FILE_SYSTEM_UUID_BYTES = 16;
    public static final int FILE_SYSTEM_TYPE = 64;
    public static final int FILE_SYSTEM_TYPE_BYTES = 16;
    public static final int FILE_SYSTEM_BYTES = 80;

    /* struct text_record: head, then ARG bytes of text */
    public static final int TEXT = 32;

    /* struct name_record: which root directory the name is below, then text as above */
    public static final int NAME_ROOT = 32;
    public static final int NAME_TEXT = 48;

    /* struct root_key */
    public static final int ROOT_INO = 0;
    public static final int ROOT_DEV = 8;
    public static final int ROOT_BYTES = 16;

    /* struct address_record */
    public static final int ADDRESS_FAMILY = 32;
    public static final int ADDRESS_SOCKET_TYPE = 34;
    public static final int ADDRESS_PROTOCOL = 36;
    public static final int ADDRESS_LOCAL_PORT = 38;
    public static final int ADDRESS_REMOTE_PORT = 40;
    public static final int ADDRESS_PATH_BYTES = 42;
    public static final int ADDRESS_NETNS = 44;
    public static final int ADDRESS_LOCAL = 48;
    public static final int ADDRESS_REMOTE = 64;
    public static final int ADDRESS_PATH = 80;
    public static final int ADDRESS_BYTES = 192;

    /* struct paths_record: four runs of text, whose lengths stand before them */
    public static final int PATHS_TASK = 32;
    public static final int PATHS_EXTRA = 40;
    public static final int PATHS_LENGTHS = 48;
    /** Two {@code struct root_key}. */
    public static final int PATHS_ROOTS = 56;
    public static final int PATHS_TEXT = 88;

    /* struct packet_record */
    public static final int PACKET_SENDER = 48;
    public static final int PACKET_RECEIVER = 64;
    public static final int PACKET_SENDER_PORT = 80;
    public static final int PACKET_RECEIVER_PORT = 82;
    public static final int PACKET_PROTOCOL = 84;
    public static final int PACKET_ID = 86;
    public static final int PACKET_SEQUENCE = 88;
    public static final int PACKET_FLOW_LABEL = 92;
    public static final int PACKET_SEGMENT_BYTES = 96;
    public static final int PACKET_NETNS = 100;
    public static final int PACKET_BYTES = 104;

    /* struct packet_content_small, packet_content_large: a packet_record first */
    public static final int CONTENT_CAPTURED = 104;
    public static final int CONTENT = 112;

    /* struct line_small and line_large */
    public static final int LINE_TASK = 32;
    public static final int LINE_RULES = 40;
    public static final int LINE_CGROUP = 48;
    public static final int LINE_UID = 56;
    public static final int LINE_CAPTURED = 60;
    public static final int LINE_TEXT = 64;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private RecordLayout() {
    }

    /** Nanoseconds since boot, suspend included. */
    public static long time(MemorySegment record, long at) {
        return record.get(LONG, at + TIME);
    }

    /** One of {@link RecordType}. */
    public static int type(MemorySegment record, long at) {
        return record.get(ValueLayout.JAVA_BYTE, at + TYPE) & 0xff;
    }

    /** One of {@link FlowOp}. */
    public static int op(MemorySegment record, long at) {
        return record.get(ValueLayout.JAVA_BYTE, at + OP) & 0xff;
    }

    /** Bits of {@link RecordFlag}. */
    public static int flags(MemorySegment record, long at) {
        return record.get(SHORT, at + FLAGS) & 0xffff;
    }

    public static int arg(MemorySegment record, long at) {
        return record.get(INT, at + ARG);
    }

    /** Id of the object that the record is about. */
    public static long object(MemorySegment record, long at) {
        return record.get(LONG, at + OBJECT);
    }

    /** The state that the record brings about, 0 if none. */
    public static long state(MemorySegment record, long at) {
        return record.get(LONG, at + STATE);
    }

    /** True if the record's type has {@link #fromState}. */
    public static boolean hasSource(MemorySegment record, long at) {
        int type = type(record, at);
        return type == RecordType.FLOW || type == RecordType.TASK || type == RecordType.CHANGE || type == RecordType.PACKET
                || type == RecordType.PACKET_CONTENT || type == RecordType.MARK;
    }

    public static long from(MemorySegment record, long at) {
        return record.get(LONG, at + FROM);
    }

    /** The state of {@link #from} that flowed. */
    public static long fromState(MemorySegment record, long at) {
        return record.get(LONG, at + FROM_STATE);
    }

    public static long extra(MemorySegment record, long at) {
        return record.get(LONG, at + EXTRA);
    }

    /** Id of the acting task. */
    public static long task(MemorySegment record, long at) {
        return record.get(LONG, at + TASK);
    }

    /** The 64-bit field at {@code field}. */
    public static long longAt(MemorySegment record, long at, int field) {
        return record.get(LONG, at + field);
    }

    /** The 32-bit field at {@code field}. */
    public static int intAt(MemorySegment record, long at, int field) {
        return record.get(INT, at + field);
    }

    /** The unsigned 16-bit field at {@code field}. */
    public static int shortAt(MemorySegment record, long at, int field) {
        return record.get(SHORT, at + field) & 0xffff;
    }
}
