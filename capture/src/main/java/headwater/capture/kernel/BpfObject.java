// SPDX-License-Identifier: Apache-2.0
package headwater.capture.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One BPF object: opened, set up, loaded, attached. Used by one thread, in that order.
 *
 * <p>What is attached stays so until {@link #detach} or {@link #close}, or until the process ends.
 */
public final class BpfObject implements AutoCloseable {
    private static final int MAP_TYPE_RINGBUF = 27;
    /* BPF_F_TEST_RUN_ON_CPU */
    private static final int TEST_RUN_ON_CPU = 1;

    /* struct bpf_prog_info: its length up to and with verified_insns (Linux 5.16), and the places of what is read of it. */
    private static final int INFO_BYTES = 220;
    private static final long INFO_JITED_BYTES = 16;
    private static final long INFO_TRANSLATED_BYTES = 20;
    private static final long INFO_RECURSION_MISSES = 208;
    private static final long INFO_VERIFIED = 216;
    private static final int INSTRUCTION_BYTES = 8;

    /* enum bpf_attach_type of uapi/linux/bpf.h */
    private static final int BPF_CGROUP_INET_INGRESS = 0;
    private static final int BPF_CGROUP_INET_EGRESS = 1;
    private static final int BPF_TRACE_ITER = 28;

    /*
     * struct bpf_link_create_opts of libbpf 1.1, as far as iterators need it:
     *   0 sz | 8 flags | 16 iter_info | 24 iter_info_len | 28 target_btf_id, 0
     * What it leads to, union bpf_iter_link_info, begins with task.tid, task.pid, task.pid_fd.
     */
    private static final long LINK_OPTIONS_ITERATED = 16;
    private static final long LINK_OPTIONS_ITERATED_LENGTH = 24;
    private static final long LINK_OPTIONS_BYTES = 32;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libbpf.state(arena);
    private final String name;
    private final List<Program> programs;
    /** Null once it is loaded. */
    private OpenedObject opened;
    /** Descriptors by name, of the programs that were loaded, and of all maps. */
    private final Map<String, Integer> loaded = new HashMap<>();
    private final Map<String, Integer> maps = new HashMap<>();
    private final List<Integer> links = new ArrayList<>();
    private final List<Integer> rings = new ArrayList<>();

    /** A program of the object. {@code section} is the name of its ELF section, such as {@code tp_btf/sys_exit}. */
    public record Program(String name, String section) {
        /** The part of the section name before the slash: {@code lsm}, {@code tp_btf}, {@code iter}, … */
        public String family() {
            int slash = section.indexOf('/');
            return slash < 0 ? section : section.substring(0, slash);
        }

        /** What it attaches to: the part after the slash. */
        public String target() {
            return section.substring(section.indexOf('/') + 1);
        }
    }

    /**
     * How large a loaded program is.
     *
     * @param verified how many instructions the verifier went through, on all paths
     * @param instructions how many are left of the program after the verifier, with the functions that it calls
     * @param machineBytes of code that the kernel made of them
     */
    public record Size(int verified, int instructions, int machineBytes) {
    }

    /**
     * Opens an ELF object; nothing reaches the kernel yet.
     *
     * @throws KernelException if libbpf does not take it
     */
    public BpfObject(String name, byte[] elf) {
        this.name = name;
        try {
            opened = new OpenedObject(name, elf);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        programs = opened.programs();
    }

    public List<Program> programs() {
        return programs;
    }

    /** Says which programs to load; the others are left out. Before {@link #load}. */
    public void select(Predicate<Program> wanted) {
        opened.select(wanted);
    }

    /** Sets the first bytes of a global-data section such as {@code .rodata.config}. Before {@link #load}. */
    public void initialise(String map, MemorySegment value) {
        opened.initialise(map, value);
    }

    /** Sets how many entries a map holds. Before {@link #load}. */
    public void resize(String map, int entries) {
        opened.resize(map, entries);
    }

    /**
     * Loads maps and programs into the kernel.
     *
     * @throws KernelException if the kernel refuses; the message ends with the last lines of the verifier's log, if it gave one
     */
    public void load() {
        PartsLoader.load(opened, loaded);
        opened.mapDescriptors(maps);
        opened.close();
        opened = null;
    }

    /**
     * Attaches a program to what its section names: a tracepoint, a function, an LSM hook.
     *
     * @throws KernelException if the kernel refuses
     */
    public void attach(Program program) {
        try {
            // The kernel knows from the loaded program what it is for.
            links.add(Libbpf.number((int) Libbpf.RAW_TRACEPOINT_OPEN.invokeExact(state, MemorySegment.NULL, descriptor(program)),
                    "BPF program cannot be attached: program=" + program.name + ", section=" + program.section
                            + "; headwater doctor says what this kernel can capture"));
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Attaches a program to a control group, and all below it.
     *
     * @param folder of the group, in the unified hierarchy
     * @throws KernelException if the kernel refuses
     */
    public void attachTo(Path folder, Program program) {
        int way = switch (program.section) {
            case "cgroup_skb/ingress" -> BPF_CGROUP_INET_INGRESS;
            case "cgroup_skb/egress" -> BPF_CGROUP_INET_EGRESS;
            default -> throw new IllegalArgumentException("not a program of a control group: section=" + program.section);
        };
        int fd = Libc.openFolder(folder);
        try {
            links.add(Libbpf.number((int) Libbpf.LINK_CREATE.invokeExact(state, descriptor(program), fd, way, MemorySegment.NULL),
                    "BPF program cannot be attached: program=" + program.name + ", cgroup=" + folder));
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        } finally {
            Libc.close(fd);
        }
    }

    /**
     * Runs an iterator program over all that it iterates.
     *
     * @throws KernelException if the kernel refuses
     */
    public void iterate(Program program) {
        iterate(program, MemorySegment.NULL);
    }

    /**
     * Runs an iterator program over one task alone, or its files.
     *
     * @param tid in the pid namespace of this process; if there is none, nothing is iterated
     * @throws KernelException if the kernel refuses
     */
    public void iterate(String name, int tid) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment task = call.allocateFrom(ValueLayout.JAVA_INT, tid, 0, 0, 0);
            MemorySegment options = call.allocate(LINK_OPTIONS_BYTES, 8);
            options.set(ValueLayout.JAVA_LONG, 0, LINK_OPTIONS_BYTES);
            options.set(ValueLayout.ADDRESS, LINK_OPTIONS_ITERATED, task);
            options.set(ValueLayout.JAVA_INT, LINK_OPTIONS_ITERATED_LENGTH, (int) task.byteSize());
            iterate(program(name), options);
        }
    }

    private void iterate(Program program, MemorySegment options) {
        try {
            int link = Libbpf.number((int) Libbpf.LINK_CREATE.invokeExact(state, descriptor(program), 0, BPF_TRACE_ITER, options),
                    "BPF iterator cannot be made: program=" + program.name);
            try {
                int fd = Libbpf.number((int) Libbpf.ITER_CREATE.invokeExact(state, link),
                        "BPF iterator cannot be opened: program=" + program.name);
                try {
                    Libc.drain(fd);
                } finally {
                    Libc.close(fd);
                }
            } finally {
                Libc.close(link);
            }
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** As {@link #iterate(Program)}, by the program's name. */
    public void iterate(String name) {
        iterate(program(name));
    }

    private Program program(String name) {
        return programs().stream().filter(program -> program.name().equals(name)).findFirst().orElseThrow();
    }

    /** The descriptor of a loaded program. */
    public int descriptor(Program program) {
        return kept(loaded, program.name, "program");
    }

    private int kept(Map<String, Integer> descriptors, String wanted, String sort) {
        Integer fd = descriptors.get(wanted);
        if (fd == null) {
            throw new KernelException("BPF " + sort + " is not loaded: object=" + name + ", " + sort + "=" + wanted, 0);
        }
        return fd;
    }

    /**
     * How often the kernel has skipped a loaded program: a tracing program is not run when it has interrupted itself on its CPU
     * ({@code recursion_misses} of struct bpf_prog_info, uapi/linux/bpf.h).
     */
    public long skipped(Program program) {
        try (Arena call = Arena.ofConfined()) {
            return info(program, call).get(ValueLayout.JAVA_LONG, INFO_RECURSION_MISSES);
        }
    }

    /** How large a loaded program is, by the kernel's word. */
    public Size size(Program program) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment info = info(program, call);
            return new Size(info.get(ValueLayout.JAVA_INT, INFO_VERIFIED),
                    info.get(ValueLayout.JAVA_INT, INFO_TRANSLATED_BYTES) / INSTRUCTION_BYTES,
                    info.get(ValueLayout.JAVA_INT, INFO_JITED_BYTES));
        }
    }

    private MemorySegment info(Program program, Arena call) {
        try {
            MemorySegment info = call.allocate(INFO_BYTES, 8);
            MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, INFO_BYTES);
            Libbpf.number((int) Libbpf.OBJECT_INFO.invokeExact(state, descriptor(program), info, length),
                    "BPF program cannot be asked: program=" + program.name);
            return info;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** The descriptor of a loaded map. */
    public int mapDescriptor(String map) {
        return kept(maps, map, "map");
    }

    /**
     * Makes a ring buffer of {@code bytes} (a power of two, at least a page) and puts it into an array of maps.
     *
     * @return its descriptor, which lives until this object is closed
     */
    public int addRing(String arrayOfRings, int index, int bytes) {
        try {
            int fd = Libbpf.number((int) Libbpf.MAP_CREATE.invokeExact(state, MAP_TYPE_RINGBUF, arena.allocateFrom("ring"),
                    0, 0, bytes, MemorySegment.NULL), "ring buffer cannot be made: bytes=" + bytes);
            rings.add(fd);
            put(mapDescriptor(arrayOfRings), index, fd);
            return fd;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Writes a 32-bit value under a 32-bit key. */
    public void put(int mapDescriptor, int key, int value) {
        try (Arena call = Arena.ofConfined()) {
            Libbpf.number((int) Libbpf.MAP_UPDATE.invokeExact(state, mapDescriptor, call.allocateFrom(ValueLayout.JAVA_INT, key),
                    call.allocateFrom(ValueLayout.JAVA_INT, value), 0L),
                    "BPF map cannot be written: fd=" + mapDescriptor + ", key=" + key);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Writes a value, both as long as the map has them. */
    public void put(int mapDescriptor, MemorySegment key, MemorySegment value) {
        try {
            Libbpf.number((int) Libbpf.MAP_UPDATE.invokeExact(state, mapDescriptor, key, value, 0L),
                    "BPF map cannot be written: fd=" + mapDescriptor);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Reads the key that comes after {@code key} in the map's order into {@code next}; NULL: the first.
     *
     * @return false if there is none
     */
    public boolean nextKey(int mapDescriptor, MemorySegment key, MemorySegment next) {
        try {
            int result = (int) Libbpf.MAP_NEXT_KEY.invokeExact(state, mapDescriptor, key, next);
            return result != -Errno.ENOENT && Libbpf.number(result, "BPF map cannot be walked: fd=" + mapDescriptor) == 0;
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Takes a key that is there out of a map. */
    public void delete(int mapDescriptor, MemorySegment key) {
        try {
            Libbpf.number((int) Libbpf.MAP_DELETE.invokeExact(state, mapDescriptor, key),
                    "BPF map's entry cannot be removed: fd=" + mapDescriptor);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /** Reads the value under a 32-bit key into {@code value}, which is as long as the value (times CPUs in a per-CPU map). */
    public void get(int mapDescriptor, MemorySegment key, MemorySegment value) {
        try {
            Libbpf.number((int) Libbpf.MAP_LOOKUP.invokeExact(state, mapDescriptor, key, value),
                    "BPF map cannot be read: fd=" + mapDescriptor);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Runs a loaded program once, in this thread (BPF_PROG_TEST_RUN).
     *
     * @param context what the program gets as its arguments
     */
    public void run(Program program, MemorySegment context) {
        run(program, context, 0, 0);
    }

    /** As {@link #run(Program, MemorySegment)}, on one CPU. For programs of family {@code raw_tp}. */
    public void runOn(int cpu, Program program, MemorySegment context) {
        run(program, context, TEST_RUN_ON_CPU, cpu);
    }

    private void run(Program program, MemorySegment context, int flags, int cpu) {
        /*
         * struct bpf_test_run_opts: 0 sz | 8 data_in | 16 data_out | 24 sizes | 32 ctx_in | 40 ctx_out | 48 ctx_size_in |
         *   52 ctx_size_out | 56 retval | 60 repeat | 64 duration | 68 flags | 72 cpu | 76 batch_size
         */
        try (Arena call = Arena.ofConfined()) {
            MemorySegment opts = call.allocate(80, 8);
            opts.set(ValueLayout.JAVA_LONG, 0, 80);
            opts.set(ValueLayout.ADDRESS, 32, context);
            opts.set(ValueLayout.JAVA_INT, 48, (int) context.byteSize());
            opts.set(ValueLayout.JAVA_INT, 68, flags);
            opts.set(ValueLayout.JAVA_INT, 72, cpu);
            Libbpf.number((int) Libbpf.TEST_RUN.invokeExact(state, descriptor(program), opts),
                    "BPF program cannot be run: program=" + program.name);
        } catch (Throwable t) {
            throw Libc.rethrow(t);
        }
    }

    /**
     * Detaches all programs: from now on they are not run. Each waits for a grace period of the kernel, so they are closed side
     * by side, and the waits fall together.
     */
    public void detach() {
        List<Thread> closing = new ArrayList<>();
        for (int link : links) {
            closing.add(Thread.ofPlatform().name("headwater-detach").start(() -> Libc.close(link)));
        }
        links.clear();
        for (Thread thread : closing) {
            awaitEnd(thread);
        }
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Detaches and frees everything. */
    @Override
    public void close() {
        detach();
        rings.forEach(Libc::close);
        rings.clear();
        loaded.values().forEach(Libc::close);
        loaded.clear();
        maps.values().forEach(Libc::close);
        maps.clear();
        if (opened != null) {
            opened.close();
            opened = null;
        }
        arena.close();
    }
}
