// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A UNIX stream socket that tells who is at the other end, which the JDK's does not: who connected ({@link #peer}), who sent what
 * was received, and the descriptors that were passed with it (unix(7)).
 *
 * <p>One thread receives and one sends; {@link #end} may be called by any, and {@link #close} by the one that is last.
 */
public final class LocalSocket implements AutoCloseable {
    /** Of a UNIX socket's path (unix(7)), without the NUL. */
    public static final int PATH_BYTES_MAX = 107;
    /** So many descriptors may come with what is received at once; the kernel drops others. */
    public static final int DESCRIPTORS_MAX = 16;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SO_PEERGROUPS = 59;
    private static final int SO_PEERPIDFD = 77;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_CTRUNC = 8;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int SHUT_RDWR = 2;
    private static final int UCRED_BYTES = 12;
    private static final int CONTROL_HEAD = 16;
    private static final int CONTROL_BYTES = CONTROL_HEAD + 16 + CONTROL_HEAD + 4 * DESCRIPTORS_MAX;
    private static final int GROUPS_MAX = 65536;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final java.lang.foreign.AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle SOCKET = Libc.find("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle BIND = Libc.find("bind", FunctionDescriptor.of(INT, INT, POINTER, INT));
    private static final MethodHandle LISTEN = Libc.find("listen", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle ACCEPT = Libc.find("accept4", FunctionDescriptor.of(INT, INT, POINTER, POINTER, INT));
    private static final MethodHandle SHUTDOWN = Libc.find("shutdown", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle SEND = Libc.find("send", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT));
    private static final MethodHandle RECEIVE = Libc.find("recvmsg", FunctionDescriptor.of(LONG, INT, POINTER, INT));
    private static final MethodHandle SET_OPTION = Libc.find("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
    private static final MethodHandle GET_OPTION = Libc.find("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, POINTER));

    private final int fd;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /**
     * Who connected, as it was then.
     *
     * @param pid process id as this process sees it, 0 if it does not
     * @param uid effective user
     * @param gid effective group
     * @param groups supplementary ones
     */
    public record Peer(int pid, int uid, int gid, int[] groups) {
    }

    /**
     * What came at once.
     *
     * @param length bytes, 0 if the other end has closed
     * @param pid of the process that sent it, 0 if it is not known
     * @param descriptors that came with it, the receiver's to close
     * @param cut true if there were more descriptors, which are lost
     */
    public record Received(int length, int pid, List<Integer> descriptors, boolean cut) {
    }

    private LocalSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Listens at a path that is not there yet.
     *
     * @param permissions of the socket's file, such as {@code rw-rw-rw-}; who may write may connect, and nobody before they are set
     * @throws KernelException if the kernel refuses
     * @throws IOException if the permissions cannot be set
     * @throws IllegalArgumentException if the path is too long
     */
    public static LocalSocket listen(Path path, String permissions, int backlog) throws IOException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > PATH_BYTES_MAX) {
            throw new IllegalArgumentException("a socket's path is too long: path=" + path + ", bytes=" + name.length + ", max="
                    + PATH_BYTES_MAX);
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            LocalSocket socket = new LocalSocket(checked((int) SOCKET.invokeExact(state, AF_UNIX, SOCK_STREAM_CLOEXEC, 0), state, "socket"));
            try {
                MemorySegment address = call.allocate(110, 8);
                address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
                MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
                checked((int) BIND.invokeExact(state, socket.fd, address, 2 + name.length + 1), state, "bind: path=" + path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
                checked((int) LISTEN.invokeExact(state, socket.fd, backlog), state, "listen: path=" + path);
                return socket;
            } catch (Throwable t) {
                socket.close();
                throw t;
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Waits for one that connects.
     *
     * @throws KernelException if the kernel refuses, or {@link #end} was called
     */
    public LocalSocket accept() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            LocalSocket accepted = new LocalSocket(checked((int) ACCEPT.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL,
                    0x80000), state, "accept"));
            try {
                accepted.option(SO_PASSCRED, 1);
                return accepted;
            } catch (KernelException e) {
                accepted.close();
                throw e;
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Who connected. */
    public Peer peer() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            MemorySegment value = call.allocate(Math.max(UCRED_BYTES, 4L * GROUPS_MAX), 4);
            MemorySegment length = call.allocate(INT);
            length.set(INT, 0, UCRED_BYTES);
            checked((int) GET_OPTION.invokeExact(state, fd, SOL_SOCKET, SO_PEERCRED, value, length), state, "getsockopt: SO_PEERCRED");
            int pid = value.get(INT, 0);
            int uid = value.get(INT, 4);
            int gid = value.get(INT, 8);
            length.set(INT, 0, 4 * GROUPS_MAX);
            checked((int) GET_OPTION.invokeExact(state, fd, SOL_SOCKET, SO_PEERGROUPS, value, length), state, "getsockopt: SO_PEERGROUPS");
            int[] groups = value.asSlice(0, length.get(INT, 0)).toArray(INT);
            return new Peer(pid, uid, gid, groups);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * A descriptor of the very process that connected, which the caller closes; -1 if this kernel does not give one (before 6.5).
     *
     * @throws KernelException if that process has gone
     */
    int peerProcess() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            MemorySegment value = call.allocate(INT);
            MemorySegment length = call.allocate(INT);
            length.set(INT, 0, 4);
            int result = (int) GET_OPTION.invokeExact(state, fd, SOL_SOCKET, SO_PEERPIDFD, value, length);
            if (result < 0 && Libc.errno(state) == Errno.ENOPROTOOPT) {
                return -1;
            }
            checked(result, state, "getsockopt: SO_PEERPIDFD");
            return value.get(INT, 0);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** A call that receives gives up after so many milliseconds; 0 for never. */
    public void receiveTimeout(long milliseconds) {
        timeout(SO_RCVTIMEO, milliseconds);
    }

    /** The same, of one that sends. */
    public void sendTimeout(long milliseconds) {
        timeout(SO_SNDTIMEO, milliseconds);
    }

    private void timeout(int option, long milliseconds) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            MemorySegment timeval = call.allocate(16, 8);
            timeval.set(LONG, 0, milliseconds / 1000);
            timeval.set(LONG, 8, milliseconds % 1000 * 1000);
            checked((int) SET_OPTION.invokeExact(state, fd, SOL_SOCKET, option, timeval, 16), state, "setsockopt: option=" + option);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private void option(int option, int value) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            MemorySegment segment = call.allocateFrom(INT, value);
            checked((int) SET_OPTION.invokeExact(state, fd, SOL_SOCKET, option, segment, 4), state, "setsockopt: option=" + option);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Waits for what comes next. What different processes have sent, or was sent with descriptors, never comes at once.
     *
     * @param into room for bytes, native memory
     * @throws KernelException if nothing comes in time, or the connection fails
     */
    public Received receive(MemorySegment into) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            MemorySegment vector = call.allocate(16, 8);
            vector.set(POINTER, 0, into);
            vector.set(LONG, 8, into.byteSize());
            MemorySegment control = call.allocate(CONTROL_BYTES, 8);
            MemorySegment message = call.allocate(56, 8);
            message.set(POINTER, 16, vector);
            message.set(LONG, 24, 1);
            message.set(POINTER, 32, control);
            message.set(LONG, 40, CONTROL_BYTES);
            long length = (long) RECEIVE.invokeExact(state, fd, message, MSG_CMSG_CLOEXEC);
            if (length < 0) {
                throw new KernelException("recvmsg", Libc.errno(state));
            }
            return received((int) length, control.asSlice(0, message.get(LONG, 40)), (message.get(INT, 48) & MSG_CTRUNC) != 0);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private static Received received(int length, MemorySegment control, boolean cut) {
        int pid = 0;
        List<Integer> descriptors = new ArrayList<>();
        long at = 0;
        while (at + CONTROL_HEAD <= control.byteSize()) {
            long end = at + control.get(LONG, at);
            if (end < at + CONTROL_HEAD || end > control.byteSize()) {
                break;
            }
            if (control.get(INT, at + 8) == SOL_SOCKET) {
                switch (control.get(INT, at + 12)) {
                    case SCM_CREDENTIALS -> pid = control.get(INT, at + CONTROL_HEAD);
                    case SCM_RIGHTS -> {
                        for (long i = at + CONTROL_HEAD; i + 4 <= end; i += 4) {
                            descriptors.add(control.get(INT, i));
                        }
                    }
                    default -> { }
                }
            }
            at = end + 7 & -8L;
        }
        return new Received(length, pid, descriptors, cut);
    }

    /**
     * Sends all of it.
     *
     * @throws KernelException if the other end does not take it in time, or has closed
     */
    public void send(byte[] bytes) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(Libc.CAPTURED);
            MemorySegment segment = call.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long sent = 0;
            while (sent < bytes.length) {
                long now = (long) SEND.invokeExact(state, fd, segment.asSlice(sent), bytes.length - sent, MSG_NOSIGNAL);
                if (now < 0) {
                    throw new KernelException("send", Libc.errno(state));
                }
                sent += now;
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Whoever waits in a call on this socket comes back from it. Does nothing once it is closed. */
    public synchronized void end() {
        if (!open.get()) {
            return;
        }
        try (Arena call = Arena.ofConfined()) {
            int ignored = (int) SHUTDOWN.invokeExact(call.allocate(Libc.CAPTURED), fd, SHUT_RDWR);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    @Override
    public synchronized void close() {
        if (open.compareAndSet(true, false)) {
            Libc.close(fd);
        }
    }

    private static int checked(int result, MemorySegment state, String what) {
        if (result < 0) {
            throw new KernelException(what, Libc.errno(state));
        }
        return result;
    }
}
