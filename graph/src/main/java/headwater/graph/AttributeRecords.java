// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.ObjectClass;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of inodes: an object beside each inode whose attributes were changed, so that who asks for them does not depend on
 * who wrote the bytes. A change is a node of its own, as CamFlow draws it: task, change, attributes. From front-ends that resolve
 * paths in the kernel the flows name that object; from others they name the inode, by device and number.
 */
final class AttributeRecords {
    private final Versions versions;
    private final Participants participants;
    private final Inodes inodes;
    private final Paths paths;
    private final Expansion expansion;
    /** By the inode's handle, which no other object will ever have: the handle of its attributes. */
    private final Map<Integer, Integer> byInode = new HashMap<>();
    /** The kernel's ids of what stands for all that calls named by path. */
    private final Set<Long> claimed = new HashSet<>();
    /** By the task's id: the word for its next flow; few at a time, as {@link #passed} forgets what is not used. */
    private final Map<Long, String> words = new HashMap<>();

    AttributeRecords(Versions versions, Participants participants, Inodes inodes, Paths paths) {
        this.versions = versions;
        this.participants = participants;
        this.inodes = inodes;
        this.paths = paths;
        expansion = new Expansion(versions);
    }

    /** {@link RecordType#INODE} of the classes {@link ObjectClass#ATTRIBUTES} and {@link ObjectClass#CLAIMED}. */
    void introduced(long id, int objectClass, KernelInode key, long timeNs) {
        if (objectClass == ObjectClass.CLAIMED) {
            claimed.add(id);
            return;
        }
        if (participants.known(id) >= 0) {
            throw new MalformedRecordException("attributes introduced under the id of another object: key=" + key);
        }
        int inode = inodes.at(key);
        participants.introduce(id, inode >= 0 ? of(inode, timeNs) : create("attributes of inode " + key.ino(), timeNs));
    }

    private int of(int inode, long timeNs) {
        Integer known = byInode.get(inode);
        if (known != null) {
            return known;
        }
        String path = paths.textOf(inode);
        int made = create("attributes of " + (path == null ? versions.kind(inode).text() : path), timeNs);
        byInode.put(inode, made);
        return made;
    }

    private int create(String name, long timeNs) {
        int made = versions.create(NodeKind.IATTR, timeNs);
        versions.attribute(made, Attribute.NAME, name, timeNs);
        return made;
    }

    /** {@link RecordType#WORD}. */
    void word(MemorySegment record, long at, int lengthBytes) {
        int length = Text.length(record, at, RecordLayout.TEXT, lengthBytes);
        words.put(RecordLayout.object(record, at), PathText.string(record, at + RecordLayout.TEXT, length));
    }

    /** A task's flow was drawn: a word from before it was for that, or for a call that came to nothing. */
    void passed(MemorySegment record, long at) {
        // What a task takes in of its shared memory comes between its word and its change.
        if (!words.isEmpty() && !isOfSharedMemory(RecordLayout.op(record, at))) {
            forget(RecordLayout.task(record, at));
        }
    }

    private static boolean isOfSharedMemory(int op) {
        return op == FlowOp.SHARE_READ || op == FlowOp.MMAP_WRITE || op == FlowOp.HAND_BACK;
    }

    /** The task has ended, or has gone on to something else than what its word was for. */
    void forget(long taskId) {
        words.remove(taskId);
    }

    /** A flow between a process and attributes; {@code relation} is that of its operation. */
    void flowed(MemorySegment record, long at, Relation relation, long timeNs) {
        long taskId = RecordLayout.task(record, at);
        boolean change = isChange(RecordLayout.op(record, at));
        long process = change ? RecordLayout.from(record, at) : RecordLayout.object(record, at);
        long id = change ? RecordLayout.object(record, at) : RecordLayout.from(record, at);
        int task = participants.task(taskId, timeNs);
        int memory = participants.memory(process, taskId, timeNs);
        long arg = RecordLayout.arg(record, at) & 0xffffffffL;
        if (!claimed.contains(id)) {
            int attributes = participants.inode(id, timeNs);
            if (change) {
                draw(relation, memory, task, attributes, word(taskId), arg, timeNs);
            } else {
                expansion.used(relation, attributes, task, memory, timeNs, 0, -1);
            }
            return;
        }
        int inode = inodes.newest(arg, RecordLayout.extra(record, at));
        if (inode < 0) {
            return;
        }
        if (change) {
            draw(relation, memory, task, of(inode, timeNs), word(taskId), 0, timeNs);
        } else {
            asked(relation, memory, task, inode, timeNs);
        }
    }

    static boolean isChange(int op) {
        return op == FlowOp.SETATTR || op == FlowOp.SETXATTR || op == FlowOp.REMOVEXATTR;
    }

    private String word(long taskId) {
        return words.remove(taskId);
    }

    /** A call that named by path the inode whose attributes it changed. */
    void changed(Relation relation, int memory, int task, long taskId, int inode, long timeNs) {
        draw(relation, memory, task, of(inode, timeNs), word(taskId), 0, timeNs);
    }

    /** A process has asked for the attributes of an inode; it is told nothing that a recorded process chose if there are none. */
    void asked(Relation relation, int memory, int task, int inode, long timeNs) {
        Integer attributes = byInode.get(inode);
        if (attributes != null) {
            expansion.used(relation, attributes, task, memory, timeNs, 0, -1);
        }
    }

    private void draw(Relation relation, int memory, int task, int attributes, String word, long valid, long timeNs) {
        boolean extended = relation != Relation.SETATTR;
        int change = versions.create(extended ? NodeKind.XATTR : NodeKind.IATTR, timeNs);
        if (extended && word != null) {
            versions.attribute(change, Attribute.NAME, word, timeNs);
        } else if (valid != 0) {
            versions.attribute(change, Attribute.VALID, valid, timeNs);
        }
        expansion.generated(relation, memory, task, change, timeNs, 0, -1);
        versions.flow(switch (relation) {
            case SETXATTR -> Relation.SETXATTR_INODE;
            case REMOVEXATTR -> Relation.REMOVEXATTR_INODE;
            default -> Relation.SETATTR_INODE;
        }, change, attributes, timeNs, task, 0, -1);
        versions.release(change);
    }
}
