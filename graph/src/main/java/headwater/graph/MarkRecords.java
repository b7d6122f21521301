// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/** Marks and taint of objects: attributes of theirs; those of inodes are handed on, so that they outlive the session. */
final class MarkRecords {
    private final Versions versions;
    private final Participants participants;
    private final Inodes inodes;
    private final FileSystems fileSystems;
    private final MarkedInodes listener;
    private final Set<Integer> marked = new HashSet<>();

    MarkRecords(Versions versions, Participants participants, Inodes inodes, FileSystems fileSystems, MarkedInodes listener) {
        this.versions = versions;
        this.participants = participants;
        this.inodes = inodes;
        this.fileSystems = fileSystems;
        this.listener = listener;
    }

    /** {@link RecordType#MARK}; what has ended or was never introduced bears none. */
    void marked(MemorySegment record, long at, long timeNs) {
        int handle = participants.known(RecordLayout.object(record, at));
        if (handle < 0) {
            return;
        }
        int marks = RecordLayout.arg(record, at);
        long taint = RecordLayout.extra(record, at);
        versions.attribute(handle, Attribute.MARKS, marks & 0xffffffffL, timeNs);
        versions.attribute(handle, Attribute.TAINT, taint, timeNs);
        if (listener != MarkedInodes.NONE && versions.kind(handle).isInode()) {
            KernelInode key = inodes.keyOf(handle);
            if (key != null) {
                marked.add(handle);
                listener.marked(fileSystems.inode(key, versions.kind(handle)), marks, taint);
            }
        }
    }

    /** The kernel says that the inode has no name left. */
    void removed(int handle) {
        if (!marked.isEmpty() && marked.remove(handle)) {
            KernelInode key = inodes.keyOf(handle);
            if (key != null) {
                listener.marked(fileSystems.inode(key, versions.kind(handle)), 0, 0);
            }
        }
    }
}
