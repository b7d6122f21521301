// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.graph.lines.Annotations;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.record.RecordFlag;
import headwater.record.RecordHandler;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * Makes the provenance graph of the ordered records of one session: {@code docs/graph.md} says how each is drawn.
 *
 * <p>One thread calls. A flow between objects that are known makes no object. {@link MalformedRecordException} leaves
 * the builder fit for the next record; whatever the sink throws does not. The session's start and end, and gaps that
 * were counted elsewhere, are for the caller to hand to the sink.
 */
public final class GraphBuilder implements RecordHandler {
    private final long bootToEpochOffsetNs;
    private final Versions versions;
    private final Participants participants;
    private final InodeRecords inodeRecords;
    private final TaskRecords taskRecords;
    private final SocketRecords socketRecords;
    private final FlowRecords flowRecords;
    private final PathRecords pathRecords;
    private final PacketRecords packetRecords;
    private final AttributeRecords attributeRecords;
    private final MarkRecords markRecords;
    private final Machines machines;
    private final boolean environmentValues;
    private final Disclosures disclosures;
    private final LineRecords lineRecords;

    /**
     * @param sink takes the graph
     * @param existing what earlier sessions left in the store, null if nothing; the caller closes it, after the last
     * record
     * @param numbers where the store's numbering goes on
     * @param session the session whose records come
     * @param bootToEpochOffsetNs what to add to a record's time to get nanoseconds since the Unix epoch
     * @param probe asks the file system what a path names
     */
    public GraphBuilder(GraphSink sink, GraphView existing, Continuation numbers, Session session,
            long bootToEpochOffsetNs, PathProbe probe) {
        this(sink, existing, numbers, session, bootToEpochOffsetNs, probe, TaskProbe.NONE, false, MarkedInodes.NONE);
    }

    /**
     * As the other.
     *
     * @param tasks asks the machine what no record tells of a task
     * @param environmentValues whether the values of environment variables are kept, where their records come at all
     * @param marked is told which inodes bear marks
     */
    public GraphBuilder(GraphSink sink, GraphView existing, Continuation numbers, Session session,
            long bootToEpochOffsetNs, PathProbe probe, TaskProbe tasks, boolean environmentValues, MarkedInodes marked) {
        this.bootToEpochOffsetNs = bootToEpochOffsetNs;
        this.environmentValues = environmentValues;
        versions = new Versions(sink, numbers);
        participants = new Participants(versions, sink);
        FileSystems fileSystems = new FileSystems(session.bootId());
        Inodes inodes = new Inodes(versions, existing, fileSystems);
        Paths paths = new Paths(versions, existing);
        NameTable names = new NameTable();
        machines = new Machines(versions);
        attributeRecords = new AttributeRecords(versions, participants, inodes, paths);
        inodeRecords = new InodeRecords(versions, participants, inodes, fileSystems, machines, paths, names,
                attributeRecords);
        taskRecords = new TaskRecords(versions, participants, paths, machines, tasks, bootToEpochOffsetNs);
        socketRecords = new SocketRecords(versions, participants);
        packetRecords = new PacketRecords(versions, participants);
        markRecords = new MarkRecords(versions, participants, inodes, fileSystems, marked);
        flowRecords = new FlowRecords(versions, participants, taskRecords, socketRecords, attributeRecords, markRecords);
        pathRecords = new PathRecords(versions, participants, inodes, inodeRecords, paths, names, flowRecords,
                attributeRecords, probe);
        lineRecords = new LineRecords(versions, participants, taskRecords.processes(), paths, tasks, sink);
        disclosures = new Disclosures(versions, participants, taskRecords.processes(), pathRecords);
    }

    /** What programs tell of themselves is drawn by this. */
    public Disclosures disclosures() {
        return disclosures;
    }

    /**
     * From now on lines of logs become annotations by these rules. Two sets hold at a time, so that one gives way to the other without a
     * line lost: bit {@code 32 * half + i} of a line's record means rule {@code i} of that half.
     *
     * @param half 0 or 1
     */
    public void annotations(int half, Annotations annotations) {
        lineRecords.rules(half, annotations);
    }

    /** How many lines of logs were left out so far, as their users wrote too many. */
    public long linesLeftOut() {
        return lineRecords.leftOut();
    }

    /** Tells on which machine the session is. Before its first record; what runs then is drawn as running there. */
    public void machine(MachineFacts facts, long timeNs) {
        machines.introduce(facts, timeNs);
    }

    /** Somebody changed what is recorded; drawn in the order of the records so far. */
    public void changed(PolicyChange change, long timeNs) {
        int task = change.tgid() == 0 ? -1 : taskRecords.ofProcess(change.tgid());
        int line = versions.create(NodeKind.STRING, timeNs);
        change.describe(versions, line, timeNs);
        if (task >= 0) {
            versions.flow(Relation.WRITE, task, line, timeNs, task, 0, -1);
            if (machines.handle() >= 0) {
                versions.flow(Relation.LOAD_POLICY, task, machines.handle(), timeNs, task, 0, -1);
            }
        }
        versions.release(line);
    }

    /**
     * Hands over what records to come may speak of, whatever was told of it before.
     *
     * @param objects takes numbers of objects, of which the newest versions are meant
     * @param nodes takes versions that need not be the newest of theirs
     */
    public void inUse(LongConsumer objects, LongConsumer nodes) {
        versions.inUse(objects);
        lineRecords.inUse(nodes);
    }

    /** All records have come: what was held back for them is told. */
    public void finish(long timeNs) {
        lineRecords.finish();
        taskRecords.identity().contexts().passedAll(timeNs);
    }

    /** Where the numbering goes on after the records so far. */
    public Continuation numbers() {
        return versions.numbers();
    }

    /** The number of the object that an id of the kernel stands for, -1 if it was never met, or if it was a
     * task or process that has ended. */
    public long objectOf(long kernelId) {
        int handle = participants.known(kernelId);
        return handle < 0 || participants.hasDeparted(kernelId) ? -1 : versions.object(handle);
    }

    /**
     * {@inheritDoc}
     *
     * @throws MalformedRecordException if the record breaks its layout or contradicts earlier ones
     */
    @Override
    public void record(MemorySegment record, long at, int lengthBytes) {
        if (at < 0 || lengthBytes < RecordLayout.HEAD_BYTES || at > record.byteSize() - lengthBytes) {
            throw tooShort("a", lengthBytes, RecordLayout.HEAD_BYTES);
        }
        int type = RecordLayout.type(record, at);
        long timeNs = RecordLayout.time(record, at) + bootToEpochOffsetNs;
        taskRecords.identity().contexts().passed(timeNs);
        lineRecords.passed(timeNs);
        switch (type) {
            case RecordType.FLOW -> {
                need("flow", lengthBytes, RecordLayout.FLOW_BYTES);
                flowRecords.flowed(record, at, timeNs);
                attributeRecords.passed(record, at);
                if (lineRecords.isActive()) {
                    lineRecords.flowed(record, at);
                }
            }
            case RecordType.INODE -> {
                need("inode", lengthBytes, RecordLayout.INODE_BYTES);
                inodeRecords.introduced(record, at, timeNs);
            }
            case RecordType.TASK -> {
                need("task", lengthBytes, RecordLayout.TASK_BYTES);
                taskRecords.begun(record, at, timeNs);
            }
            case RecordType.EXIT -> {
                need("exit", lengthBytes, RecordLayout.FLOW_BYTES);
                if ((RecordLayout.flags(record, at) & RecordFlag.GROUP_DEAD) != 0) {
                    lineRecords.ended(RecordLayout.object(record, at), RecordLayout.from(record, at));
                }
                taskRecords.ended(record, at, timeNs);
                attributeRecords.forget(RecordLayout.object(record, at));
            }
            case RecordType.NAME -> inodeRecords.named(record, at, lengthBytes, timeNs);
            case RecordType.ARGS -> taskRecords.arguments(record, at, lengthBytes, timeNs);
            case RecordType.REMOTE -> {
                need("remote", lengthBytes, RecordLayout.ADDRESS_BYTES);
                socketRecords.remote(record, at, timeNs);
            }
            case RecordType.ADDRESS -> {
                need("address", lengthBytes, RecordLayout.ADDRESS_BYTES);
                socketRecords.addressed(record, at, timeNs);
            }
            case RecordType.PATHS -> {
                need("paths", lengthBytes, RecordLayout.PATHS_TEXT);
                pathRecords.called(record, at, lengthBytes, timeNs);
                attributeRecords.forget(RecordLayout.longAt(record, at, RecordLayout.PATHS_TASK));
            }
            case RecordType.WORD -> attributeRecords.word(record, at, lengthBytes);
            case RecordType.CHANGE -> {
                need("change", lengthBytes, RecordLayout.TASK_BYTES);
                taskRecords.identity().changed(record, at, timeNs);
                attributeRecords.forget(RecordLayout.object(record, at));
            }
            case RecordType.FILE_SYSTEM -> {
                need("file system", lengthBytes, RecordLayout.FILE_SYSTEM_BYTES);
                inodeRecords.mounted(record, at);
            }
            case RecordType.ENVIRONMENT ->
                taskRecords.environment(environmentValues, record, at, lengthBytes, timeNs);
            case RecordType.MARK -> {
                need("mark", lengthBytes, RecordLayout.FLOW_BYTES);
                markRecords.marked(record, at, timeNs);
            }
            case RecordType.PACKET -> {
                need("packet", lengthBytes, RecordLayout.PACKET_BYTES);
                packetRecords.passed(record, at, RecordLayout.PACKET_BYTES, timeNs);
            }
            case RecordType.PACKET_CONTENT -> {
                need("packet", lengthBytes, RecordLayout.CONTENT);
                packetRecords.passed(record, at, lengthBytes, timeNs);
            }
            case RecordType.LINE -> {
                need("line", lengthBytes, RecordLayout.LINE_TEXT);
                lineRecords.written(record, at, lengthBytes, timeNs);
            }
            default -> throw new MalformedRecordException("record of an unknown type: type=" + type);
        }
    }

    private static void need(String what, int lengthBytes, int want) {
        if (lengthBytes < want) {
            throw tooShort("a " + what, lengthBytes, want);
        }
    }

    private static MalformedRecordException tooShort(String what, int lengthBytes, int want) {
        return new MalformedRecordException(what + " record is too short: lengthBytes=" + lengthBytes + ", want="
                + want);
    }
}
