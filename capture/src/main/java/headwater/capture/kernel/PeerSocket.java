// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A UNIX stream socket that knows who is at its other end, by the kernel's word: what the JDK does not offer. For one
 * thread at a time, which closes it too.
 *
 * <pre>
 *   0        2                          110        0       4       8      12
 *   +--------+---------------------------+         +-------+-------+-------+
 *   | family | path, zero-terminated     |         |  pid  |  uid  |  gid  |
 *   +--------+---------------------------+         +-------+-------+-------+
 *   sockaddr_un                                    ucred (SO_PEERCRED, as of connect)
 * </pre>
 */
public final class PeerSocket implements AutoCloseable {
    /** Longest path of a UNIX socket, in bytes. */
    public static final int MAX_PATH_BYTES = 107;

    private static final short AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERGROUPS = 59;
    /** Since Linux 6.5. */
    private static final int SO_PEERPIDFD = 77;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int SOCKADDR_PATH = 2;
    private static final int SOCKADDR_BYTES = 110;
    private static final int UCRED_UID = 4;
    private static final int UCRED_GID = 8;
    private static final int UCRED_BYTES = 12;
    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_BYTES = 8;
    /** Room for the supplementary groups that most have; who has more is asked for again. */
    private static final int GROUPS = 64;
    private static final int BUFFER_BYTES = 1 << 13;
    /** So many descriptors may come with what is received at once; the kernel drops others. */
    public static final int DESCRIPTORS_MAX = 16;

    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_CTRUNC = 8;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;
    private static final int CONTROL_BYTES = CMSG_DATA + 16 + CMSG_DATA + 4 * DESCRIPTORS_MAX;
    private static final int IOVEC_BYTES = 16;
    private static final int MSGHDR_VECTOR = 16;
    private static final int MSGHDR_VECTORS = 24;
    private static final int MSGHDR_CONTROL = 32;
    private static final int MSGHDR_CONTROL_BYTES = 40;
    private static final int MSGHDR_FLAGS = 48;
    private static final int MSGHDR_BYTES = 56;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final MethodHandle SOCKET = find("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle BIND = find("bind", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle LISTEN = find("listen", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle ACCEPT = find("accept4",
            FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, INT));
    private static final MethodHandle GETSOCKOPT = find("getsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle SEND = find("send", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT));
    private static final MethodHandle RECV = find("recv", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT));
    private static final MethodHandle SETSOCKOPT = find("setsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle RECVMSG = find("recvmsg", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle POLL = find("poll", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG, INT));
    private static final MethodHandle PIDFD_OPEN = find("syscall", FunctionDescriptor.of(LONG, LONG, LONG, LONG),
            Linker.Option.firstVariadicArg(1));

    /**
     * Who connected, as of then.
     *
     * @param pid the process, in this one's pid namespace; 0 if it is not in it
     * @param uid effective user
     * @param gid effective group
     * @param groups supplementary groups
     */
    public record Peer(int pid, int uid, int gid, int[] groups) {
        /** True if it acted with this group, as its first or another. */
        public boolean isIn(int group) {
            for (int one : groups) {
                if (one == group) {
                    return true;
                }
            }
            return gid == group;
        }
    }

    /**
     * What came at once. What different processes have sent, or was sent with descriptors, never comes at once.
     *
     * @param length bytes, -1 at the end, or if the other end is gone
     * @param pid of the process that sent it, in this one's pid namespace; 0 if that is not known
     * @param descriptors that came with it, the receiver's to close
     * @param cut true if there were more descriptors, which are lost
     */
    public record Received(int length, int pid, List<Integer> descriptors, boolean cut) {
    }

    private final int fd;
    private final Peer peer;
    /** A pidfd of the peer, -1 if there is none: its number is not given to another while it lives. */
    private final int process;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(CAPTURED);
    private final MemorySegment poll = arena.allocate(POLLFD_BYTES, 8);
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
    private boolean closed;

    private PeerSocket(int fd, Peer peer, int process) {
        this.fd = fd;
        this.peer = peer;
        this.process = process;
    }

    private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        System.arraycopy(more, 0, options, 0, more.length);
        options[more.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new IllegalStateException("libc lacks a function: name=" + name)), type, options);
    }

    /**
     * Listens at a path where nothing is.
     *
     * @param backlog how many may wait to be accepted
     * @throws KernelException if the kernel refuses, or the path is longer than {@value #MAX_PATH_BYTES} bytes
     */
    public static PeerSocket listen(Path path, int backlog) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > MAX_PATH_BYTES) {
            throw new KernelException("path of a UNIX socket: bytes=" + name.length + ", max=" + MAX_PATH_BYTES + ", path=" + path, 0);
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment captured = call.allocate(CAPTURED);
            int fd = (int) SOCKET.invokeExact(captured, (int) AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            if (fd < 0) {
                throw new KernelException("socket: type=unix stream", errno(captured));
            }
            MemorySegment address = call.allocate(SOCKADDR_BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, SOCKADDR_PATH, name.length);
            if ((int) BIND.invokeExact(captured, fd, address, SOCKADDR_PATH + name.length + 1) != 0
                    || (int) LISTEN.invokeExact(captured, fd, backlog) != 0) {
                int errno = errno(captured);
                Libc.close(fd);
                throw new KernelException("listen at a UNIX socket: path=" + path, errno);
            }
            return new PeerSocket(fd, null, -1);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * The next who connects.
     *
     * @param timeoutMs how long to wait
     * @return null if nobody came, or who came has gone
     * @throws KernelException if there is no room for one more (no descriptor, no memory)
     */
    public PeerSocket accept(int timeoutMs) {
        if (!await(POLLIN, timeoutMs)) {
            return null;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment captured = call.allocate(CAPTURED);
            int client = (int) ACCEPT.invokeExact(captured, fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (client < 0) {
                int errno = errno(captured);
                if (errno == Errno.ENFILE || errno == Errno.EMFILE || errno == Errno.ENOMEM || errno == Errno.ENOBUFS) {
                    throw new KernelException("accept", errno);
                }
                return null;
            }
            try {
                Peer who = peer(client, call, captured);
                return new PeerSocket(client, who, process(client, who.pid, call, captured));
            } catch (Throwable t) {
                Libc.close(client);
                throw t;
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private static Peer peer(int client, Arena call, MemorySegment captured) throws Throwable {
        MemorySegment length = call.allocate(INT);
        MemorySegment credentials = call.allocate(UCRED_BYTES, 4);
        length.set(INT, 0, UCRED_BYTES);
        if ((int) GETSOCKOPT.invokeExact(captured, client, SOL_SOCKET, SO_PEERCRED, credentials, length) != 0) {
            throw new KernelException("credentials of a peer", errno(captured));
        }
        MemorySegment groups = call.allocate(4L * GROUPS, 4);
        length.set(INT, 0, 4 * GROUPS);
        int result = (int) GETSOCKOPT.invokeExact(captured, client, SOL_SOCKET, SO_PEERGROUPS, groups, length);
        if (result != 0 && errno(captured) == Errno.ERANGE) {
            // The kernel has said how many bytes it takes.
            groups = call.allocate(length.get(INT, 0), 4);
            result = (int) GETSOCKOPT.invokeExact(captured, client, SOL_SOCKET, SO_PEERGROUPS, groups, length);
        }
        int count = result == 0 ? length.get(INT, 0) / 4 : 0;
        return new Peer(credentials.get(INT, 0), credentials.get(INT, UCRED_UID), credentials.get(INT, UCRED_GID),
                groups.asSlice(0, 4L * count).toArray(INT));
    }

    private static int process(int client, int pid, Arena call, MemorySegment captured) throws Throwable {
        MemorySegment length = call.allocate(INT);
        MemorySegment pidfd = call.allocate(INT);
        length.set(INT, 0, 4);
        if ((int) GETSOCKOPT.invokeExact(captured, client, SOL_SOCKET, SO_PEERPIDFD, pidfd, length) == 0) {
            return pidfd.get(INT, 0);
        }
        return pid <= 0 ? -1 : (int) (long) PIDFD_OPEN.invokeExact(captured, SYS_PIDFD_OPEN, (long) pid, 0L);
    }

    /** Who is at the other end; null of a socket that listens. */
    public Peer peer() {
        return peer;
    }

    /** True if the process that connected has not ended, so that its number means it. */
    public boolean peerLives() {
        return process >= 0 && !ready(process, POLLIN, 0);
    }

    /**
     * Reads what has come.
     *
     * @param timeoutMs how long to wait for something
     * @return how many bytes; -1 at the end, or if the other end is gone; 0 if nothing came in time
     */
    public int read(byte[] into, int from, int timeoutMs) {
        if (!await(POLLIN, timeoutMs)) {
            return 0;
        }
        try {
            long got = (long) RECV.invokeExact(state, fd, buffer, (long) Math.min(BUFFER_BYTES, into.length - from), 0);
            if (got > 0) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, from, (int) got);
                return (int) got;
            }
            return got < 0 && (errno(state) == Errno.EAGAIN || errno(state) == Errno.EINTR) ? 0 : -1;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * From now on the kernel says of what is sent which process sent it.
     *
     * @throws KernelException if the kernel refuses
     */
    public void askWhoSends() {
        try (Arena call = Arena.ofConfined()) {
            if ((int) SETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, SO_PASSCRED, call.allocateFrom(INT, 1), 4) != 0) {
                throw new KernelException("setsockopt: SO_PASSCRED", errno(state));
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * As {@link #read}, with who sent it and what was passed with it (unix(7)).
     *
     * @return null if nothing came in time
     */
    public Received receive(byte[] into, int timeoutMs) {
        if (!await(POLLIN, timeoutMs)) {
            return null;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment vector = call.allocate(IOVEC_BYTES, 8);
            vector.set(ValueLayout.ADDRESS, 0, buffer);
            vector.set(LONG, 8, Math.min(BUFFER_BYTES, into.length));
            MemorySegment control = call.allocate(CONTROL_BYTES, 8);
            MemorySegment message = call.allocate(MSGHDR_BYTES, 8);
            message.set(ValueLayout.ADDRESS, MSGHDR_VECTOR, vector);
            message.set(LONG, MSGHDR_VECTORS, 1);
            message.set(ValueLayout.ADDRESS, MSGHDR_CONTROL, control);
            message.set(LONG, MSGHDR_CONTROL_BYTES, CONTROL_BYTES);
            long got = (long) RECVMSG.invokeExact(state, fd, message, MSG_CMSG_CLOEXEC);
            if (got < 0 && (errno(state) == Errno.EAGAIN || errno(state) == Errno.EINTR)) {
                return null;
            }
            if (got <= 0) {
                return new Received(-1, 0, List.of(), false);
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, (int) got);
            return received((int) got, control.asSlice(0, message.get(LONG, MSGHDR_CONTROL_BYTES)),
                    (message.get(INT, MSGHDR_FLAGS) & MSG_CTRUNC) != 0);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private static Received received(int length, MemorySegment control, boolean cut) {
        int pid = 0;
        List<Integer> descriptors = new ArrayList<>();
        long at = 0;
        while (at + CMSG_DATA <= control.byteSize()) {
            long end = at + control.get(LONG, at);
            if (end < at + CMSG_DATA || end > control.byteSize()) {
                break;
            }
            int type = control.get(INT, at + CMSG_LEVEL) == SOL_SOCKET ? control.get(INT, at + CMSG_TYPE) : 0;
            if (type == SCM_CREDENTIALS) {
                pid = control.get(INT, at + CMSG_DATA);
            } else if (type == SCM_RIGHTS) {
                for (long i = at + CMSG_DATA; i + 4 <= end; i += 4) {
                    descriptors.add(control.get(INT, i));
                }
            }
            at = end + 7 & -8L;
        }
        return new Received(length, pid, descriptors, cut);
    }

    /**
     * Writes all of it.
     *
     * @param timeoutMs how long to wait for room, each time that there is none
     * @return false if the other end is gone, or takes nothing
     */
    public boolean write(byte[] bytes, int timeoutMs) {
        int sent = 0;
        while (sent < bytes.length) {
            if (!await(POLLOUT, timeoutMs)) {
                return false;
            }
            int length = Math.min(BUFFER_BYTES, bytes.length - sent);
            MemorySegment.copy(bytes, sent, buffer, ValueLayout.JAVA_BYTE, 0, length);
            try {
                long count = (long) SEND.invokeExact(state, fd, buffer, (long) length, MSG_NOSIGNAL);
                if (count >= 0) {
                    sent += (int) count;
                } else if (errno(state) != Errno.EAGAIN && errno(state) != Errno.EINTR) {
                    return false;
                }
            } catch (Throwable t) {
                throw Libc.rethrow(t);
            }
        }
        return true;
    }

    private boolean await(short events, int timeoutMs) {
        return ready(fd, events, timeoutMs);
    }

    private boolean ready(int descriptor, short events, int timeoutMs) {
        poll.set(INT, 0, descriptor);
        poll.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, events);
        poll.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS + 2, (short) 0);
        try {
            return (int) POLL.invokeExact(state, poll, 1L, timeoutMs) > 0;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
            if (process >= 0) {
                Libc.close(process);
            }
            arena.close();
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
