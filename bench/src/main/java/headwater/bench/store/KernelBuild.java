// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * The build of a kernel as a stream of events, the same for the same scale: make, sub-makes, and for each of many
 * source files sh, gcc, cc1, as, fixdep and mv, eight at a time; then ar for each folder and ld for all. At scale 1
 * about 6.5 million nodes and 6.75 million edges, the size of the graph that Linux Provenance Modules were measured
 * with, and beside it arguments, environment, paths and inode attributes as Headwater records them.
 *
 * <p>The rule of versions is CamFlow's: information that flows into something whose version has been seen makes a new
 * version. 30,000 headers are read with log-uniform popularity.
 */
final class KernelBuild {
    static final int HEADERS = 30_000;
    private static final int UNITS = 15_350;
    private static final int JOBS = 8;
    private static final long START_NS = 1_760_000_000_000_000_000L;
    private static final byte[] FS_UUID = "0b2f6b0e-6c0f-4a44-9c5e-1d7c0b6d2f11".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FS_TYPE = "ext4".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CGROUP = "/user.slice/user-0.slice/session-3.scope".getBytes(StandardCharsets.US_ASCII);

    private final Random random = new Random(42);
    private final int units;
    private final GraphSink sink;
    private final byte[] scratch = new byte[512];
    private final MemorySegment scratchSegment = MemorySegment.ofArray(scratch);
    private final MemorySegment[] flags = segments(KernelBuildWords.flags());
    private final MemorySegment[] environment = segments(KernelBuildWords.environment());
    private final MemorySegment fsUuid = MemorySegment.ofArray(FS_UUID);
    private final MemorySegment fsType = MemorySegment.ofArray(FS_TYPE);
    private final MemorySegment cgroup = MemorySegment.ofArray(CGROUP);
    /** The newest version of an object, and its number; negative if that has been seen. */
    private long[] newest = new long[1 << 16];
    private int[] versions = new int[1 << 16];
    private byte[] kinds = new byte[1 << 16];
    private long nodes;
    private long edges;
    private long objects;
    private long attributes;
    private long timeNs = START_NS;
    private int pid = 1000;
    private long inode = 1_000_000;
    private long task = -1;

    private KernelBuild(double scale, GraphSink sink) {
        this.units = Math.max(16, (int) (UNITS * scale));
        this.sink = sink;
    }

    /**
     * How much was made.
     *
     * @param attributes values of attributes
     */
    record Size(long nodes, long edges, long attributes) {
        /** Events of the log, but for a session's. */
        long events() {
            return nodes + edges + attributes;
        }
    }

    /** Feeds a build to {@code sink}; its numbers start at 0. */
    static Size run(double scale, GraphSink sink) {
        KernelBuild build = new KernelBuild(scale, sink);
        build.build();
        return new Size(build.nodes, build.edges, build.attributes);
    }

    private static MemorySegment[] segments(String[] texts) {
        MemorySegment[] segments = new MemorySegment[texts.length];
        for (int i = 0; i < texts.length; i++) {
            segments[i] = MemorySegment.ofArray(texts[i].getBytes(StandardCharsets.US_ASCII));
        }
        return segments;
    }

    private void build() {
        sink.sessionStart(new Session(1, "4b1f9d3a-9a30-4f0e-8a1d-3b6d1f1f7a10", 1, 7, "lsm", "system", "", timeNs, 0));
        long[] headers = new long[HEADERS];
        for (int i = 0; i < HEADERS; i++) {
            headers[i] = file("/usr/src/linux/include/linux/part", i % 400, "/header", i, ".h");
        }
        long[] programs = new long[Step.PROGRAMS.length];
        for (int i = 0; i < programs.length; i++) {
            programs[i] = file("/usr/bin/", -1, Step.PROGRAMS[i], -1, "");
        }
        long make = process(-1, programs[Step.MAKE], "/usr/bin/make", 6, -1);
        long makefile = file("/usr/src/linux/Makefile", -1, "", -1, "");
        flow(makefile, make, Relation.READ);
        long[] archives = new long[units / 24 + 2];
        int archived = 0;
        int unit = 0;
        for (int folder = 0; unit < units; folder++) {
            int count = Math.min(units - unit, 2 + random.nextInt(45));
            archives[archived++] = folder(make, folder, unit, count, headers, programs);
            unit += count;
            if (archived == archives.length) {
                archives = Arrays.copyOf(archives, 2 * archived);
            }
        }
        long linker = process(make, programs[Step.LD], "/usr/bin/ld", 40, -1);
        for (int i = 0; i < archived; i++) {
            flow(archives[i], linker, Relation.READ);
        }
        long kernel = file("/usr/src/linux/vmlinux", -1, "", -1, "");
        flow(linker, kernel, Relation.WRITE);
        sink.sessionEnd(timeNs);
    }

    private long folder(long make, int folder, int first, int count, long[] headers, long[] programs) {
        long subMake = process(make, programs[Step.MAKE], "/usr/bin/make", 9, folder);
        long makefile = file("/usr/src/linux/drivers/part", folder, "/Makefile", -1, "");
        flow(makefile, subMake, Relation.READ);
        Unit[] running = new Unit[JOBS];
        long[] made = new long[count];
        int begun = 0;
        int ended = 0;
        while (ended < count) {
            int job = random.nextInt(JOBS);
            if (running[job] == null) {
                if (begun == count) {
                    continue;
                }
                running[job] = new Unit(subMake, folder, first + begun, begun, headers, programs);
                begun++;
            }
            long object = running[job].step();
            if (object >= 0) {
                made[running[job].place] = object;
                running[job] = null;
                ended++;
            }
        }
        long archiver = process(subMake, programs[Step.AR], "/usr/bin/ar", 3 + count, folder);
        for (long object : made) {
            flow(object, archiver, Relation.READ);
        }
        long archive = file("/usr/src/linux/drivers/part", folder, "/built-in.a", -1, "");
        flow(archiver, archive, Relation.WRITE);
        exit(archiver);
        exit(subMake);
        return archive;
    }

    /** The programs that are run. */
    private static final class Step {
        static final String[] PROGRAMS = {"make", "dash", "x86_64-linux-gnu-gcc-12", "cc1", "as", "fixdep", "mv", "ar",
                "ld"};
        static final int MAKE = 0;
        static final int SH = 1;
        static final int GCC = 2;
        static final int CC1 = 3;
        static final int AS = 4;
        static final int FIXDEP = 5;
        static final int MV = 6;
        static final int AR = 7;
        static final int LD = 8;
    }

    /** One source file on its way to an object file; a step is one record of the kernel's, or a few. */
    private final class Unit {
        private final long subMake;
        private final int folder;
        private final int unit;
        private final int place;
        private final long[] headers;
        private final long[] programs;
        private int at;
        private int reads = 4 + random.nextInt(20);
        private long shell;
        private long gcc;
        private long process;
        private long assembly;
        private long object;
        private long dependencies;

        Unit(long subMake, int folder, int unit, int place, long[] headers, long[] programs) {
            this.subMake = subMake;
            this.folder = folder;
            this.unit = unit;
            this.place = place;
            this.headers = headers;
            this.programs = programs;
        }

        /** Does one step; returns the object file after the last, -1 before. */
        long step() {
            switch (at++) {
                case 0 -> shell = process(subMake, programs[Step.SH], "/usr/bin/dash", 3, folder);
                case 1 -> gcc = process(shell, programs[Step.GCC], "/usr/bin/x86_64-linux-gnu-gcc-12", 82, unit);
                case 2 -> process = process(gcc, programs[Step.CC1], "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", 104, unit);
                case 3 -> flow(file("/usr/src/linux/drivers/part", folder, "/unit", unit, ".c"), process,
                        Relation.READ);
                case 4 -> {
                    int header = (int) Math.exp(random.nextDouble() * Math.log(HEADERS)) - 1;
                    flow(headers[header], process, Relation.READ);
                    if (--reads > 0) {
                        at = 4;
                    }
                }
                case 5 -> {
                    assembly = file("/tmp/cc", unit, "", -1, ".s");
                    flow(process, assembly, Relation.WRITE);
                    dependencies = file("/usr/src/linux/drivers/part", folder, "/.unit", unit, ".o.d");
                    flow(process, dependencies, Relation.WRITE);
                    exit(process);
                }
                case 6 -> {
                    process = process(gcc, programs[Step.AS], "/usr/bin/as", 14, unit);
                    flow(assembly, process, Relation.READ);
                }
                case 7 -> {
                    object = file("/usr/src/linux/drivers/part", folder, "/unit", unit, ".o");
                    flow(process, object, Relation.WRITE);
                    flow(process, object, Relation.SETATTR_INODE);
                    exit(process);
                    exit(gcc);
                }
                case 8 -> {
                    process = process(shell, programs[Step.FIXDEP], "/usr/src/linux/scripts/basic/fixdep", 4, unit);
                    flow(dependencies, process, Relation.READ);
                }
                case 9 -> {
                    long command = file("/usr/src/linux/drivers/part", folder, "/.unit", unit, ".o.cmd.tmp");
                    flow(process, command, Relation.WRITE);
                    exit(process);
                    process = process(shell, programs[Step.MV], "/usr/bin/mv", 4, unit);
                    flow(process, command, Relation.RENAME);
                    named(command, "/usr/src/linux/drivers/part", folder, "/.unit", unit, ".o.cmd");
                    exit(process);
                    exit(shell);
                    return object;
                }
                default -> throw new IllegalStateException("step=" + at);
            }
            return -1;
        }
    }

    /** A process is cloned from another, and executes a program. */
    private long process(long parent, long program, String path, int arguments, int unit) {
        tick();
        int id = ++pid;
        long taskObject = object(NodeKind.TASK);
        task = newest[(int) taskObject];
        number(taskObject, Attribute.PID, id);
        number(taskObject, Attribute.TGID, id);
        number(taskObject, Attribute.PPID, id - 1);
        long memory = object(NodeKind.PROCESS_MEMORY);
        edge(Relation.CLONE_MEM, taskObject, memory, 0x11, -1);
        if (parent >= 0) {
            seen(parent);
            edge(Relation.CLONE, parent, taskObject, 0x11, -1);
        }
        tick();
        edge(Relation.EXEC, program, memory, 0, -1);
        text(memory, Attribute.NAME, path, -1, "", -1, "");
        number(memory, Attribute.TGID, id);
        number(memory, Attribute.UID, 0);
        number(memory, Attribute.GID, 0);
        bytes(memory, Attribute.CGROUP, cgroup);
        for (int i = 0; i < arguments; i++) {
            long argument = object(NodeKind.ARGV);
            if (i % 12 == 5 && unit >= 0) {
                text(argument, Attribute.VALUE, i < 12 ? "-Wp,-MMD,drivers/.unit" : "-DKBUILD_MODNAME=\"unit", unit,
                        "/o", i, ".d");
            } else {
                bytes(argument, Attribute.VALUE, flags[i % flags.length]);
            }
            edge(Relation.ARG, argument, memory, 0, -1);
        }
        for (MemorySegment variable : environment) {
            long envp = object(NodeKind.ENVP);
            bytes(envp, Attribute.VALUE, variable);
            edge(Relation.ENV, envp, memory, 0, -1);
        }
        return memory;
    }

    private void exit(long memory) {
        tick();
        long last = newest[(int) memory];
        newest[(int) memory] = nodes;
        sink.node(nodes++, memory, ++versions[(int) memory], NodeKind.PROCESS_MEMORY, timeNs);
        sink.edge(edges++, Relation.TERMINATE_PROC, Math.abs(last), nodes - 1, timeNs, task, 0, -1);
    }

    private long file(String folder, int number, String name, int of, String suffix) {
        tick();
        long file = object(NodeKind.FILE);
        long ino = ++inode;
        scratch[0] = 1;
        for (int i = 0; i < 16; i++) {
            scratch[1 + i] = FS_UUID[i];
        }
        for (int i = 0; i < 8; i++) {
            scratch[17 + i] = (byte) (ino >>> 8 * i);
        }
        sink.attribute(file, Attribute.INODE_KEY, scratchSegment, 0, 29, timeNs);
        attributes++;
        number(file, Attribute.INO, ino);
        number(file, Attribute.DEV, 0x800002);
        number(file, Attribute.GENERATION, random.nextInt() & 0xffffffffL);
        number(file, Attribute.MODE, 0100644);
        bytes(file, Attribute.FS_UUID, fsUuid);
        bytes(file, Attribute.FS_TYPE, fsType);
        named(file, folder, number, name, of, suffix);
        return file;
    }

    private void named(long file, String folder, int number, String name, int of, String suffix) {
        long path = object(NodeKind.PATH);
        text(path, Attribute.PATHNAME, folder, number, name, of, suffix);
        edge(Relation.NAMED, path, file, 0, -1);
        text(file, Attribute.NAME, folder, number, name, of, suffix);
    }

    private void flow(long from, long to, Relation relation) {
        tick();
        if (newest[(int) to] < 0) {
            NodeKind kind = NodeKind.ofCode(kinds[(int) to]);
            long before = -newest[(int) to];
            newest[(int) to] = nodes;
            sink.node(nodes++, to, ++versions[(int) to], kind, timeNs);
            sink.edge(edges++, kind == NodeKind.TASK ? Relation.VERSION_ACTIVITY : Relation.VERSION_ENTITY, before,
                    nodes - 1, timeNs,
                    task, 0, -1);
        }
        boolean positioned = relation == Relation.READ || relation == Relation.WRITE;
        edge(relation, from, to, positioned ? 4 : 2, positioned ? random.nextInt(4) * 4096L : -1);
        seen(from);
    }

    private void edge(Relation relation, long from, long to, long flag, long offset) {
        sink.edge(edges++, relation, Math.abs(newest[(int) from]), Math.abs(newest[(int) to]), timeNs, task, flag,
                offset);
    }

    private void seen(long object) {
        newest[(int) object] = -Math.abs(newest[(int) object]);
    }

    private long object(NodeKind kind) {
        if (objects == newest.length) {
            newest = Arrays.copyOf(newest, 2 * newest.length);
            versions = Arrays.copyOf(versions, 2 * versions.length);
            kinds = Arrays.copyOf(kinds, 2 * kinds.length);
        }
        newest[(int) objects] = nodes;
        kinds[(int) objects] = (byte) kind.code();
        sink.node(nodes++, objects, 0, kind, timeNs);
        return objects++;
    }

    private void number(long object, Attribute attribute, long value) {
        sink.attribute(object, attribute, value, timeNs);
        attributes++;
    }

    private void bytes(long object, Attribute attribute, MemorySegment value) {
        sink.attribute(object, attribute, value, 0, (int) value.byteSize(), timeNs);
        attributes++;
    }

    private void text(long object, Attribute attribute, String first, int number, String second, int of,
            String suffix) {
        int at = put(first, 0);
        at = number < 0 ? at : put(number, at);
        at = put(second, at);
        at = of < 0 ? at : put(of, at);
        at = put(suffix, at);
        sink.attribute(object, attribute, scratchSegment, 0, at, timeNs);
        attributes++;
    }

    @SuppressWarnings("deprecation")
    private int put(String text, int at) {
        text.getBytes(0, text.length(), scratch, at);
        return at + text.length();
    }

    private int put(int number, int at) {
        int digits = 1;
        for (int rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            scratch[at + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private void tick() {
        timeNs += 1_000 + random.nextInt(40_000);
    }
}
