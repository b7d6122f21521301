// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.record.KernelId;

/**
 * Who takes part in a record: the handles behind the kernel's ids. An id whose introduction was lost gets an object of
 * which nothing is known, and a gap, once.
 */
final class Participants {
    private final Versions versions;
    private final GraphSink sink;
    private final KernelIds ids = new KernelIds();
    private final Departed departed;
    /** The memory of tasks whose process has no id, by the task's id. */
    private final KernelIds nameless = new KernelIds();

    Participants(Versions versions, GraphSink sink) {
        this.versions = versions;
        this.sink = sink;
        departed = new Departed(versions, ids);
    }

    /** The handle that {@code id} stands for, -1 if none. */
    int known(long id) {
        return ids.get(id);
    }

    /** From now on {@code id} stands for the object of this handle. */
    void introduce(long id, int handle) {
        ids.put(id, handle);
    }

    /** True if the task or process has ended; its handle is still {@link #known} for a while. */
    boolean hasDeparted(long id) {
        return departed.has(id);
    }

    /**
     * The task or process ends, or executes another program under a new id.
     *
     * @param handle is given back when nothing can be said of it any more; -1 for none
     */
    void depart(long id, int handle) {
        departed.add(id, handle);
    }

    int task(long id, long timeNs) {
        return take(id, NodeKind.TASK, timeNs);
    }

    /**
     * The memory of a process.
     *
     * @param id the process's; 0 if the ring was full when the process should have got one
     * @param task the id of the acting task
     */
    int memory(long id, long task, long timeNs) {
        if (id != 0) {
            return take(id, NodeKind.PROCESS_MEMORY, timeNs);
        }
        if (task == 0) {
            throw new MalformedRecordException("record names neither process nor task: id=0");
        }
        int handle = nameless.get(task);
        if (handle < 0) {
            handle = placeholder(task, NodeKind.PROCESS_MEMORY, timeNs);
            nameless.put(task, handle);
        }
        return handle;
    }

    /** An inode, or what stands beside inodes in the kernel ({@link NodeKind#isObject}). */
    int inode(long id, long timeNs) {
        return inodeOr(NodeKind.INODE_UNKNOWN, id, timeNs);
    }

    int socket(long id, long timeNs) {
        return inodeOr(NodeKind.SOCKET, id, timeNs);
    }

    private int inodeOr(NodeKind placeholder, long id, long timeNs) {
        int handle = ids.get(id);
        if (handle >= 0) {
            if (!versions.kind(handle).isObject()) {
                throw wrongKind(id, "inode", handle);
            }
            return handle;
        }
        return unknown(id, placeholder, timeNs);
    }

    /** What was sent to, or came from, a remote end. */
    int remote(long id, long timeNs) {
        return take(id, NodeKind.PACKET, timeNs);
    }

    private int take(long id, NodeKind kind, long timeNs) {
        int handle = ids.get(id);
        if (handle < 0) {
            return unknown(id, kind, timeNs);
        }
        if (versions.kind(handle) != kind) {
            throw wrongKind(id, kind.text(), handle);
        }
        return handle;
    }

    private int unknown(long id, NodeKind kind, long timeNs) {
        if (id == 0) {
            throw new MalformedRecordException("record names no object where one must be: id=0, want=" + kind.text());
        }
        int handle = placeholder(id, kind, timeNs);
        ids.put(id, handle);
        return handle;
    }

    private int placeholder(long id, NodeKind kind, long timeNs) {
        sink.gap(new Gap(Gap.Cause.CAUSE_MISSING, KernelId.cpu(id), timeNs, timeNs, 1));
        return versions.create(kind, timeNs);
    }

    private MalformedRecordException wrongKind(long id, String want, int handle) {
        return new MalformedRecordException("record names an object of another kind: id=" + KernelId.text(id)
                + ", want=" + want + ", kind=" + versions.kind(handle).text());
    }
}
