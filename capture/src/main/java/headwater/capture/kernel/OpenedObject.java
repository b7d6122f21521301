// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import headwater.capture.kernel.BpfObject.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * An ELF object as libbpf has it, from its opening until its programs and maps are in the kernel; what it keeps of one takes more memory
 * than all else, so it is closed then. Used by one thread; while others load parts of the same object, they read its maps.
 */
final class OpenedObject implements AutoCloseable {
    private static final int LOG_BYTES = 1 << 20;
    private static final int LOG_LINES = 12;

    /*
     * struct bpf_object_open_opts of libbpf 1.1 (libbpf.h):
     *   0 sz | 8 object_name | 16 relaxed_maps | 24 pin_root_path | 32 - | 40 kconfig | 48 btf_custom_path |
     *   56 kernel_log_buf | 64 kernel_log_size | 72 kernel_log_level
     */
    private static final long OPTS_BYTES = 80;
    private static final long OPTS_OBJECT_NAME = 8;
    private static final long OPTS_LOG_BUFFER = 56;
    private static final long OPTS_LOG_SIZE = 64;
    private static final long OPTS_LOG_LEVEL = 72;

    /** Does something with a map of an object; its descriptor is below zero if it is not in the kernel. */
    private interface MapVisitor {
        void visit(MemorySegment map, int descriptor) throws Throwable;
    }

    private final Arena arena = Arena.ofShared();
    private final String name;
    private final byte[] elf;
    private final MemorySegment state = Libbpf.state(arena);
    private final MemorySegment log = arena.allocate(LOG_BYTES);
    private final Map<Program, MemorySegment> programs = new LinkedHashMap<>();
    private final MemorySegment object;
    private List<Program> selected;

    /**
     * Opens it; nothing reaches the kernel yet, and all programs are selected.
     *
     * @throws KernelException if libbpf does not take it
     */
    OpenedObject(String name, byte[] elf) {
        this.name = name;
        this.elf = elf;
        MemorySegment opts = arena.allocate(OPTS_BYTES, 8);
        opts.set(ValueLayout.JAVA_LONG, 0, OPTS_BYTES);
        opts.set(ValueLayout.ADDRESS, OPTS_OBJECT_NAME, arena.allocateFrom(name));
        opts.set(ValueLayout.ADDRESS, OPTS_LOG_BUFFER, log);
        opts.set(ValueLayout.JAVA_LONG, OPTS_LOG_SIZE, LOG_BYTES);
        opts.set(ValueLayout.JAVA_INT, OPTS_LOG_LEVEL, 0);
        MemorySegment bytes = arena.allocate(elf.length, 16);
        MemorySegment.copy(elf, 0, bytes, ValueLayout.JAVA_BYTE, 0, elf.length);
        try {
            MemorySegment opened = (MemorySegment) Libbpf.OPEN_MEM.invokeExact(state, bytes, (long) elf.length, opts);
            object = Libbpf.pointer(opened, state, "BPF object cannot be opened: object=" + name);
        } catch (Throwable t) {
            arena.close();
            throw Libc.rethrow(t);
        }
        try {
            MemorySegment at = MemorySegment.NULL;
            while (true) {
                at = (MemorySegment) Libbpf.NEXT_PROGRAM.invokeExact(state, object, at);
                if (at.address() == 0) {
                    break;
                }
                programs.put(new Program(string((MemorySegment) Libbpf.PROGRAM_NAME.invokeExact(state, at)),
                        string((MemorySegment) Libbpf.PROGRAM_SECTION.invokeExact(state, at))), at);
            }
        } catch (Throwable t) {
            close();
            throw Libc.rethrow(t);
        }
        selected = programs();
    }

    /** The same object opened once more. */
    OpenedObject again() {
        return new OpenedObject(name, elf);
    }

    List<Program> programs() {
        return List.copyOf(programs.keySet());
    }

    /** Those that are to be loaded. */
    List<Program> selected() {
        return selected;
    }

    /** Says which programs to load. */
    void select(Predicate<Program> wanted) {
        List<Program> chosen = new ArrayList<>();
        programs.forEach((program, pointer) -> {
            boolean load = wanted.test(program);
            try {
                Libbpf.number((int) Libbpf.SET_AUTOLOAD.invokeExact(state, pointer, load),
                        "BPF program cannot be selected: program=" + program.name());
            } catch (Throwable t) {
                throw Libc.rethrow(t);
            }
            if (load) {
                chosen.add(program);
            }
        });
        selected = List.copyOf(chosen);
    }

    /** How many instructions a program has in the object, the functions that it calls left out. */
    long instructions(Program program) {
        try {
            return (long) Libbpf.PROGRAM_INSTRUCTIONS.invokeExact(state, programs.get(program));
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Sets the first bytes of a global-data section. */
    void initialise(String map, MemorySegment value) {
        try {
            Libbpf.number((int) Libbpf.SET_INITIAL.invokeExact(state, map(map), value, value.byteSize()),
                    "BPF global data cannot be set: map=" + map);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Sets how many entries a map holds. */
    void resize(String map, int entries) {
        try {
            Libbpf.number((int) Libbpf.SET_MAX_ENTRIES.invokeExact(state, map(map), entries),
                    "BPF map cannot be resized: map=" + map + ", entries=" + entries);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private MemorySegment map(String map) throws Throwable {
        MemorySegment found = (MemorySegment) Libbpf.FIND_MAP.invokeExact(state, object, arena.allocateFrom(map));
        return Libbpf.pointer(found, state, "BPF object has no such map: object=" + name + ", map=" + map);
    }

    /** Has it use the maps of another, which are in the kernel, instead of making its own. Both are of the same ELF object. */
    void useMapsOf(OpenedObject other) {
        try {
            MemorySegment[] own = {MemorySegment.NULL};
            walkMaps(other.object, (map, fd) -> {
                own[0] = (MemorySegment) Libbpf.NEXT_MAP.invokeExact(state, object, own[0]);
                if (fd >= 0) {
                    Libbpf.number((int) Libbpf.MAP_REUSE_FD.invokeExact(state, own[0], fd),
                            "BPF map cannot be shared: object=" + name + "; raise ulimit -n");
                }
            });
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Errors are left in this object's state, whosever maps they are: others may walk them at the same time. */
    private void walkMaps(MemorySegment of, MapVisitor visitor) throws Throwable {
        MemorySegment map = MemorySegment.NULL;
        while (true) {
            map = (MemorySegment) Libbpf.NEXT_MAP.invokeExact(state, of, map);
            if (map.address() == 0) {
                return;
            }
            visitor.visit(map, (int) Libbpf.MAP_FD.invokeExact(state, map));
        }
    }

    /**
     * Loads the maps, and the selected programs one after another.
     *
     * @throws KernelException if the kernel refuses; the message ends with the last lines of the verifier's log, if it gave one
     */
    void load() {
        try {
            int result = (int) Libbpf.LOAD.invokeExact(state, object);
            if (result < 0) {
                throw new KernelException("the kernel refused BPF object: object=" + name + lastOf(string(log)), -result);
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Puts descriptors of the loaded programs by their names, which are the caller's. */
    void programDescriptors(Map<String, Integer> to) {
        try {
            for (Program program : selected) {
                to.put(program.name(), Libc.duplicate(Libbpf.number((int) Libbpf.PROGRAM_FD.invokeExact(state, programs.get(program)),
                        "BPF program is not loaded: program=" + program.name())));
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Puts descriptors of the maps by their names, which are the caller's. */
    void mapDescriptors(Map<String, Integer> to) {
        try {
            walkMaps(object, (map, fd) -> {
                if (fd >= 0) {
                    to.put(string((MemorySegment) Libbpf.MAP_NAME.invokeExact(state, map)), Libc.duplicate(fd));
                }
            });
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    private static String lastOf(String log) {
        if (log.isBlank()) {
            return "";
        }
        List<String> lines = log.lines().toList();
        return "\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())) + "\n";
    }

    private static String string(MemorySegment pointer) {
        return pointer.reinterpret(Integer.MAX_VALUE).getString(0);
    }

    /** Has libbpf forget it; what it has loaded stays as long as there are descriptors. */
    @Override
    public void close() {
        try {
            Libbpf.CLOSE.invokeExact(object);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
        arena.close();
    }
}
