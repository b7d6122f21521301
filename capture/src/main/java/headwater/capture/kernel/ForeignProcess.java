// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The process at the other end of a socket. Files are opened as that process could: by its root, and with no more rights than its user
 * has.
 *
 * <p>Used by one thread at a time, which must be a platform thread: a thread's rights over files are changed for a while.
 */
public final class ForeignProcess {
    private static final long NR_OPENAT2 = 437;
    private static final long NR_FACCESSAT2 = 439;
    private static final long NR_SETGROUPS = System.getProperty("os.arch").equals("aarch64") ? 159 : 116;
    private static final long NR_GETGROUPS = System.getProperty("os.arch").equals("aarch64") ? 158 : 115;
    private static final int O_PATH_CLOEXEC = 0x200000 | 0x80000;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_IN_ROOT = 0x10;
    private static final long AT_EMPTY_PATH = 0x1000;
    private static final long AT_EACCESS = 0x200;
    private static final long W_OK = 2;
    private static final int F_GETFL = 3;
    private static final int O_ACCMODE = 3;
    private static final int O_PATH = 0x200000;
    private static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final long OVERLAYFS_SUPER_MAGIC = 0x794c7630;
    private static final int GROUPS_MAX = 65536;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    /* glibc's own setgroups(3) would change all threads, its syscall(2) changes this one. */
    private static final MethodHandle SYSCALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG), Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SETFSUID = Libc.find("setfsuid", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle SETFSGID = Libc.find("setfsgid", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FSTATFS = Libc.find("fstatfs", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS));
    private static final MethodHandle FCNTL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("fcntl").orElseThrow(), FunctionDescriptor.of(INT, INT, INT, INT),
            Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(2));

    private final PeerSocket.Peer peer;
    private final BooleanSupplier lives;

    /**
     * @param lives says that the process has not ended, so that its number means it
     */
    ForeignProcess(PeerSocket.Peer peer, BooleanSupplier lives) {
        this.peer = peer;
        this.lives = lives;
    }

    /**
     * The process that connected. On kernels before 6.5 it is found by its id, and may be another that was given the id since: whoever
     * relies on it must then see it do something that only the one that connected could do.
     *
     * @param socket stays the caller's, and open
     */
    public static ForeignProcess ofPeer(PeerSocket socket) {
        return new ForeignProcess(socket.peer(), socket::peerLives);
    }

    public PeerSocket.Peer peer() {
        return peer;
    }

    /** True if the process has not ended: what {@code /proc} has of its id is its own. */
    public boolean lives() {
        return lives.getAsBoolean();
    }

    /**
     * A descriptor that only names a file (O_PATH), which the caller closes. The path is followed in the process's root, by the rights
     * that its user had when it connected, never through {@code /proc}'s links to what other processes have open.
     *
     * @param path absolute
     * @throws KernelException if there is no such file, or its user may not get there
     */
    public int openByPath(byte[] path, boolean toWrite) {
        int root = Libc.open("/proc/" + peer.pid() + "/root");
        try (Arena arena = Arena.ofConfined(); Rights rights = new Rights(arena)) {
            if (!lives()) {
                throw new KernelException("process has gone: pid=" + peer.pid(), Errno.ESRCH);
            }
            MemorySegment name = arena.allocate(path.length + 1L);
            MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
            MemorySegment how = arena.allocate(24, 8);
            how.set(LONG, 0, O_PATH_CLOEXEC);
            how.set(LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            rights.take();
            int fd = (int) call("file cannot be named", NR_OPENAT2, root, name.address(), how.address(), 24);
            try {
                if (toWrite) {
                    call("file cannot be written", NR_FACCESSAT2, fd, arena.allocateFrom("").address(), W_OK, AT_EMPTY_PATH | AT_EACCESS);
                }
            } catch (KernelException e) {
                Libc.close(fd);
                throw e;
            }
            return fd;
        } finally {
            Libc.close(root);
        }
    }

    /**
     * Whether a descriptor that was passed is open for more than a name, and for writing if that is asked.
     *
     * @throws KernelException if it is no descriptor
     */
    public static boolean isOpen(int fd, boolean toWrite) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CAPTURED);
            int flags = (int) FCNTL.invokeExact(state, fd, F_GETFL, 0);
            if (flags < 0) {
                throw new KernelException("fcntl: fd=" + fd, Libc.errno(state));
            }
            return (flags & O_PATH) == 0 && (!toWrite || (flags & O_ACCMODE) != 0);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Whether a file is one of {@code /proc}, where a name means another thing to each who asks.
     *
     * @throws KernelException if it is no descriptor
     */
    public static boolean isOfProc(int fd) {
        return isOf(fd, PROC_SUPER_MAGIC);
    }

    /**
     * Whether a file is one of an overlay, of which only a descriptor that is open for more than a name says where its bytes are.
     *
     * @throws KernelException if it is no descriptor
     */
    public static boolean isOfOverlay(int fd) {
        return isOf(fd, OVERLAYFS_SUPER_MAGIC);
    }

    private static boolean isOf(int fd, long magic) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CAPTURED);
            MemorySegment statfs = arena.allocate(256, 8);
            if ((int) FSTATFS.invokeExact(state, fd, statfs) < 0) {
                throw new KernelException("fstatfs: fd=" + fd, Libc.errno(state));
            }
            return statfs.get(LONG, 0) == magic;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** This thread's rights over files: the process's from {@link #take} to {@link #close}. */
    private final class Rights implements AutoCloseable {
        private final Arena arena;
        private int uid = -1;
        private int gid = -1;
        private MemorySegment groups;
        private int groupCount;
        private boolean taken;

        Rights(Arena arena) {
            this.arena = arena;
        }

        void take() {
            groups = arena.allocate(4L * GROUPS_MAX, 4);
            groupCount = (int) call("getgroups", NR_GETGROUPS, GROUPS_MAX, groups.address(), 0, 0);
            gid = set(SETFSGID, -1);
            uid = set(SETFSUID, -1);
            if (uid == peer.uid() && gid == peer.gid() && Arrays.equals(groups.asSlice(0, 4L * groupCount).toArray(INT), peer.groups())) {
                return;
            }
            taken = true;
            MemorySegment theirs = arena.allocate(4L * Math.max(1, peer.groups().length), 4);
            MemorySegment.copy(peer.groups(), 0, theirs, INT, 0, peer.groups().length);
            call("setgroups", NR_SETGROUPS, peer.groups().length, theirs.address(), 0, 0);
            set(SETFSGID, peer.gid());
            set(SETFSUID, peer.uid());
            if (set(SETFSUID, -1) != peer.uid() || set(SETFSGID, -1) != peer.gid()) {
                throw new KernelException("rights of another user cannot be taken on: uid=" + peer.uid(), Errno.EPERM);
            }
        }

        private int set(MethodHandle function, int id) {
            try (Arena call = Arena.ofConfined()) {
                return (int) function.invokeExact(call.allocate(Libc.CAPTURED), id);
            } catch (Throwable t) {
                throw Libc.rethrow(t);
            }
        }

        @Override
        public void close() {
            if (taken) {
                set(SETFSUID, uid);
                set(SETFSGID, gid);
                call("setgroups", NR_SETGROUPS, groupCount, groups.address(), 0, 0);
            }
        }
    }

    private static long call(String what, long number, long a, long b, long c, long d) {
        long result = tryCall(number, a, b, c, d);
        if (result < 0) {
            throw new KernelException(what, (int) -result);
        }
        return result;
    }

    /** The result, or the negative error number. */
    private static long tryCall(long number, long a, long b, long c, long d) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CAPTURED);
            long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d);
            return result < 0 ? -Libc.errno(state) : result;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }
}
