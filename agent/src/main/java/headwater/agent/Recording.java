// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.disclosure.Intake;
import headwater.capture.Capture;
import headwater.capture.FrontEnd;
import headwater.capture.LossHandler;
import headwater.capture.OnLoss;
import headwater.graph.Continuation;
import headwater.graph.DisclosureRefusedException;
import headwater.graph.GraphBuilder;
import headwater.graph.MalformedRecordException;
import headwater.model.Gap;
import headwater.model.GraphView;
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

/**
 * One session: a front-end's records made into the graph and written to a store. Used by one thread, which calls
 * {@link #doWork} until the session is over.
 */
public final class Recording implements AutoCloseable {
    /** The store's promise: what is older than this is durable (see {@link headwater.store.log.LogWriter}). */
    private static final long SYNC_INTERVAL_NS = 1_000_000_000;

    private final Store store;
    private final GraphView existing;
    private final Capture capture;
    private final GraphBuilder graph;
    private final long bootToEpochNs;
    private final long startedNs;
    private final long firstNode;
    private final long firstEdge;
    private long syncedNs;
    private long lost;
    private long malformed;
    private long processes;
    private final Tellings tellings = new Tellings();
    private String refusal = "";
    private String troubled = "";

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
     */
    public record Plan(FrontEnd frontEnd, boolean wholeSystem, String command, int ringBytes, OnLoss onLoss,
            Environment environment, Path packets) {
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
     * @param refused operations that were refused as they could not be recorded
     * @param processes followed, and not yet ended
     */
    public record Figures(long records, long nodes, long edges, long lost, long refused, long processes, double seconds) {
    }

    /**
     * Starts capturing into a store that is open for writing and stays the caller's.
     *
     * @throws headwater.capture.kernel.KernelException if the kernel refuses the front-end
     * @throws IOException if this boot cannot be told from others
     */
    public static Recording start(Store store, Plan plan) throws IOException {
        return new Recording(store, plan);
    }

    private Recording(Store store, Plan plan) throws IOException {
        this.store = store;
        ContinuationState state = store.continuation();
        firstNode = state.nextNode();
        firstEdge = state.nextEdge();
        String bootId = Machine.bootId();
        capture = Capture.start(
                new Capture.Scope(plan.frontEnd, plan.wholeSystem, (int) ProcessHandle.current().pid(), plan.ringBytes,
                        plan.onLoss, plan.environment != Environment.NONE, plan.packets),
                this::take, this::lost);
        GraphView view = null;
        try {
            bootToEpochNs = capture.bootToEpochNs();
            startedNs = capture.nowNs();
            syncedNs = startedNs;
            view = store.view();
            existing = view;
            Session session = new Session(state.nextSession(), bootId, state.bootNumber(bootId), Machine.id(),
                    plan.frontEnd.text(), plan.wholeSystem ? "system" : "tree", plan.command, plan.onLoss.text(),
                    startedNs + bootToEpochNs, 0);
            store.writer().sessionStart(session);
            graph = new GraphBuilder(store.writer(), existing,
                    new Continuation(state.nextObject(), state.nextNode(), state.nextEdge()), session, bootToEpochNs,
                    new FilePathProbe(), new LiveTasks(() -> capture.nowNs() + bootToEpochNs),
                    plan.environment == Environment.VALUES);
            graph.machine(Machine.facts(bootId), startedNs + bootToEpochNs);
        } catch (RuntimeException | Error e) {
            // The programs would stay attached until this process ends, and a daemon goes on.
            capture.close();
            if (view != null) {
                view.close();
            }
            throw e;
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
        Gap.Kind kind = switch (recordClass) {
            case RecordClass.PROCESS -> Gap.Kind.PROCESS;
            case RecordClass.OBJECT -> Gap.Kind.OBJECT;
            case RecordClass.CONNECTION -> Gap.Kind.CONNECTION;
            case RecordClass.NAME -> Gap.Kind.NAME;
            case RecordClass.ACCESS -> Gap.Kind.ACCESS;
            case RecordClass.TRANSFER -> Gap.Kind.TRANSFER;
            default -> Gap.Kind.ANY;
        };
        Gap.Cause cause = switch (lossCause) {
            case LossHandler.RING_FULL -> Gap.Cause.RING_FULL;
            case LossHandler.MAP_FULL -> Gap.Cause.MAP_FULL;
            case LossHandler.UNREADABLE -> Gap.Cause.UNREADABLE;
            case LossHandler.FOREIGN_ABI -> Gap.Cause.FOREIGN_ABI;
            case LossHandler.SHED -> Gap.Cause.SHED;
            case LossHandler.HOOK_SKIPPED -> Gap.Cause.HOOK_SKIPPED;
            default -> Gap.Cause.CAUSE_MISSING;
        };
        lost += count;
        if (refusal.isEmpty()) {
            try {
                store.writer().gap(new Gap(cause, kind, cpu, fromNs + bootToEpochNs, toNs + bootToEpochNs, count));
            } catch (LogRefusedException e) {
                refusal = e.getMessage();
            }
        }
    }

    /** Follows a process from now on, and all that it starts. */
    public void adopt(int tgid) {
        capture.adopt(tgid);
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
        int work = capture.poll();
        long now = capture.nowNs();
        if (now - syncedNs >= SYNC_INTERVAL_NS) {
            sync();
            syncedNs = now;
        }
        return work;
    }

    /** What programs tell of themselves is given to this. */
    public Intake intake() {
        return tellings;
    }

    private void putNow(Tellings.Pending<?> pending) {
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
        } catch (LogRefusedException e) {
            refusal = e.getMessage();
        } catch (UncheckedIOException e) {
            // The writer keeps the events and tries again with the next sync; it refuses when it can hold no more.
            troubled = e.getMessage();
            return;
        }
        troubled = "";
    }

    /** Why the log does not take events at the moment though nothing is lost yet; empty if it does. */
    public String troubled() {
        return troubled;
    }

    /** Why the log takes no more events; empty if it does. Once it is not, this session is over. */
    public String refusal() {
        return refusal;
    }

    /** Ends the session: detaches, takes in what is still in the rings, and makes it durable. */
    public void stop() {
        tellings.handOver(this::putNow);
        capture.stop();
        tellings.end();
        if (!refusal.isEmpty()) {
            return;
        }
        long endNs = capture.nowNs() + bootToEpochNs;
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
            refusal = troubled;
        }
    }

    /** As of now. */
    public Figures figures() {
        return new Figures(capture.records(), store.writer().nextNode() - firstNode, store.writer().nextEdge() - firstEdge,
                lost, capture.refused(), processes, (capture.nowNs() - startedNs) / 1e9);
    }

    /** How many records the kernel side has found no room for, as it counts them now. */
    long unwritten() {
        return capture.unwritten();
    }

    /** The fullest ring's backlog, bytes. */
    public long backlogBytes() {
        return capture.backlogBytes();
    }

    @Override
    public void close() {
        tellings.end();
        capture.close();
        existing.close();
    }
}
