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
    public static final int SEND_PACKET = 80;
    public static final int RECEIVE_PACKET = 81;
    public static final int ACCEPT_EARLY = 82;

    private FlowOp() {
    }
}
