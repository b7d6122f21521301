// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.Troubles.Source;
import headwater.agent.disclosure.Intake;
import headwater.capture.Capture;
import headwater.capture.FileId;
import headwater.capture.FileMarks;
import headwater.capture.FrontEnd;
import headwater.capture.LossHandler;
import headwater.capture.Mark;
import headwater.capture.Marks;
import headwater.capture.OnLoss;
import headwater.capture.Policy;
import headwater.config.LogAnnotation;
import headwater.graph.Continuation;
import headwater.graph.DisclosureRefusedException;
import headwater.graph.GraphBuilder;
import headwater.graph.MalformedRecordException;
import headwater.graph.MarkedInodes;
import headwater.graph.PolicyChange;
import headwater.model.Gap;
import headwater.model.Session;
import headwater.record.RecordClass;
import headwater.record.RecordFlag;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import headwater.store.ContinuationState;
import headwater.store.Store;
import headwater.store.log.LogRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * One session: a front-end's records made into the graph and written to a store. Used by one thread, which calls
 * {@link #doWork} until the session is over.
 */
public final class Recording implements AutoCloseable {
    /** How often marks are made durable, and the clocks are compared. What goes into the log is on its way at once. */
    private static final long SYNC_INTERVAL_NS = 1_000_000_000;
    /** How long one who asks waits for what was recorded before. */
    private static final long SETTLE_NS = 5_000_000_000L;

    private final Store store;
    private final ExistingGraph existing;
    private final Capture capture;
    private final GraphBuilder graph;
    private final LastingMarks lastingMarks;
    private final long bootToEpochNs;
    private final long startedNs;
    private final Session session;
    private final long firstNode;
    private final long firstEdge;
    private long syncedNs;
    private long lost;
    private long linesLost;
    private long malformed;
    private long processes;
    private final Tellings tellings = new Tellings(this::wake);
    private String refusal = "";
    private final Troubles troubles = new Troubles();
    private final Pressure pressure;
    private final KernelSelection selection;
    /** The next session has them. */
    private boolean marksHandedOn;
    private long endNs;
    private final Annotating annotating;
    private final List<String> notes = new ArrayList<>();
    /** By how much the wall clock was set back since the session began: the times of events go on as they were. */
    private volatile long stepNs;

    /**
     * What to record.
     *
     * @param frontEnd where flows are seen
     * @param wholeSystem true for every task, false for the processes given to {@link #adopt} and theirs
     * @param command what is run, for people; empty for the whole system
     * @param ringBytes size of each CPU's ring, a power of two
     * @param onLoss what gives way when a ring fills
     * @param environment what is kept of the environment of executed programs
     * @param packets the control group whose sockets' packets are recorded one by one, null for none
     * @param policy what is recorded of what is followed
     * @param annotation lines of which logs become annotations, from the beginning
     */
    public record Plan(FrontEnd frontEnd, boolean wholeSystem, String command, int ringBytes, OnLoss onLoss,
            Environment environment, Path packets, Policy policy, LogAnnotation.Section annotation) {
        /** Without lines of logs. */
        public Plan(FrontEnd frontEnd, boolean wholeSystem, String command, int ringBytes, OnLoss onLoss, Environment environment,
                Path packets, Policy policy) {
            this(frontEnd, wholeSystem, command, ringBytes, onLoss, environment, packets, policy, LogAnnotation.Section.NONE);
        }

        /** All that is followed is recorded. */
        public Plan(FrontEnd frontEnd, boolean wholeSystem, String command, int ringBytes, OnLoss onLoss, Environment environment,
                Path packets) {
            this(frontEnd, wholeSystem, command, ringBytes, onLoss, environment, packets, Policy.EVERYTHING);
        }

        /** The same with another policy. */
        Plan with(Policy another) {
            return new Plan(frontEnd, wholeSystem, command, ringBytes, onLoss, environment, packets, another, annotation);
        }

        /** The same, where lines of these logs become annotations. */
        public Plan with(LogAnnotation.Section lines) {
            return new Plan(frontEnd, wholeSystem, command, ringBytes, onLoss, environment, packets, policy, lines);
        }

        /** Where the record gives way, without the environment of programs, and without packets. */
        public Plan(FrontEnd frontEnd, boolean wholeSystem, String command, int ringBytes) {
            this(frontEnd, wholeSystem, command, ringBytes, OnLoss.RECORD, Environment.NONE, null);
        }
    }

    /** What is kept of the environment of executed programs, which may hold secrets. */
    public enum Environment { NONE, NAMES, VALUES }

    /**
     * The figures of a session so far.
     *
     * @param linesLeftOut lines of logs that would have been annotations; no flow is lost with them
     * @param refused operations that were refused as they could not be recorded
     * @param processes followed, and not yet ended
     */
    public record Figures(long records, long nodes, long edges, long lost, long linesLeftOut, long refused, long processes, double seconds) {
    }

    /**
     * Starts capturing into a store that is open for writing and stays the caller's.
     *
     * @throws headwater.capture.kernel.KernelException if the kernel refuses the front-end
     * @throws IOException if this boot cannot be told from others
     */
    public static Recording start(Store store, Plan plan) throws IOException {
        return start(store, plan, 0, CarriedMarks.NONE);
    }

    /**
     * As the other.
     *
     * @param machineId CamFlow's number of this machine in the graph; 0 for the one that it has of itself
     * @param carried marks that the session before has left
     */
    static Recording start(Store store, Plan plan, int machineId, CarriedMarks carried) throws IOException {
        return new Recording(store, plan, machineId == 0 ? Machine.id() : machineId, carried);
    }

    private Recording(Store store, Plan plan, int machineId, CarriedMarks carried) throws IOException {
        this.store = store;
        pressure = new Pressure(plan.ringBytes);
        selection = new KernelSelection(this, carried.configured());
        ContinuationState state = store.continuation();
        firstNode = state.nextNode();
        firstEdge = state.nextEdge();
        String bootId = Machine.bootId();
        lastingMarks = carried.lasting() == null ? LastingMarks.open(store.path()) : carried.lasting();
        capture = start(plan, lastingMarks, carried);
        ExistingGraph view = null;
        try {
            bootToEpochNs = capture.bootToEpochNs();
            startedNs = capture.nowNs();
            syncedNs = startedNs;
            store.writer().windows().clock(() -> wallClockNs() + stepNs);
            view = new ExistingGraph(store.view());
            existing = view;
            session = new Session(state.nextSession(), bootId, state.bootNumber(bootId), machineId,
                    plan.frontEnd.text(), plan.wholeSystem ? "system" : "tree", plan.command, plan.onLoss.text(),
                    startedNs + bootToEpochNs, 0);
            store.writer().sessionStart(session);
            graph = new GraphBuilder(store.writer(), existing,
                    new Continuation(state.nextObject(), state.nextNode(), state.nextEdge()), session, bootToEpochNs,
                    new FilePathProbe(), new LiveTasks(() -> capture.nowNs() + bootToEpochNs),
                    plan.environment == Environment.VALUES, this::marked);
            graph.machine(Machine.facts(bootId), startedNs + bootToEpochNs);
            annotating = new Annotating(capture, graph);
            notes.addAll(annotating.put(plan.annotation));
        } catch (RuntimeException | Error e) {
            // The programs would stay attached until this process ends, and a daemon goes on.
            capture.close();
            if (view != null) {
                view.close();
            }
            lastingMarks.close();
            throw e;
        }
        if (lastingMarks.damaged() > 0) {
            String lostMarks = "marks of files are lost: file=" + store.path().resolve("marks") + ", lines=" + lastingMarks.damaged()
                    + "; mark those files again";
            troubles.put(Source.MARKS_FOUND, lostMarks);
            notes.add(lostMarks);
        }
    }

    private Capture start(Plan plan, LastingMarks marks, CarriedMarks carried) throws IOException {
        Map<FileId, Marks> marked = marks.byId();
        marked.putAll(carried.files());
        try {
            return Capture.start(
                    new Capture.Scope(plan.frontEnd, plan.wholeSystem, (int) ProcessHandle.current().pid(), plan.ringBytes,
                            plan.onLoss, plan.environment != Environment.NONE, plan.packets, plan.policy, marked,
                            carried.byProcess(), plan.wholeSystem || !plan.annotation.rules().isEmpty()),
                    this::take, this::lost);
        } catch (RuntimeException | Error e) {
            marks.close();
            throw e;
        }
    }

    /**
     * What files bear outlives the session if somebody has given it to them, or if it has spread to them. That they were opened by
     * somebody who is tracked does not: in time all would be.
     */
    private void marked(MarkedInodes.Inode inode, int bits, long taint) {
        Marks marks = Marks.ofBits(bits, taint);
        boolean kept = marks.isEmpty() || taint != 0 || marks.has(Mark.OPAQUE) || marks.has(Mark.PROPAGATE);
        if (!kept) {
            return;
        }
        if (!capture.keep(FileId.of(inode.fileSystem(), inode.dev(), inode.ino(), inode.generation()), marks)) {
            long nowNs = capture.nowNs();
            lost(LossHandler.MAP_FULL, RecordClass.OBJECT, -1, nowNs, nowNs, 1);
        }
        if (inode.lasts()) {
            lastingMarks.put(new LastingMarks.Key(inode.fileSystem(), inode.ino(), inode.generation()), marks);
        }
    }

    private void take(MemorySegment record, long at, int length) {
        int type = RecordLayout.type(record, at);
        if (type == RecordType.TASK && (RecordLayout.flags(record, at) & RecordFlag.THREAD) == 0) {
            processes++;
        } else if (type == RecordType.EXIT && (RecordLayout.flags(record, at) & RecordFlag.GROUP_DEAD) != 0) {
            processes--;
        }
        if (!refusal.isEmpty()) {
            lost++;
            return;
        }
        try {
            graph.record(record, at, length);
        } catch (MalformedRecordException e) {
            malformed++;
        } catch (LogRefusedException e) {
            refusal = e.getMessage();
            lost++;
        }
    }

    private void lost(int lossCause, int recordClass, int cpu, long fromNs, long toNs, long count) {
        Gap.Kind kind = LossGaps.kind(recordClass);
        if (kind == Gap.Kind.LINE) {
            linesLost += count;
        } else {
            lost += count;
        }
        if (refusal.isEmpty()) {
            try {
                store.writer().gap(new Gap(LossGaps.cause(lossCause), kind, cpu, fromNs + bootToEpochNs, toNs + bootToEpochNs, count));
            } catch (LogRefusedException e) {
                refusal = e.getMessage();
            }
        }
    }

    /** Follows a process from now on, and all that it starts. */
    public void adopt(int tgid) {
        capture.adopt(tgid);
    }

    /** The session that it is. */
    Session session() {
        return session;
    }

    /** What of all that is followed is recorded. */
    Selection selection() {
        return selection;
    }

    /** Somebody changed what is recorded. */
    void changed(PolicyChange change) {
        if (refusal.isEmpty()) {
            try {
                graph.changed(change, capture.nowNs() + bootToEpochNs);
            } catch (LogRefusedException e) {
                refusal = e.getMessage();
            }
        }
    }

    /** What the next session goes on with; after {@link #stop}. What cannot be written to the store now, that session will. */
    CarriedMarks carry() {
        marksHandedOn = true;
        List<CarriedMarks.Bearer> processes = new ArrayList<>();
        if (capture.isSelective()) {
            ProcessHandle.allProcesses().forEach(process -> process.info().startInstant().ifPresent(started -> {
                Marks marks = capture.ownMarks((int) process.pid());
                if (!marks.isEmpty()) {
                    processes.add(new CarriedMarks.Bearer((int) process.pid(), started, marks));
                }
            }));
        }
        return new CarriedMarks(capture.keptMarks(), processes, selection.configured(), lastingMarks);
    }

    /** Takes what has come until now, and makes it durable; a backlog that takes longer than some seconds is left. */
    void settle() {
        boolean[] taken = new boolean[1];
        capture.putNow(timeNs -> taken[0] = true);
        long began = System.nanoTime();
        while (!taken[0] && System.nanoTime() - began < SETTLE_NS) {
            capture.poll();
        }
        sync();
    }

    /** Another policy from now on; see {@link Capture#policy(Policy)}. By the thread that works. */
    public void policy(Policy policy) {
        capture.policy(policy);
    }

    /** Which lines of logs become annotations. By the thread that works. */
    Annotating annotating() {
        return annotating;
    }

    /** What could not be had from the beginning, a line each: directories of logs that are not there, marks that are lost. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** The policy now. */
    public Policy policy() {
        return capture.policy();
    }

    /** Marks a process; see {@link Capture#mark(int, Marks, Set)}. */
    public boolean mark(int tgid, Marks marks, Set<Mark> clear) {
        return capture.mark(tgid, marks, clear);
    }

    /** What a process bears; see {@link Capture#marks(int)}. */
    public Optional<Marks> marks(int tgid) {
        return capture.marks(tgid);
    }

    /**
     * Marks a file; see {@link Capture#mark(Path, Marks, Set)}. On a file system that has a UUID and keeps inode numbers and
     * generations (ext4, xfs, btrfs and the like) the marks outlive this session and the boot, in this store; {@link #lasts} tells.
     *
     * @throws headwater.capture.kernel.KernelException if it cannot be opened, or too many files are marked
     * @throws UncheckedIOException if the marks cannot be made durable; the file is marked all the same
     */
    public FileMarks mark(Path file, Marks marks, Set<Mark> clear) {
        FileMarks marked = capture.mark(file, marks, clear);
        troubles.put(Source.MARKS_FOUND, "");
        if (lasts(marked)) {
            FileId id = marked.file();
            lastingMarks.put(new LastingMarks.Key(marked.fileSystem(), id.ino(), id.generation() & 0xffffffffL), marked.marks());
            try {
                lastingMarks.sync();
            } catch (IOException e) {
                throw new UncheckedIOException("the file is marked, but not for longer than this session: path=" + file + ", error="
                        + e.getMessage(), e);
            }
        }
        return marked;
    }

    /** What a file bears; see {@link Capture#marks(Path)}. */
    public FileMarks marks(Path file) {
        return capture.marks(file);
    }

    /** Whether the marks of a file outlive the boot. */
    public static boolean lasts(FileMarks file) {
        return file.fileSystem() != null && MarkedInodes.lasts(file.fileSystemType());
    }

    /** Lets those leave the record who open this file for writing. It stays the caller's, and open. */
    void opaque(OpaqueFile file) {
        capture.opaque(file.descriptor());
    }

    /**
     * Takes what has come, and makes durable what is due.
     *
     * @return how much there was to do; 0 means that the caller may wait a little
     */
    public int doWork() {
        tellings.handOver(this::putNow);
        long backlog = capture.backlogBytes();
        int work = capture.poll();
        flush();
        long now = capture.nowNs();
        if (pressure.hasChanged(backlog, now)) {
            store.indexLater(pressure.isHigh());
            troubles.put(Source.INDEX, pressure.isHigh()
                    ? "more happens than can be indexed: nothing is lost yet, and answers lag and say so" : "");
        }
        if (now - syncedNs >= SYNC_INTERVAL_NS) {
            stepNs = now + bootToEpochNs - wallClockNs();
            syncMarks();
            syncedNs = now;
            annotating.followDirectories();
        }
        return work;
    }

    /**
     * Sleeps when there is nothing to do: until something is recorded, or {@link #wake} is called, or the time is over.
     *
     * @param atMostMs milliseconds; so long what is due by itself waits
     * @return false if it did not sleep, as something is there
     */
    boolean sleep(int atMostMs) {
        return capture.sleep(atMostMs);
    }

    /** Ends the sleep of the thread that works, or its next. By any thread. */
    void wake() {
        capture.wake();
    }

    /** True if something that was taken waits to be written. */
    boolean pending() {
        return store.writer().pending();
    }

    /** Writes what has waited long enough. Another thread makes it durable, and a third signs it. */
    private void flush() {
        try {
            store.writer().flushDue(System.nanoTime());
            troubles.put(Source.LOG, "");
        } catch (UncheckedIOException e) {
            // The writer keeps the events and tries again; it refuses when it can hold no more.
            troubles.put(Source.LOG, said(e));
        }
    }

    private void syncMarks() {
        try {
            lastingMarks.sync();
            troubles.put(Source.MARKS_WRITTEN, "");
        } catch (IOException e) {
            troubles.put(Source.MARKS_WRITTEN,
                    "marks of files cannot be written: file=" + store.path().resolve("marks") + ", error=" + said(e));
        }
    }

    /** A trouble without a text would be none. */
    private static String said(Exception e) {
        return e.getMessage() == null || e.getMessage().isEmpty() ? e.toString() : e.getMessage();
    }

    private static long wallClockNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** What programs tell of themselves is given to this. */
    public Intake intake() {
        return tellings;
    }

    /** The kernel side is asked by the thread that changes the policy, so what it answers holds at the time that the telling gets. */
    private void putNow(Tellings.Pending<?> pending) {
        if (pending.tgid != 0 && !capture.isRecorded(pending.tgid)) {
            pending.refuse(new DisclosureRefusedException("not-recorded", "this process is not recorded now, being opaque, not selected"
                    + " by the policy, or not of this recording: pid=" + pending.tgid));
            return;
        }
        for (int fd : pending.files) {
            if (capture.isOpaque(fd)) {
                pending.refuse(new DisclosureRefusedException("not-recorded", "a file that is told of is opaque: nothing of it is recorded"));
                return;
            }
        }
        capture.putNow(bootNs -> tell(pending, bootNs + bootToEpochNs));
    }

    private <T> void tell(Tellings.Pending<T> pending, long timeNs) {
        if (!refusal.isEmpty()) {
            pending.refuse(new DisclosureRefusedException("not-recording", "the log takes no more: " + refusal));
            return;
        }
        try {
            pending.answer(pending.telling.tell(graph.disclosures(), timeNs));
        } catch (DisclosureRefusedException e) {
            pending.refuse(e);
        } catch (LogRefusedException e) {
            refusal = e.getMessage();
            pending.refuse(new DisclosureRefusedException("not-recording", "the log takes no more: " + refusal));
        }
    }

    private void sync() {
        try {
            store.writer().sync();
            troubles.put(Source.LOG, "");
        } catch (LogRefusedException e) {
            refusal = e.getMessage();
        } catch (UncheckedIOException e) {
            // The writer keeps the events and tries again with the next sync; it refuses when it can hold no more.
            troubles.put(Source.LOG, said(e));
        }
        syncMarks();
    }

    /** What is wrong though no event is lost yet; empty if nothing is. */
    public String troubled() {
        return troubles.text();
    }

    /** Why the log takes no more events; empty if it does. Once it is not, this session is over. */
    public String refusal() {
        return refusal;
    }

    /** Objects below this number may be dropped by retention, and are not to be met again; see {@link ExistingGraph#letGo}. */
    void letGo(long beforeObject) {
        existing.letGo(beforeObject);
    }

    /**
     * Lets objects below this number go, and hands over what is in use all the same; what was recorded up to now is in the log's files
     * when it returns. By the thread that works.
     *
     * @throws UncheckedIOException if the log takes nothing at the moment
     */
    void inUse(long beforeObject, LongConsumer objects, LongConsumer nodes) {
        letGo(beforeObject);
        graph.inUse(objects, nodes);
        store.writer().flush();
    }

    /** Ends the session: detaches, takes in what is still in the rings, and makes it durable. */
    public void stop() {
        tellings.handOver(this::putNow);
        capture.stop();
        tellings.end();
        endNs = capture.nowNs() + bootToEpochNs;
        if (!refusal.isEmpty()) {
            return;
        }
        try {
            graph.finish(endNs);
            if (malformed > 0) {
                store.writer().gap(new Gap(Gap.Cause.UNREADABLE, -1, startedNs + bootToEpochNs, endNs, malformed));
            }
            store.writer().sessionEnd(endNs);
        } catch (LogRefusedException e) {
            refusal = e.getMessage();
            return;
        }
        sync();
        if (refusal.isEmpty()) {
            // There is no next time: what could not be made durable now is lost.
            String log = troubles.of(Source.LOG);
            refusal = log.isEmpty() ? troubles.of(Source.MARKS_WRITTEN) : log;
        }
        store.sealer().sealNow();
    }

    /** When it was stopped, nanoseconds since the Unix epoch; 0 before. */
    long endNs() {
        return endNs;
    }

    /** As of now. */
    public Figures figures() {
        return new Figures(capture.records(), store.writer().nextNode() - firstNode, store.writer().nextEdge() - firstEdge,
                lost, linesLost + graph.linesLeftOut(), capture.refused(), processes, (capture.nowNs() - startedNs) / 1e9);
    }

    /** How many records the kernel side has found no room for, as it counts them now. */
    long unwritten() {
        return capture.unwritten();
    }

    /** True if the rings fill faster than they are emptied, and until that is over. By the thread that works. */
    boolean isPressed() {
        return pressure.isHigh();
    }

    /** The fullest ring's backlog, bytes. */
    public long backlogBytes() {
        return capture.backlogBytes();
    }

    @Override
    public void close() {
        tellings.end();
        store.writer().windows().clock(null);
        store.indexLater(false);
        capture.close();
        existing.close();
        if (marksHandedOn) {
            return;
        }
        try {
            lastingMarks.close();
        } catch (IOException e) {
            throw new UncheckedIOException("marks of files could not be written: file=" + store.path().resolve("marks"), e);
        }
    }
}
