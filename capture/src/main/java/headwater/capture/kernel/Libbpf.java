// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * libbpf (1.1 or newer), function by function. A result below zero is a negated errno; a null pointer leaves the number in
 * errno, which {@link #pointer} picks up.
 */
final class Libbpf {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    private static final SymbolLookup LIBRARY = library();

    static final MethodHandle OPEN_MEM = find("bpf_object__open_mem", POINTER, POINTER, LONG, POINTER);
    static final MethodHandle LOAD = find("bpf_object__load", INT, POINTER);
    static final MethodHandle NEXT_PROGRAM = find("bpf_object__next_program", POINTER, POINTER, POINTER);
    static final MethodHandle PROGRAM_NAME = find("bpf_program__name", POINTER, POINTER);
    static final MethodHandle PROGRAM_SECTION = find("bpf_program__section_name", POINTER, POINTER);
    static final MethodHandle PROGRAM_INSTRUCTIONS = find("bpf_program__insn_cnt", LONG, POINTER);
    static final MethodHandle PROGRAM_FD = find("bpf_program__fd", INT, POINTER);
    static final MethodHandle SET_AUTOLOAD = find("bpf_program__set_autoload", INT, POINTER, ValueLayout.JAVA_BOOLEAN);
    static final MethodHandle RAW_TRACEPOINT_OPEN = find("bpf_raw_tracepoint_open", INT, POINTER, INT);
    static final MethodHandle LINK_CREATE = find("bpf_link_create", INT, INT, INT, INT, POINTER);
    static final MethodHandle ITER_CREATE = find("bpf_iter_create", INT, INT);
    static final MethodHandle FIND_MAP = find("bpf_object__find_map_by_name", POINTER, POINTER, POINTER);
    static final MethodHandle NEXT_MAP = find("bpf_object__next_map", POINTER, POINTER, POINTER);
    static final MethodHandle MAP_NAME = find("bpf_map__name", POINTER, POINTER);
    static final MethodHandle MAP_REUSE_FD = find("bpf_map__reuse_fd", INT, POINTER, INT);
    static final MethodHandle MAP_FD = find("bpf_map__fd", INT, POINTER);
    static final MethodHandle SET_INITIAL = find("bpf_map__set_initial_value", INT, POINTER, POINTER, LONG);
    static final MethodHandle SET_MAX_ENTRIES = find("bpf_map__set_max_entries", INT, POINTER, INT);
    static final MethodHandle MAP_CREATE = find("bpf_map_create", INT, INT, POINTER, INT, INT, INT, POINTER);
    static final MethodHandle MAP_UPDATE = find("bpf_map_update_elem", INT, INT, POINTER, POINTER, LONG);
    static final MethodHandle MAP_LOOKUP = find("bpf_map_lookup_elem", INT, INT, POINTER, POINTER);
    static final MethodHandle MAP_NEXT_KEY = find("bpf_map_get_next_key", INT, INT, POINTER, POINTER);
    static final MethodHandle MAP_DELETE = find("bpf_map_delete_elem", INT, INT, POINTER);
    static final MethodHandle OBJECT_INFO = find("bpf_obj_get_info_by_fd", INT, INT, POINTER, POINTER);
    static final MethodHandle TEST_RUN = find("bpf_prog_test_run_opts", INT, INT, POINTER);
    static final MethodHandle CLOSE = LINKER.downcallHandle(LIBRARY.find("bpf_object__close").orElseThrow(),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    private static final MethodHandle SET_PRINT = find("libbpf_set_print", POINTER, POINTER);

    static {
        // Its messages go to stderr and mislead (they advise raising a limit when the kernel refuses a program type); the
        // verifier's own log is fetched through a buffer instead.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment previous = (MemorySegment) SET_PRINT.invokeExact(arena.allocate(CAPTURED), MemorySegment.NULL);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private Libbpf() {
    }

    private static SymbolLookup library() {
        try {
            return SymbolLookup.libraryLookup("libbpf.so.1", Arena.global());
        } catch (IllegalArgumentException e) {
            throw new KernelException("libbpf.so.1 cannot be loaded; apt-get install libbpf1", 0);
        }
    }

    private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
        MemorySegment symbol = LIBRARY.find(name).orElseThrow(
                () -> new KernelException("libbpf.so.1 is too old: it lacks " + name + "; install libbpf 1.1 or newer", 0));
        return LINKER.downcallHandle(symbol, FunctionDescriptor.of(result, arguments), CAPTURE_ERRNO);
    }

    /** Memory for the errno that a call leaves behind. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(CAPTURED);
    }

    /** A result that is negative on error. */
    static int number(int result, String what) {
        if (result < 0) {
            throw new KernelException(what, -result);
        }
        return result;
    }

    /** A result that is null on error. */
    static MemorySegment pointer(MemorySegment result, MemorySegment state, String what) {
        if (result.address() == 0) {
            throw new KernelException(what, (int) ERRNO.get(state, 0L));
        }
        return result;
    }
}
