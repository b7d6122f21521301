// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/** The numbers of {@code enum flow_op}: what happened. {@code bpf/record.h} says which way information flows in each. */
public final class FlowOp {
    public static final int NONE = 0;
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int OPEN = 3;
    public static final int CREATE = 4;
    public static final int MMAP_PRIVATE = 5;
    public static final int MMAP_SHARED = 6;
    public static final int MMAP_WRITE = 7;
    public static final int EXEC = 8;
    public static final int TRUNCATE = 9;
    public static final int SOCKET_CREATE = 10;
    public static final int CONNECT = 11;
    public static final int BIND = 12;
    public static final int LISTEN = 13;
    public static final int ACCEPT = 14;
    public static final int SEND = 15;
    public static final int RECEIVE = 16;
    public static final int SEND_PEER = 17;
    public static final int SEND_REMOTE = 18;
    public static final int RECEIVE_REMOTE = 19;
    public static final int READ_DIRECTORY = 20;
    public static final int RENAME = 21;
    public static final int LINK = 22;
    public static final int UNLINK = 23;
    public static final int SYMLINK = 24;
    public static final int MKDIR = 25;
    public static final int RMDIR = 26;
    public static final int MKNOD = 27;
    public static final int HAND_BACK = 28;
    public static final int LEAVE = 29;
    public static final int SEND_QUEUE = 48;
    public static final int RECEIVE_QUEUE = 49;
    public static final int LOAD = 50;
    public static final int LOAD_FILE = 51;
    public static final int MOUNT = 52;
    public static final int SETATTR = 64;
    public static final int GETATTR = 65;
    public static final int SETXATTR = 66;
    public static final int GETXATTR = 67;
    public static final int LISTXATTR = 68;
    public static final int REMOVEXATTR = 69;
    public static final int ENTRY = 70;
    public static final int READ_LINK = 71;
    public static final int CLAIM = 72;
    public static final int WRITE_IOCTL = 73;
    public static final int READ_IOCTL = 74;
    public static final int SERVED = 75;
    public static final int REQUESTED = 76;
    public static final int COPIED_UP = 77;
    public static final int SHARE_READ = 32;
    public static final int SHM_CREATE = 33;
    public static final int SHM_ATTACH = 34;
    public static final int PTRACE_READ = 35;
    public static final int PTRACE_WRITE = 36;
    public static final int SIGNAL_VALUE = 37;
    public static final int FILE_RECEIVE = 40;
    public static final int SIGNAL = 41;
    public static final int EXIT_STATUS = 42;
    public static final int PROC_READ = 43;
    public static final int PTRACE_ATTACH = 44;
    public static final int PTRACE_TRACEME = 45;
    public static final int SEND_PACKET = 80;
    public static final int RECEIVE_PACKET = 81;
    public static final int ACCEPT_EARLY = 82;
    public static final int COPY = 83;
    /* Of RecordType.CHANGE: how a task has changed. */
    public static final int SETUID = 112;
    public static final int SETGID = 113;
    public static final int SETGROUPS = 114;
    public static final int CAPSET = 115;
    public static final int NAMESPACES = 116;
    public static final int CGROUP = 117;
    public static final int EXECUTED = 118;
    /** Of a policy: what a process begins with, which {@link RecordType#TASK} tells. */
    public static final int FORK = 120;

    private FlowOp() {
    }
}
