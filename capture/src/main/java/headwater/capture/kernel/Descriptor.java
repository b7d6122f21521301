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

/**
 * A FIFO or a UNIX datagram socket that is written without ever waiting in the kernel: what the JDK does not offer. For one thread; the
 * owner closes it.
 *
 * <pre>
 *   0        2                          110
 *   +--------+---------------------------+
 *   | family | path, zero-terminated     |   sockaddr_un; an abstract name starts with a zero byte
 *   +--------+---------------------------+
 *   0        4        6         8
 *   +--------+--------+---------+
 *   |   fd   | events | revents |             pollfd
 *   +--------+--------+---------+
 * </pre>
 */
public final class Descriptor implements AutoCloseable {
    /** Longest path of a UNIX socket, in bytes. */
    public static final int MAX_SOCKET_PATH = 107;

    private static final int O_WRONLY = 1;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final short POLLOUT = 4;
    private static final short POLLERR = 8;
    private static final short POLLHUP = 16;
    private static final long TIOCOUTQ = 0x5411;
    private static final long FIONREAD = 0x541b;
    private static final int SOCKADDR_PATH = 2;
    private static final int SOCKADDR_BYTES = 110;
    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_REVENTS = 6;
    private static final int POLLFD_BYTES = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private static final MethodHandle OPEN = find("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT, INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle MKFIFO = find("mkfifo", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle SOCKET = find("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle CONNECT = find("connect", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle SETSOCKOPT = find("setsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle SEND = find("send", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT));
    private static final MethodHandle WRITE = find("write", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle POLL = find("poll", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG, INT));
    private static final MethodHandle IOCTL = find("ioctl", FunctionDescriptor.of(INT, INT, LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));

    private final int fd;
    private final String name;
    private final boolean socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(CAPTURED);
    private final MemorySegment scratch = arena.allocate(POLLFD_BYTES, 8);
    private Arena bufferArena = Arena.ofShared();
    private MemorySegment buffer = bufferArena.allocate(1 << 16);

    private Descriptor(int fd, String name, boolean socket) {
        this.fd = fd;
        this.name = name;
        this.socket = socket;
    }

    private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        System.arraycopy(more, 0, options, 0, more.length);
        options[more.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new IllegalStateException("libc lacks a function: name=" + name)), type, options);
    }

    /**
     * Makes a FIFO; the process's umask applies to {@code mode}.
     *
     * @throws KernelException if the kernel refuses, also if there is something of that name
     */
    public static void mkfifo(Path path, int mode) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment captured = call.allocate(CAPTURED);
            if ((int) MKFIFO.invokeExact(captured, call.allocateFrom(path.toString()), mode) != 0) {
                throw new KernelException("mkfifo: path=" + path, errno(captured));
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Opens a FIFO for writing.
     *
     * @return null if nobody has it open for reading
     * @throws KernelException if the kernel refuses for another reason
     */
    public static Descriptor fifo(Path path) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment captured = call.allocate(CAPTURED);
            int fd = (int) OPEN.invokeExact(captured, call.allocateFrom(path.toString()), O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
            if (fd < 0 && errno(captured) == Errno.ENXIO) {
                return null;
            }
            if (fd < 0) {
                throw new KernelException("open of a FIFO: path=" + path, errno(captured));
            }
            return new Descriptor(fd, path.toString(), false);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * A datagram socket whose peer is the one at {@code address}.
     *
     * @param address a path, or {@code @} and an abstract name; {@value #MAX_SOCKET_PATH} bytes at most
     * @throws KernelException if the kernel refuses; EPROTOTYPE if the peer is a socket of another type
     */
    public static Descriptor datagram(String address) {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > MAX_SOCKET_PATH) {
            throw new KernelException("address of a UNIX socket: bytes=" + path.length + ", most=" + MAX_SOCKET_PATH
                    + ", address=" + address, 0);
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment captured = call.allocate(CAPTURED);
            int fd = (int) SOCKET.invokeExact(captured, (int) AF_UNIX, SOCK_DGRAM | O_CLOEXEC | O_NONBLOCK, 0);
            if (fd < 0) {
                throw new KernelException("socket: type=unix datagram", errno(captured));
            }
            MemorySegment name = call.allocate(SOCKADDR_BYTES);
            name.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, SOCKADDR_PATH, path.length);
            boolean isAbstract = path[0] == '@';
            if (isAbstract) {
                name.set(ValueLayout.JAVA_BYTE, SOCKADDR_PATH, (byte) 0);
            }
            int length = SOCKADDR_PATH + path.length + (isAbstract ? 0 : 1);
            if ((int) CONNECT.invokeExact(captured, fd, name, length) != 0) {
                int errno = errno(captured);
                Libc.close(fd);
                throw new KernelException("connect to a UNIX datagram socket: address=" + address, errno);
            }
            return new Descriptor(fd, address, true);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Asks for room for {@code bytes} in the socket's own queue, beyond the system's limit (as root); false if refused. */
    public boolean sendBuffer(int bytes) {
        scratch.set(INT, 0, bytes);
        try {
            return (int) SETSOCKOPT.invokeExact(state, fd, SOL_SOCKET, SO_SNDBUFFORCE, scratch, 4) == 0;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Writes what fits, of {@code bytes} from {@code from} on; a socket sends all as one datagram, or nothing.
     *
     * @return how many bytes, 0 if there is no room now
     * @throws KernelException if the other end is gone (EPIPE, ECONNREFUSED), or the datagram is too large (EMSGSIZE)
     */
    public int write(byte[] bytes, int from) {
        int length = bytes.length - from;
        if (buffer.byteSize() < length) {
            bufferArena.close();
            bufferArena = Arena.ofShared();
            buffer = bufferArena.allocate(Math.max(length, 2 * buffer.byteSize()));
        }
        MemorySegment.copy(bytes, from, buffer, ValueLayout.JAVA_BYTE, 0, length);
        try {
            long count = socket ? (long) SEND.invokeExact(state, fd, buffer, (long) length, MSG_DONTWAIT | MSG_NOSIGNAL)
                    : (long) WRITE.invokeExact(state, fd, buffer, (long) length);
            if (count >= 0) {
                return (int) count;
            }
            int errno = errno(state);
            if (errno == Errno.EAGAIN || errno == Errno.EINTR || errno == Errno.ENOBUFS) {
                return 0;
            }
            throw new KernelException("write: to=" + name + ", bytes=" + length, errno);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Waits until there is room, at most {@code timeoutMs}.
     *
     * @throws KernelException if the other end is gone
     */
    public void awaitRoom(int timeoutMs) {
        scratch.set(INT, 0, fd);
        scratch.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, POLLOUT);
        scratch.set(ValueLayout.JAVA_SHORT, POLLFD_REVENTS, (short) 0);
        int count;
        try {
            count = (int) POLL.invokeExact(state, scratch, 1L, timeoutMs);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
        if (count > 0 && (scratch.get(ValueLayout.JAVA_SHORT, POLLFD_REVENTS) & (POLLERR | POLLHUP)) != 0) {
            throw new KernelException("the other end is gone: to=" + name, Errno.EPIPE);
        }
    }

    /** How much of what was written has not been read: bytes in a FIFO; of a socket, memory that its datagrams take. */
    public int unread() {
        try {
            if ((int) IOCTL.invokeExact(state, fd, socket ? TIOCOUTQ : FIONREAD, scratch) != 0) {
                throw new KernelException("ioctl: to=" + name, errno(state));
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
        return scratch.get(INT, 0);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            Libc.close(fd);
            arena.close();
            bufferArena.close();
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
