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
import java.nio.file.Path;

/** The few functions of libc that the JDK does not offer. All are safe for use by several threads. */
public final class Libc {
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int CLOCK_REALTIME = 0;
    public static final int CLOCK_BOOTTIME = 7;
    public static final int SIGCONT = 18;

    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int O_DIRECTORY = 0x10000;

    private static final Linker LINKER = Linker.nativeLinker();
    static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle MMAP = find("mmap", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = find("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE = find("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle OPEN = LINKER.downcallHandle(symbol("open"), FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), CAPTURE_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FCNTL = LINKER.downcallHandle(symbol("fcntl"), FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), CAPTURE_ERRNO, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle READ = find("read", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle KILL = find("kill",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    /* On Linux, a "process" is a thread here. */
    private static final int PRIO_PROCESS = 0;
    private static final MethodHandle SET_PRIORITY = find("setpriority",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GET_PRIORITY = find("getpriority",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GET_SESSION = find("getsid", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOCK_GETTIME = LINKER.downcallHandle(symbol("clock_gettime"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private Libc() {
    }

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new IllegalStateException("libc lacks a function: name=" + name));
    }

    static MethodHandle find(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(symbol(name), type, CAPTURE_ERRNO);
    }

    /**
     * Maps {@code length} bytes of {@code fd}; unmapped when {@code arena} closes.
     *
     * @throws KernelException if the kernel refuses
     */
    public static MemorySegment mmap(Arena arena, int fd, long offset, long length, int protection) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            MemorySegment mapped = (MemorySegment) MMAP.invokeExact(state, MemorySegment.NULL, length, protection,
                    MAP_SHARED, fd, offset);
            if (mapped.address() == -1) {
                throw new KernelException("mmap: fd=" + fd + ", offset=" + offset + ", length=" + length, errno(state));
            }
            return mapped.reinterpret(length, arena, Libc::munmap);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    private static void munmap(MemorySegment mapped) {
        try (Arena call = Arena.ofConfined()) {
            int ignored = (int) MUNMAP.invokeExact(call.allocate(CAPTURED), mapped, mapped.byteSize());
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Opens a file that exists for reading.
     *
     * @return its descriptor, which the caller closes; programs that this process executes do not get it
     * @throws KernelException if the kernel refuses
     */
    public static int open(String path) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            int fd = (int) OPEN.invokeExact(state, call.allocateFrom(path), O_CLOEXEC, 0);
            if (fd < 0) {
                throw new KernelException("open: path=" + path, errno(state));
            }
            return fd;
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * A descriptor that only names a file: opening it does nothing to a device, and waits for nobody at a FIFO.
     *
     * @return it, which the caller closes
     * @throws KernelException if the kernel refuses
     */
    public static int openPath(String path) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            int fd = (int) OPEN.invokeExact(state, call.allocateFrom(path), O_PATH | O_CLOEXEC, 0);
            if (fd < 0) {
                throw new KernelException("open: path=" + path, errno(state));
            }
            return fd;
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * A descriptor of a folder, for reading.
     *
     * @throws KernelException if it cannot be opened
     */
    static int openFolder(Path folder) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            int fd = (int) OPEN.invokeExact(state, call.allocateFrom(folder.toString()), O_DIRECTORY | O_CLOEXEC, 0);
            if (fd < 0) {
                throw new KernelException("folder cannot be opened: path=" + folder, errno(state));
            }
            return fd;
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Another descriptor of what is open; programs that this process executes do not get it.
     *
     * @throws KernelException if the process has none left
     */
    static int duplicate(int fd) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            int made = (int) FCNTL.invokeExact(state, fd, F_DUPFD_CLOEXEC, 0);
            if (made < 0) {
                throw new KernelException("descriptor cannot be duplicated: fd=" + fd + "; raise ulimit -n", errno(state));
            }
            return made;
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** Closes a descriptor; an error means that it was not open, which is no matter. */
    public static void close(int fd) {
        try (Arena call = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(call.allocate(CAPTURED), fd);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Reads {@code fd} to its end and drops what it gives: that is how a BPF iterator is run.
     *
     * @throws KernelException if a read fails
     */
    public static void drain(int fd) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            MemorySegment buffer = call.allocate(4096);
            long got;
            do {
                got = (long) READ.invokeExact(state, fd, buffer, 4096L);
                if (got < 0 && errno(state) != Errno.EAGAIN) {
                    throw new KernelException("read of a BPF iterator: fd=" + fd, errno(state));
                }
            } while (got != 0);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Sends a signal to one process.
     *
     * @throws KernelException if the kernel refuses
     */
    public static void kill(int pid, int signal) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment state = call.allocate(CAPTURED);
            if ((int) KILL.invokeExact(state, pid, signal) != 0) {
                throw new KernelException("kill: pid=" + pid + ", signal=" + signal, errno(state));
            }
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /** The session that this process is of: the process that began it. */
    public static int session() {
        try (Arena call = Arena.ofConfined()) {
            return (int) GET_SESSION.invokeExact(call.allocate(CAPTURED), 0);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * What share of the CPUs a thread gets where there are more threads than CPUs: from -20, most, to 19.
     *
     * @param tid 0 for the calling thread
     */
    public static int nice(int tid) {
        try (Arena call = Arena.ofConfined()) {
            return (int) GET_PRIORITY.invokeExact(call.allocate(CAPTURED), PRIO_PROCESS, tid);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Sets what share of the CPUs a thread gets where there are more threads than CPUs: from -20, most, to 19. Without effect where the
     * kernel does not let this process.
     *
     * @param tid 0 for the calling thread
     */
    public static void nice(int tid, int value) {
        try (Arena call = Arena.ofConfined()) {
            int ignored = (int) SET_PRIORITY.invokeExact(call.allocate(CAPTURED), PRIO_PROCESS, tid, value);
        } catch (Throwable t) {
            throw rethrow(t);
        }
    }

    /**
     * Nanoseconds on a clock of the kernel. Makes no object.
     *
     * @param timespec 16 bytes of scratch, native memory
     */
    public static long clockNs(int clock, MemorySegment timespec) {
        try {
            int ignored = (int) CLOCK_GETTIME.invokeExact(clock, timespec);
        } catch (Throwable t) {
            throw rethrow(t);
        }
        return timespec.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + timespec.get(ValueLayout.JAVA_LONG, 8);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static RuntimeException rethrow(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(t);
    }
}
