// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.capture.kernel.Libc;
import headwater.capture.ring.Order;
import headwater.record.ConfigLayout;
import headwater.record.KernelObjects;
import headwater.record.LaneLayout;
import headwater.record.RecordClass;
import headwater.record.RecordHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * A running capture: a front-end attached in the kernel, and its records in their one order. Used by one thread, which calls
 * {@link #poll} again and again.
 *
 * <p>From {@link #start} on nothing is missed: records wait in the rings until they are polled, and what does not fit is
 * counted and reported.
 */
public final class Capture implements AutoCloseable {
    /** How often loss is looked for, and how long a loss interval can be. */
    private static final long LOSS_INTERVAL_NS = 100_000_000;

    /** ALL_FOLLOWED of bpf/record.h. */
    private static final int ALL_FOLLOWED = -1;

    private final Arena arena;
    private final MemorySegment timespec;
    private final BpfObject object;
    private final Order order;
    private final Alarm alarm;
    private final LaneCounters counters;
    private final KernelPolicy policy;
    private final KernelMarks marks;
    private final Map<Integer, Marks> bearers;
    private boolean packetsSeen;
    private final KernelLines lines;
    private boolean linesAttached;
    private final FrontEnd frontEnd;
    private final LossHandler lossHandler;
    private final Predicate<BpfObject.Program> wanted;
    /** Of the iterators that read in what was there before. */
    private int runs;
    private long lossLookedForNs;
    private long causesMissing;
    private long hooksSkipped;
    private final List<BpfObject.Program> attached = new ArrayList<>();

    /**
     * What to capture.
     *
     * @param frontEnd where flows are seen
     * @param wholeSystem true to follow every task; false to follow the processes given to {@link #adopt}, and theirs
     * @param self the process that is never followed, nor its children, unless adopted
     * @param ringBytes size of each CPU's ring; a power of two, at least 4096
     * @param onLoss what gives way when a ring fills
     * @param environment whether the environment of executed programs is recorded
     * @param packets the control group whose sockets' packets are seen one by one; null for none but those of sockets that a policy
     *     marks for it
     * @param policy what is recorded of what is followed
     * @param marked files that bear marks from the start
     * @param bearers processes that bear marks from the start; if not every task is followed, from {@link #adopt} on
     * @param lines whether lines of logs may be asked for: {@link #annotate}
     */
    public record Scope(FrontEnd frontEnd, boolean wholeSystem, int self, int ringBytes, OnLoss onLoss,
            boolean environment, Path packets, Policy policy, Map<FileId, Marks> marked, Map<Integer, Marks> bearers, boolean lines) {
        /** Without lines of logs. */
        public Scope(FrontEnd frontEnd, boolean wholeSystem, int self, int ringBytes, OnLoss onLoss, boolean environment, Path packets,
                Policy policy, Map<FileId, Marks> marked, Map<Integer, Marks> bearers) {
            this(frontEnd, wholeSystem, self, ringBytes, onLoss, environment, packets, policy, marked, bearers, false);
        }

        /** All that is followed is recorded. */
        public Scope(FrontEnd frontEnd, boolean wholeSystem, int self, int ringBytes, OnLoss onLoss, boolean environment,
                Path packets) {
            this(frontEnd, wholeSystem, self, ringBytes, onLoss, environment, packets, Policy.EVERYTHING, Map.of(), Map.of());
        }

        /** Where the record gives way, without the environment of programs, and without packets. */
        public Scope(FrontEnd frontEnd, boolean wholeSystem, int self, int ringBytes) {
            this(frontEnd, wholeSystem, self, ringBytes, OnLoss.RECORD, false, null);
        }

        public Scope {
            marked = Map.copyOf(marked);
            bearers = Map.copyOf(bearers);
            if (!onLoss.refusal(frontEnd).isEmpty()) {
                throw new IllegalArgumentException(onLoss.refusal(frontEnd));
            }
            if (Integer.bitCount(ringBytes) != 1 || ringBytes < 4096) {
                throw new IllegalArgumentException("ring size: bytes=" + ringBytes + ", want a power of two from 4096 on");
            }
        }

        private MemorySegment config(Arena arena) {
            MemorySegment config = arena.allocate(ConfigLayout.BYTES, 4);
            config.set(ValueLayout.JAVA_INT, ConfigLayout.WHOLE_SYSTEM, wholeSystem ? 1 : 0);
            config.set(ValueLayout.JAVA_INT, ConfigLayout.SELF, self);
            config.set(ValueLayout.JAVA_INT, ConfigLayout.ON_LOSS, onLoss.ordinal());
            config.set(ValueLayout.JAVA_INT, ConfigLayout.REFUSE_FROM, OnLoss.refuseFrom(ringBytes));
            for (int recordClass = 0; recordClass < RecordClass.COUNT; recordClass++) {
                config.set(ValueLayout.JAVA_INT, ConfigLayout.BACKLOG_MAX + 4L * recordClass,
                        OnLoss.backlogMax(recordClass, ringBytes));
            }
            return config;
        }
    }

    /**
     * Loads and attaches a front-end.
     *
     * @throws headwater.capture.kernel.KernelException if the kernel refuses it
     */
    public static Capture start(Scope scope, RecordHandler records, LossHandler losses) {
        return new Capture(scope, records, losses);
    }

    private Capture(Scope scope, RecordHandler records, LossHandler losses) {
        frontEnd = scope.frontEnd;
        lossHandler = losses;
        int cpus = Cpus.possible();
        object = new BpfObject(frontEnd.object(), KernelObjects.read(frontEnd.object()));
        arena = Arena.ofShared();
        try {
            timespec = arena.allocate(16, 8);
            wanted = programs(scope);
            load(object, scope, arena, cpus);
            int[] rings = new int[cpus];
            for (int cpu = 0; cpu < cpus; cpu++) {
                rings[cpu] = object.addRing("rings", cpu, scope.ringBytes);
            }
            order = new Order(arena, rings, scope.ringBytes, records);
            alarm = new Alarm(arena, order, object.mapDescriptor(".data.wakes"), rings);
            counters = new LaneCounters(arena, object, cpus);
            policy = new KernelPolicy(object, scope.packets != null);
            marks = new KernelMarks(object);
            lines = new KernelLines(object);
            scope.marked.forEach(this::keep);
            if (!scope.policy.equals(Policy.EVERYTHING)) {
                policy.put(scope.policy);
            }
            bearers = scope.bearers;
            if (scope.wholeSystem) {
                // Before anything is attached: else what hides them would come late.
                bearers.forEach((tgid, borne) -> mark(tgid, borne));
            }
            lossLookedForNs = nowNs();
            object.iterate("root_of_headwater");
            attach(scope);
            packetsOf(scope.packets, scope.policy);
            if (scope.wholeSystem) {
                readInExisting(0);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Which programs of the front-end's object a capture of this scope loads. */
    private static Predicate<BpfObject.Program> programs(Scope scope) {
        return program -> scope.frontEnd.has(program) && KernelFeatures.exists(program)
                && (scope.onLoss == OnLoss.BLOCK || !FrontEnd.isGate(program))
                && (!FrontEnd.isOfPackets(program) || scope.packets != null || scope.wholeSystem || KernelPolicy.records(scope.policy))
                && (scope.lines || !FrontEnd.isOfLines(program));
    }

    /** Which of them it attaches at its start, but for those of packets. */
    private static Predicate<BpfObject.Program> attachedAtStart(Scope scope) {
        return programs(scope).and(program -> !FrontEnd.isIterator(program) && !CallGroups.isOne(program)
                && !FrontEnd.isOfLines(program) && !FrontEnd.isOfPackets(program));
    }

    private static void load(BpfObject object, Scope scope, Arena arena, int cpus) {
        object.select(programs(scope));
        object.initialise(".rodata.config", scope.config(arena));
        MemorySegment environment = arena.allocate(4, 4);
        environment.set(ValueLayout.JAVA_INT, 0, scope.environment ? 1 : 0);
        object.initialise(".rodata.environment", environment);
        object.resize("rings", cpus);
        object.load();
        CallGroups.fill(object, programs(scope));
    }

    /** How large the programs are that it has loaded, by name. */
    public SortedMap<String, BpfObject.Size> sizes() {
        SortedMap<String, BpfObject.Size> sizes = new TreeMap<>();
        object.programs().stream().filter(wanted).forEach(program -> sizes.put(program.name(), object.size(program)));
        return sizes;
    }

    /**
     * Loads another object in the place of a front-end's, and attaches those of its programs whose namesakes a capture of this scope
     * attaches at its start. For benchmarks: what attaching anything there costs.
     *
     * @param object whose programs are named and placed as the front-end's are
     * @throws headwater.capture.kernel.KernelException if the kernel refuses it
     */
    public static void attachInstead(BpfObject object, Scope scope) {
        Predicate<BpfObject.Program> chosen = attachedAtStart(scope);
        object.select(chosen);
        object.load();
        object.programs().stream().filter(chosen).forEach(object::attach);
    }

    private void attach(Scope scope) {
        Predicate<BpfObject.Program> chosen = attachedAtStart(scope);
        for (BpfObject.Program program : object.programs()) {
            if (chosen.test(program)) {
                object.attach(program);
                attached.add(program);
            }
        }
    }

    /** Packets are seen from now on if they are asked for: of a control group, or by a rule, of whatever group. */
    private void packetsOf(Path group, Policy wanted) {
        if (packetsSeen || group == null && !KernelPolicy.records(wanted)) {
            return;
        }
        Path of = group == null ? KernelFeatures.controlGroups() : group;
        List<BpfObject.Program> programs = object.programs().stream().filter(FrontEnd::isOfPackets).filter(this.wanted).toList();
        if (of == null || programs.isEmpty()) {
            throw new IllegalArgumentException("packets cannot be seen, so the mark record has no effect: " + (programs.isEmpty()
                    ? "the capture began without; start it with that mark, or with --packets"
                    : "the unified hierarchy of control groups is not mounted; mount -t cgroup2 cgroup2 /sys/fs/cgroup"));
        }
        programs.forEach(program -> object.attachTo(of, program));
        packetsSeen = true;
    }

    /** Follows a process from now on, and all that it starts; what it already has open is read in. */
    public void adopt(int tgid) {
        if (tgid <= 0) {
            throw new IllegalArgumentException("no process to adopt: tgid=" + tgid);
        }
        readInExisting(tgid);
        Marks borne = bearers.get(tgid);
        if (borne != null) {
            mark(tgid, borne, Set.of());
        }
    }

    /**
     * From now on a process that opens this file for writing is followed no more, nor what it forks and executes; that it
     * left is recorded. The file stays the same as long as its descriptor is open.
     *
     * @param fd a descriptor of this process, open on that file
     */
    public void opaque(int fd) {
        object.put(object.mapDescriptor(".data.opaque"), 0, fd);
        object.iterate("opaque_file");
    }

    /**
     * Another policy from now on; no event is lost, and none recorded under half of it. Who is recorded only now, what it has open and
     * mapped is read in.
     *
     * @throws IllegalArgumentException if it asks for what packets carry, and they cannot be seen; what held before does then
     * @throws headwater.capture.kernel.KernelException if it names a security context that there is not; what held before does then
     */
    public void policy(Policy wanted) {
        policy.check(wanted);
        packetsOf(null, wanted);
        if (policy.announce(wanted)) {
            readInExisting(ALL_FOLLOWED);
        }
        policy.put(wanted);
        readInExisting(ALL_FOLLOWED);
    }

    /**
     * Lines that are written to these logs come as records from now on, none of before left out.
     *
     * @return what could not be done, such as a directory that is not there
     */
    public List<String> annotate(List<LogPlace> places) {
        List<String> notes = lines.put(places);
        if (!places.isEmpty() && !linesAttached) {
            linesAttached = true;
            for (BpfObject.Program program : object.programs()) {
                if (FrontEnd.isOfLines(program) && wanted.test(program)) {
                    object.attach(program);
                    attached.add(program);
                }
            }
        }
        return notes;
    }

    /** The policy now. */
    public Policy policy() {
        return policy.policy();
    }

    /**
     * Marks a process, as of now, whatever the policy is.
     *
     * @param tgid the process, in the initial pid namespace
     * @param marks what it bears from now on beside what it bears already
     * @param clear marks to take away; taint stays
     * @return false if there is no such process, or it can never be recorded
     */
    public boolean mark(int tgid, Marks marks, Set<Mark> clear) {
        policy.marking(marks);
        if (this.marks.process(tgid, marks, clear).isEmpty()) {
            return false;
        }
        readInExisting(ALL_FOLLOWED);
        return true;
    }

    private void mark(int tgid, Marks borne) {
        policy.marking(borne);
        marks.process(tgid, borne, Set.of());
    }

    /** What a process bears itself, whatever it executes; nothing if there is no such process. */
    public Marks ownMarks(int tgid) {
        return marks.own(tgid);
    }

    /** What is kept of all files that somebody marked, or that {@link #keep} was told of. */
    public Map<FileId, Marks> keptMarks() {
        return marks.kept();
    }

    /** False if no object can bear a mark, as nothing has ever given one. */
    public boolean isSelective() {
        return policy.isSelective();
    }

    /** What a process bears, empty if there is no such process, or it can never be recorded. */
    public Optional<Marks> marks(int tgid) {
        return marks.process(tgid, Marks.NONE, Set.of());
    }

    /** Whether what a process does is recorded now: it is followed, selected and not opaque. */
    public boolean isRecorded(int tgid) {
        return marks.isRecorded(tgid);
    }

    /** Whether a file that this process has open is opaque: nothing that touches it is recorded. */
    public boolean isOpaque(int fd) {
        return policy.isSelective() && marks.descriptor(fd).has(Mark.OPAQUE);
    }

    /**
     * Marks a file, as of now. Kept as long as the capture runs, also if the kernel forgets the file meanwhile.
     *
     * @param file followed if it is a symbolic link
     * @return what it bears now, and what it is known by
     * @throws headwater.capture.kernel.KernelException if it cannot be opened, or there is no room for more marked files
     */
    public FileMarks mark(Path file, Marks marks, Set<Mark> clear) {
        policy.marking(marks);
        return this.marks.file(file, marks, clear);
    }

    /**
     * What a file bears.
     *
     * @throws headwater.capture.kernel.KernelException if it cannot be opened
     */
    public FileMarks marks(Path file) {
        return marks.file(file, Marks.NONE, Set.of());
    }

    /**
     * A file bears these marks whenever the kernel side meets it anew; none: it is forgotten. What it knows of already keeps its own.
     *
     * @return false if there is no room for more files
     */
    public boolean keep(FileId file, Marks kept) {
        if (kept.isEmpty()) {
            marks.forget(file);
            return true;
        }
        policy.marking(kept);
        return marks.keep(file, kept);
    }

    private void readInExisting(int tgid) {
        try (Arena call = Arena.ofConfined()) {
            // struct control: adopt_tgid, run.
            object.put(object.mapDescriptor(".data.control"), call.allocateFrom(ValueLayout.JAVA_INT, 0),
                    call.allocateFrom(ValueLayout.JAVA_INT, tgid, ++runs));
        }
        // Tasks first: files and mappings are of tasks that are followed already.
        object.iterate("existing_tasks");
        object.iterate("existing_files");
        object.iterate("existing_mappings");
    }

    /**
     * Sleeps until there is something for {@link #poll}, somebody calls {@link #wake}, or the time is over. By the thread that polls.
     *
     * @param atMostMs milliseconds, from 0 on
     * @return false if it did not sleep: something is there, of which a part may still be under way
     */
    public boolean sleep(int atMostMs) {
        return alarm.sleep(atMostMs);
    }

    /** Ends the sleep of the thread that polls, or its next. By any thread, also when the capture is closed. */
    public void wake() {
        alarm.wake();
    }

    /**
     * Hands on what is certain.
     *
     * @return how much there was to do; 0 means that the caller may wait a little
     */
    public int poll() {
        int work = order.poll();
        long now = nowNs();
        if (now - lossLookedForNs >= LOSS_INTERVAL_NS) {
            reportLoss();
        }
        return work;
    }

    /**
     * Puts something that no record tells into the order, after all that has happened until now.
     *
     * @param what is run within {@link #poll} or {@link #stop}, and given its time, nanoseconds since boot
     */
    public void putNow(LongConsumer what) {
        order.putNow(what);
    }

    private void reportLoss() {
        // What is counted while the counters are read belongs to both intervals: each is as long as it can have been.
        long from = lossLookedForNs;
        lossLookedForNs = nowNs();
        counters.read();
        long skipped = skippedHooks();
        long now = nowNs();
        counters.report(from, now, lossHandler);
        if (order.causesMissing() != causesMissing) {
            lossHandler.lost(LossHandler.CAUSE_MISSING, RecordClass.OTHER, -1, from, now, order.causesMissing() - causesMissing);
            causesMissing = order.causesMissing();
        }
        if (skipped != hooksSkipped) {
            lossHandler.lost(LossHandler.HOOK_SKIPPED, RecordClass.OTHER, -1, from, now, skipped - hooksSkipped);
            hooksSkipped = skipped;
        }
    }

    /** An LSM program is never skipped, and makes up for the tracing programs beside it that are (docs/flow-core.md). */
    private long skippedHooks() {
        if (frontEnd != FrontEnd.FEXIT) {
            return 0;
        }
        long skipped = 0;
        for (BpfObject.Program program : attached) {
            skipped += object.skipped(program);
        }
        return skipped;
    }

    /** Stops capturing: detaches, then hands on all that is still in the rings. */
    public void stop() {
        object.detach();
        order.finish();
        reportLoss();
    }

    /** Nanoseconds since boot, on the clock of the records. */
    public long nowNs() {
        return Libc.clockNs(Libc.CLOCK_BOOTTIME, timespec);
    }

    /** What must be added to a record's time to make it nanoseconds since the Unix epoch. */
    public long bootToEpochNs() {
        long before = nowNs();
        long epoch = Libc.clockNs(Libc.CLOCK_REALTIME, timespec);
        return epoch - (before + (nowNs() - before) / 2);
    }

    /** Records handed on so far. */
    public long records() {
        return order.handedOn();
    }

    /** How many records the kernel side has found no room for, as it counts them now. */
    public long unwritten() {
        counters.read();
        return counters.sum(LaneLayout.UNWRITTEN);
    }

    /** How many operations it has refused; none but with {@link OnLoss#BLOCK}. */
    public long refused() {
        counters.read();
        return counters.sum(LaneLayout.REFUSED);
    }

    /** The fullest ring's backlog, bytes. */
    public long backlogBytes() {
        return order.backlogBytes();
    }

    @Override
    public void close() {
        if (alarm != null) {
            alarm.close();
        }
        object.close();
        arena.close();
    }
}
