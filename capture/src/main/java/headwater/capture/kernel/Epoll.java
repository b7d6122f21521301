// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Descriptors that one thread waits for, together with a bell that others ring (epoll(7), eventfd(2)). The descriptors stay the
 * caller's. Makes no object while it waits.
 */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    /* struct epoll_event of x86-64, packed: 0 events | 4 data */
    private static final int EVENT_BYTES = 12;
    private static final int EVENT_DATA = 4;

    private static final MethodHandle CREATE = Libc.find("epoll_create1", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT));
    private static final MethodHandle CONTROL = Libc.find("epoll_ctl", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle WAIT = Libc.find("epoll_wait", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle EVENTFD = Libc.find("eventfd", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle WRITE = Libc.find("eventfd_write", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle READ = Libc.find("eventfd_read", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Libc.CAPTURED);
    private final MemorySegment event = arena.allocate(EVENT_BYTES, 8);
    private final MemorySegment rung = arena.allocate(ValueLayout.JAVA_LONG);
    private final int epoll;
    private final int bell;
    private boolean closed;

    /**
     * With the bell alone.
     *
     * @throws KernelException if the process has no descriptors left
     */
    public Epoll() {
        int made = -1;
        int rings = -1;
        try {
            made = checked((int) CREATE.invokeExact(state, EPOLL_CLOEXEC), "epoll instance cannot be made; raise ulimit -n");
            rings = checked((int) EVENTFD.invokeExact(state, 0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd cannot be made; raise ulimit -n");
            epoll = made;
            bell = rings;
            add(bell);
        } catch (Throwable t) {
            Libc.close(rings);
            Libc.close(made);
            arena.close();
            throw Libc.rethrow(t);
        }
    }

    /** Waits for this one too, from now on: until it can be read. */
    public void add(int fd) {
        event.set(ValueLayout.JAVA_INT, 0, EPOLLIN);
        event.set(ValueLayout.JAVA_INT_UNALIGNED, EVENT_DATA, fd);
        try {
            checked((int) CONTROL.invokeExact(state, epoll, EPOLL_CTL_ADD, fd, event), "descriptor cannot be waited for: fd=" + fd);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Waits until one of the descriptors can be read, somebody rings, or the time is over. By one thread at a time.
     *
     * @param atMostMs milliseconds, from 0 on
     */
    public void await(int atMostMs) {
        try {
            int ready = (int) WAIT.invokeExact(state, epoll, event, 1, atMostMs);
            if (ready < 0 && Libc.errno(state) != Errno.EINTR) {
                throw new KernelException("epoll cannot be waited for: fd=" + epoll, Libc.errno(state));
            }
            if (ready > 0 && event.get(ValueLayout.JAVA_INT_UNALIGNED, EVENT_DATA) == bell) {
                int ignored = (int) READ.invokeExact(state, bell, rung);
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Ends the wait of whoever waits, or the next one's. By any thread; after {@link #close} it does nothing. */
    public synchronized void ring() {
        if (closed) {
            return;
        }
        try (Arena call = Arena.ofConfined()) {
            // It fails only if it has been rung so often that it is ringing all the same.
            int ignored = (int) WRITE.invokeExact(call.allocate(Libc.CAPTURED), bell, 1L);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private int checked(int result, String what) {
        if (result < 0) {
            throw new KernelException(what, Libc.errno(state));
        }
        return result;
    }

    /** By the thread that waits. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Libc.close(epoll);
        Libc.close(bell);
        arena.close();
    }
}
