// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Who tasks and processes are: their ids, namespaces and cgroup, and how these change. A process whose own have changed
 * goes on in a new memory, as in CamFlow, where the memory <em>is</em> the credentials: what it did before stays with who
 * it was then.
 */
final class TaskIdentity {
    private final Versions versions;
    private final Participants participants;
    private final Paths paths;
    private final MemoryLifetimes lifetimes;
    private final TaskProbe probe;
    private final SecurityContexts contexts;
    /** By the kernel's id of the task. */
    private final Map<Long, TaskFacts> tasks = new HashMap<>();
    /** By the kernel's id of the process. */
    private final Map<Long, TaskFacts> processes = new HashMap<>();

    TaskIdentity(Versions versions, Participants participants, Paths paths, MemoryLifetimes lifetimes, TaskProbe probe) {
        this.versions = versions;
        this.participants = participants;
        this.paths = paths;
        this.lifetimes = lifetimes;
        this.probe = probe;
        contexts = new SecurityContexts(versions, participants, probe);
    }

    SecurityContexts contexts() {
        return contexts;
    }

    /** A task begins, or is met. */
    void begun(MemorySegment record, long at, int task, long timeNs) {
        TaskFacts facts = TaskFacts.of(record, at);
        tasks.put(RecordLayout.object(record, at), facts);
        describe(task, null, facts, true, tgid(record, at), timeNs);
    }

    /** The memory of a process that begins, or is met; {@code borrowed} if it is its parent's. */
    void process(MemorySegment record, long at, int memory, boolean borrowed, long timeNs) {
        long process = RecordLayout.longAt(record, at, RecordLayout.TASK_PROCESS);
        long parent = RecordLayout.from(record, at);
        TaskFacts facts = TaskFacts.of(record, at);
        processes.put(process, facts);
        if (borrowed) {
            return;
        }
        describe(memory, null, facts, false, tgid(record, at), timeNs);
        if (parent == 0) {
            contexts.ask(process, tgid(record, at));
        } else {
            contexts.inherit(parent, process, tgid(record, at), memory, timeNs);
        }
    }

    private void describe(int handle, TaskFacts before, TaskFacts now, boolean namespaces, int tgid, long timeNs) {
        TaskFacts.Writer writer = (attribute, value) -> versions.attribute(handle, attribute, value, timeNs);
        now.credentials(before, writer);
        if (namespaces) {
            now.namespaces(before, writer);
        }
        if (before == null || before.cgroup() != now.cgroup()) {
            cgroup(handle, now.cgroup(), tgid, before != null, timeNs);
        }
    }

    private void cgroup(int handle, long id, int tgid, boolean moved, long timeNs) {
        String path = id == 0 ? null : probe.cgroup(id, tgid);
        if (path == null) {
            if (moved) {
                // Where it is now cannot be named; where it was would be wrong.
                versions.attribute(handle, Attribute.CGROUP, "", timeNs);
                versions.attribute(handle, Attribute.CONTAINER, "", timeNs);
            }
            return;
        }
        versions.attribute(handle, Attribute.CGROUP, path, timeNs);
        String container = Containers.of(path);
        if (container != null || moved) {
            versions.attribute(handle, Attribute.CONTAINER, container == null ? "" : container, timeNs);
        }
    }

    private static int tgid(MemorySegment record, long at) {
        return RecordLayout.intAt(record, at, RecordLayout.TASK_TGID);
    }

    /** {@link RecordType#CHANGE}. */
    void changed(MemorySegment record, long at, long timeNs) {
        int op = RecordLayout.op(record, at);
        if (op < FlowOp.SETUID || op > FlowOp.EXECUTED) {
            throw new MalformedRecordException("a task changes in an unknown way: op=" + op);
        }
        long id = RecordLayout.object(record, at);
        long process = RecordLayout.longAt(record, at, RecordLayout.TASK_PROCESS);
        int task = participants.task(id, timeNs);
        int memory = participants.memory(process, id, timeNs);
        TaskFacts now = TaskFacts.of(record, at);
        describe(task, tasks.put(id, now), now, true, tgid(record, at), timeNs);
        if (op == FlowOp.EXECUTED) {
            processes.put(process, now);
            executed(record, at, task, memory, now, timeNs);
            return;
        }
        // A process is who its leader is: a thread may differ for a while, or for good.
        boolean leader = RecordLayout.intAt(record, at, RecordLayout.TASK_TID) == tgid(record, at);
        if (!leader || process == 0) {
            return;
        }
        TaskFacts before = processes.put(process, now);
        boolean same = now.equals(before) && op != FlowOp.SETGROUPS;
        if (!same && !lifetimes.isShared(process)) {
            renewed(record, at, op, task, memory, before, now, timeNs);
        }
    }

    private void executed(MemorySegment record, long at, int task, int memory, TaskFacts now, long timeNs) {
        describe(memory, null, now, false, tgid(record, at), timeNs);
        versions.attribute(task, Attribute.COMMAND, record, at + RecordLayout.TASK_COMMAND, Text.commandLength(record, at), timeNs);
        contexts.ask(RecordLayout.longAt(record, at, RecordLayout.TASK_PROCESS), tgid(record, at));
    }

    private void renewed(MemorySegment record, long at, int op, int task, int before, TaskFacts factsBefore, TaskFacts now,
            long timeNs) {
        long process = RecordLayout.longAt(record, at, RecordLayout.TASK_PROCESS);
        int memory = versions.create(NodeKind.PROCESS_MEMORY, timeNs);
        participants.introduce(process, memory);
        versions.attribute(memory, Attribute.TGID, tgid(record, at) & 0xffffffffL, timeNs);
        boolean moved = factsBefore == null || !factsBefore.namespaces().equals(now.namespaces());
        describe(memory, null, now, moved, tgid(record, at), timeNs);
        contexts.keep(process, memory, timeNs);
        versions.flow(Relation.MEMORY_READ, before, task, timeNs, task, 0, -1);
        versions.flow(Relation.CLONE_MEM, task, memory, timeNs, task, 0, -1);
        if (op == FlowOp.SETUID) {
            versions.flow(Relation.SETUID, task, memory, timeNs, task, RecordLayout.arg(record, at) & 0xffffffffL, -1);
        }
        int name = paths.nameOf(before);
        if (name >= 0) {
            paths.name(memory, name, timeNs, task);
        }
        versions.step(before, Relation.TERMINATE_PROC, timeNs, task);
        versions.release(before);
    }

    /** The task has ended. */
    void ended(long task) {
        tasks.remove(task);
    }

    /** The process has ended, or its memory has by an exec. */
    void processEnded(long process) {
        processes.remove(process);
        contexts.forget(process);
    }
}
