// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.KernelId;
import headwater.record.RecordFlag;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How tasks and the memory of processes begin and end: forks, threads, programs executed, exits. */
final class TaskRecords {
    /** The upper half of a task's facts is its process id. */
    private static final int TGID_SHIFT = 32;

    private final Versions versions;
    private final Participants participants;
    private final Paths paths;
    private final long bootToEpochOffsetNs;
    private final MemoryLifetimes lifetimes;
    private final TaskIdentity identity;
    private final Machines machines;
    private final Processes processes = new Processes();

    TaskRecords(Versions versions, Participants participants, Paths paths, Machines machines, TaskProbe probe,
            long bootToEpochOffsetNs) {
        this.versions = versions;
        this.participants = participants;
        this.paths = paths;
        this.machines = machines;
        lifetimes = new MemoryLifetimes(versions, participants);
        identity = new TaskIdentity(versions, participants, paths, lifetimes, probe);
        this.bootToEpochOffsetNs = bootToEpochOffsetNs;
    }

    TaskIdentity identity() {
        return identity;
    }

    Processes processes() {
        return processes;
    }

    /** {@link RecordType#TASK}. */
    void begun(MemorySegment record, long at, long timeNs) {
        long id = RecordLayout.object(record, at);
        long process = RecordLayout.longAt(record, at, RecordLayout.TASK_PROCESS);
        long parentId = RecordLayout.longAt(record, at, RecordLayout.TASK_PARENT);
        long parentProcess = RecordLayout.from(record, at);
        int flags = RecordLayout.flags(record, at);
        boolean thread = (flags & RecordFlag.THREAD) != 0;
        mustBeNew(id, "task");
        if (!thread && process != 0) {
            mustBeNew(process, "process");
        }
        int parent = parentId == 0 ? -1 : participants.task(parentId, timeNs);
        int parentMemory = parent < 0 || thread ? -1 : participants.memory(parentProcess, parentId, timeNs);
        int task = versions.create(NodeKind.TASK, timeNs);
        participants.introduce(id, task);
        describeTask(record, at, task, timeNs);
        if (!thread) {
            processes.begun(record, at);
            memory(record, at, process, parent, parentMemory, timeNs);
        }
        if (parent >= 0) {
            versions.flow(Relation.CLONE, parent, task, timeNs, parent, cloneFlags(record, at), -1);
        } else {
            machines.runs(task, timeNs);
        }
    }

    private void memory(MemorySegment record, long at, long process, int parent, int parentMemory, long timeNs) {
        if (process == 0) {
            return;
        }
        if (parent >= 0 && (RecordLayout.flags(record, at) & RecordFlag.VM) != 0) {
            versions.flow(Relation.MEMORY_READ, parentMemory, parent, timeNs, parent, 0, -1);
            participants.introduce(process, parentMemory);
            lifetimes.borrow(process, parentMemory);
            identity.process(record, at, parentMemory, true, timeNs);
            return;
        }
        int memory = versions.create(NodeKind.PROCESS_MEMORY, timeNs);
        participants.introduce(process, memory);
        number(memory, Attribute.TGID, record, at, RecordLayout.TASK_TGID, timeNs);
        identity.process(record, at, memory, false, timeNs);
        if (parent < 0) {
            return;
        }
        versions.flow(Relation.MEMORY_READ, parentMemory, parent, timeNs, parent, 0, -1);
        versions.flow(Relation.CLONE_MEM, parent, memory, timeNs, parent, 0, -1);
        int name = paths.nameOf(parentMemory);
        if (name >= 0) {
            paths.name(memory, name, timeNs, parent);
        }
    }

    /** The handle of the task that stands for the process which has this id now; -1 if none is followed. */
    int ofProcess(int tgid) {
        Processes.Ids ids = processes.at(tgid);
        return ids == null ? -1 : participants.known(ids.task());
    }

    private void mustBeNew(long id, String what) {
        if (id == 0 || participants.known(id) >= 0) {
            throw new MalformedRecordException("a " + what + " begins under an id that is taken: id="
                    + KernelId.text(id));
        }
    }

    private static long cloneFlags(MemorySegment record, long at) {
        return RecordLayout.arg(record, at) & 0xffffffffL;
    }

    private void describeTask(MemorySegment record, long at, int task, long timeNs) {
        number(task, Attribute.PID, record, at, RecordLayout.TASK_TID, timeNs);
        versions.facts(task, (long) RecordLayout.intAt(record, at, RecordLayout.TASK_TGID) << TGID_SHIFT);
        number(task, Attribute.TGID, record, at, RecordLayout.TASK_TGID, timeNs);
        number(task, Attribute.PPID, record, at, RecordLayout.TASK_PPID, timeNs);
        number(task, Attribute.VPID, record, at, RecordLayout.TASK_VPID, timeNs);
        identity.begun(record, at, task, timeNs);
        versions.attribute(task, Attribute.STARTED,
                RecordLayout.longAt(record, at, RecordLayout.TASK_STARTED) + bootToEpochOffsetNs, timeNs);
        versions.attribute(task, Attribute.COMMAND, record, at + RecordLayout.TASK_COMMAND, Text.commandLength(record, at), timeNs);
    }

    private void number(int handle, Attribute attribute, MemorySegment record, long at, int field, long timeNs) {
        versions.attribute(handle, attribute, RecordLayout.intAt(record, at, field) & 0xffffffffL, timeNs);
    }

    /**
     * A program is executed: {@code OP_EXEC}. The new memory takes in the file, and by the task what the old one held.
     */
    void executed(MemorySegment record, long at, long timeNs) {
        long process = RecordLayout.object(record, at);
        long taskId = RecordLayout.task(record, at);
        mustBeNew(process, "process");
        int task = participants.task(taskId, timeNs);
        int file = participants.inode(RecordLayout.from(record, at), timeNs);
        int before = participants.memory(RecordLayout.extra(record, at), taskId, timeNs);
        int memory = versions.create(NodeKind.PROCESS_MEMORY, timeNs);
        participants.introduce(process, memory);
        processes.executed((int) (versions.facts(task) >>> TGID_SHIFT), taskId, process);
        describeExecuted(record, at, task, memory, timeNs);
        versions.flow(Relation.EXEC, file, memory, timeNs, task, 0, -1);
        versions.flow(Relation.MEMORY_READ, before, task, timeNs, task, 0, -1);
        versions.flow(Relation.EXEC_TASK, task, memory, timeNs, task, 0, -1);
        int name = paths.nameOf(file);
        if (name >= 0) {
            paths.name(memory, name, timeNs, task);
            paths.nameTask(task, name, timeNs);
        }
        lifetimes.end(RecordLayout.extra(record, at));
        identity.processEnded(RecordLayout.extra(record, at));
    }

    private void describeExecuted(MemorySegment record, long at, int task, int memory, long timeNs) {
        long tgid = versions.facts(task) >>> TGID_SHIFT;
        if (tgid != 0) {
            versions.attribute(memory, Attribute.TGID, tgid, timeNs);
        }
        versions.attribute(memory, Attribute.UID, RecordLayout.arg(record, at) & 0xffffffffL, timeNs);
    }

    /** {@link RecordType#ARGS}: strings, each ended by a NUL. */
    void arguments(MemorySegment record, long at, int lengthBytes, long timeNs) {
        strings(NodeKind.ARGV, Relation.ARG, false, record, at, lengthBytes, timeNs);
    }

    /**
     * {@link RecordType#ENVIRONMENT}, likewise.
     *
     * @param values true to keep the values of variables, false for their names alone
     */
    void environment(boolean values, MemorySegment record, long at, int lengthBytes, long timeNs) {
        strings(NodeKind.ENVP, Relation.ENV, !values, record, at, lengthBytes, timeNs);
    }

    private void strings(NodeKind kind, Relation relation, boolean namesOnly, MemorySegment record, long at,
            int lengthBytes, long timeNs) {
        int length = Text.length(record, at, RecordLayout.TEXT, lengthBytes);
        boolean cut = (RecordLayout.flags(record, at) & RecordFlag.CUT) != 0;
        int memory = participants.memory(RecordLayout.object(record, at), 0, timeNs);
        long text = at + RecordLayout.TEXT;
        int start = 0;
        while (start < length) {
            int end = start;
            while (end < length && record.get(ValueLayout.JAVA_BYTE, text + end) != 0) {
                end++;
            }
            int told = namesOnly ? nameLength(record, text + start, end - start) : end - start;
            int string = versions.create(kind, timeNs);
            versions.attribute(string, Attribute.VALUE, record, text + start, told, timeNs);
            if (cut && end >= length - 1) {
                versions.attribute(string, Attribute.TRUNCATED, 1, timeNs);
            }
            versions.flow(relation, string, memory, timeNs, -1, 0, -1);
            versions.release(string);
            start = end + 1;
        }
    }

    private static int nameLength(MemorySegment record, long at, int length) {
        for (int i = 0; i < length; i++) {
            if (record.get(ValueLayout.JAVA_BYTE, at + i) == '=') {
                return i;
            }
        }
        return length;
    }

    /** {@link RecordType#EXIT}. */
    void ended(MemorySegment record, long at, long timeNs) {
        long process = RecordLayout.from(record, at);
        long id = RecordLayout.object(record, at);
        int task = participants.task(id, timeNs);
        boolean last = (RecordLayout.flags(record, at) & RecordFlag.GROUP_DEAD) != 0;
        int memory = last ? lifetimes.own(process) : -1;
        versions.attribute(task, Attribute.EXIT_STATUS, RecordLayout.arg(record, at) & 0xffffffffL, timeNs);
        versions.step(task, Relation.TERMINATE_TASK, timeNs, task);
        if (memory >= 0) {
            versions.step(memory, Relation.TERMINATE_PROC, timeNs, task);
        }
        if (last) {
            processes.ended((int) (versions.facts(task) >>> TGID_SHIFT));
            lifetimes.end(process);
            identity.processEnded(process);
        }
        identity.ended(id);
        participants.depart(id, task);
    }
}
