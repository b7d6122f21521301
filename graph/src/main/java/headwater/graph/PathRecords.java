// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Calls that name files by path, in the caller's words. Which object is meant is found, in this order, in the names
 * that this session knows, in those of the store, or by asking the file system; if all fail, an object of which only
 * the name is known keeps the fact. A path that begins at another root directory than the one that Headwater sees is a name of
 * that root's ({@link RootName}), and the file system is not asked.
 */
final class PathRecords {
    private static final long RENAME_EXCHANGE = 2;
    private static final long AT_REMOVEDIR = 0x200;
    /** CLAIM_NO_FOLLOW of bpf/trace_attributes.h: a symbolic link at the path's end is itself meant. */
    private static final long NO_FOLLOW = 1;

    private final Versions versions;
    private final Participants participants;
    private final Inodes inodes;
    private final InodeRecords inodeRecords;
    private final Paths paths;
    private final NameTable names;
    private final FlowRecords flows;
    private final AttributeRecords attributes;
    private final PathProbe probe;
    private final Expansion expansion;

    PathRecords(Versions versions, Participants participants, Inodes inodes, InodeRecords inodeRecords, Paths paths,
            NameTable names, FlowRecords flows, AttributeRecords attributes, PathProbe probe) {
        this.versions = versions;
        this.participants = participants;
        this.inodes = inodes;
        this.inodeRecords = inodeRecords;
        this.paths = paths;
        this.names = names;
        this.flows = flows;
        this.attributes = attributes;
        this.probe = probe;
        expansion = new Expansion(versions);
    }

    /** Who makes the call, what it is, and when. */
    private record Call(int op, int task, long taskId, int memory, long extra, long timeNs) {
    }

    /** {@link RecordType#PATHS}. */
    void called(MemorySegment record, long at, int lengthBytes, long timeNs) {
        int op = RecordLayout.op(record, at);
        String[] runs = runs(record, at, lengthBytes);
        long roots = at + RecordLayout.PATHS_ROOTS;
        String first = RootName.of(record, roots) + PathText.resolve(runs[0], runs[1]);
        String second = RootName.of(record, roots + RecordLayout.ROOT_BYTES) + PathText.resolve(runs[2], runs[3]);
        long taskId = RecordLayout.longAt(record, at, RecordLayout.PATHS_TASK);
        switch (op) {
            case FlowOp.RENAME, FlowOp.LINK, FlowOp.UNLINK, FlowOp.RMDIR, FlowOp.MKDIR, FlowOp.MKNOD, FlowOp.SYMLINK,
                    FlowOp.TRUNCATE, FlowOp.MOUNT, FlowOp.SETATTR, FlowOp.GETATTR, FlowOp.SETXATTR, FlowOp.GETXATTR,
                    FlowOp.LISTXATTR, FlowOp.REMOVEXATTR, FlowOp.READ_LINK -> {
            }
            default -> throw new MalformedRecordException("call by path of an unknown operation: op=" + op);
        }
        int task = participants.task(taskId, timeNs);
        int memory = participants.memory(RecordLayout.object(record, at), taskId, timeNs);
        long extra = RecordLayout.longAt(record, at, RecordLayout.PATHS_EXTRA);
        Call call = new Call(op, task, taskId, memory, extra, timeNs);
        switch (op) {
            case FlowOp.RENAME -> {
                renamed(call, first, second);
                entry(call, first);
                entry(call, second);
            }
            case FlowOp.LINK -> {
                linked(call, first, second);
                entry(call, second);
            }
            case FlowOp.UNLINK, FlowOp.RMDIR -> {
                unlinked(call, first);
                entry(call, first);
            }
            case FlowOp.SYMLINK -> {
                made(call, second, NodeKind.LINK);
                entry(call, second);
            }
            case FlowOp.MKDIR -> {
                made(call, first, NodeKind.DIRECTORY);
                entry(call, first);
            }
            case FlowOp.MKNOD -> {
                made(call, first, nodeKind((int) extra));
                entry(call, first);
            }
            case FlowOp.MOUNT -> mounted(call, runs[1].isEmpty() ? "" : first, runs[3].isEmpty() ? "" : second);
            case FlowOp.TRUNCATE -> flows.truncated(memory, task, object(call, first, first), extra, timeNs);
            case FlowOp.READ_LINK -> linkRead(call, first);
            case FlowOp.GETATTR -> asked(call, Relation.GETATTR, first);
            case FlowOp.GETXATTR -> asked(call, Relation.GETXATTR, first);
            case FlowOp.LISTXATTR -> asked(call, Relation.LISTXATTR, first);
            case FlowOp.SETATTR -> changed(call, Relation.SETATTR, first);
            case FlowOp.SETXATTR -> changed(call, Relation.SETXATTR, first);
            default -> changed(call, Relation.REMOVEXATTR, first);
        }
    }

    /**
     * The object of an inode that was found in the file system, and that cannot have gone since.
     *
     * @param path by which it is known if it was never met, empty for none
     */
    int found(PathProbe.Found found, String path, long timeNs) {
        int same = inodes.findAnyGeneration(found.dev(), found.ino(), NodeKind.ofMode(found.mode()), timeNs);
        if (same >= 0) {
            return same;
        }
        int object = create(found, timeNs);
        if (path.startsWith("/")) {
            name(new Call(0, -1, 0, -1, 0, timeNs), path, object);
        }
        return object;
    }

    /** The link's target is in the process; what a path in /proc leads to is the kernel's to say. */
    private void linkRead(Call call, String path) {
        if (!RootName.isInProc(path)) {
            expansion.used(Relation.READ_LINK, object(call, path, path), call.task, call.memory, call.timeNs, 0, -1);
        }
    }

    private void changed(Call call, Relation relation, String path) {
        int inode = meant(call, path);
        attributes.changed(relation, call.memory, call.task, call.taskId, inode < 0 ? object(call, path, null) : inode,
                call.timeNs);
    }

    private void asked(Call call, Relation relation, String path) {
        int inode = meant(call, path);
        if (inode >= 0) {
            attributes.asked(relation, call.memory, call.task, inode, call.timeNs);
        }
    }

    /** The inode whose attributes a call means; symbolic links are followed as the call did. -1 if that cannot be found out. */
    private int meant(Call call, String path) {
        int object = names.at(path);
        boolean follows = (call.extra & NO_FOLLOW) == 0;
        if (object >= 0 && !(follows && versions.kind(object) == NodeKind.LINK)) {
            return object;
        }
        if (!RootName.isOwn(path)) {
            return object;
        }
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        PathProbe.Found found = follows ? probe.target(bytes) : probe.find(bytes);
        if (found == null) {
            return object;
        }
        int same = inodes.findAnyGeneration(found.dev(), found.ino(), NodeKind.ofMode(found.mode()), call.timeNs);
        return same >= 0 ? same : create(found, call.timeNs);
    }

    /** Names are what a directory holds: who lists it has what the maker of an entry had. */
    private void entry(Call call, String path) {
        String parent = RootName.parent(path);
        if (parent == null) {
            return;
        }
        expansion.generated(FlowRecords.entryRelation(call.op), call.memory, call.task, object(call, parent, parent, NodeKind.DIRECTORY),
                call.timeNs, 0, -1);
    }

    private static String[] runs(MemorySegment record, long at, int lengthBytes) {
        String[] runs = new String[4];
        int used = 0;
        for (int i = 0; i < runs.length; i++) {
            int length = RecordLayout.shortAt(record, at, RecordLayout.PATHS_LENGTHS + 2 * i);
            if (length > lengthBytes - RecordLayout.PATHS_TEXT - used) {
                throw new MalformedRecordException("paths run over their record: run=" + i + ", runBytes=" + length
                        + ", recordBytes=" + lengthBytes);
            }
            long from = at + RecordLayout.PATHS_TEXT + used;
            runs[i] = i % 2 == 0 ? PathText.ofComponents(record, from, length, true)
                    : PathText.string(record, from, length);
            used += length;
        }
        return runs;
    }

    /** mknod(2) makes a regular file if the mode names no type. */
    private static NodeKind nodeKind(int mode) {
        NodeKind kind = NodeKind.ofMode(mode);
        return kind == NodeKind.INODE_UNKNOWN ? NodeKind.FILE : kind;
    }

    private void draw(Call call, int object) {
        expansion.generated(FlowRecords.generated(call.op), call.memory, call.task, object, call.timeNs, 0, -1);
    }

    private void name(Call call, String path, int object) {
        names.bind(path, object);
        paths.name(object, paths.number(path, false, call.timeNs), call.timeNs, call.task);
    }

    private void renamed(Call call, String from, String to) {
        if (from.equals(to)) {
            return;
        }
        if ((call.extra & RENAME_EXCHANGE) != 0) {
            exchanged(call, from, to);
            return;
        }
        int object = object(call, from, to);
        int replaced = names.at(to);
        draw(call, object);
        if (replaced == object) {
            /* rename(2) of two names of one file leaves both. */
            return;
        }
        names.unbind(from);
        List<Map.Entry<String, Integer>> beneath = names.takeBeneath(from);
        name(call, to, object);
        if (replaced >= 0) {
            gone(replaced, Links.remove(versions, replaced), call.timeNs);
        }
        moved(call, beneath, from, to);
    }

    private void exchanged(Call call, String from, String to) {
        int first = object(call, from, to);
        int second = object(call, to, from);
        draw(call, first);
        draw(call, second);
        names.unbind(from);
        names.unbind(to);
        List<Map.Entry<String, Integer>> beneathFirst = names.takeBeneath(from);
        List<Map.Entry<String, Integer>> beneathSecond = names.takeBeneath(to);
        name(call, to, first);
        name(call, from, second);
        moved(call, beneathFirst, from, to);
        moved(call, beneathSecond, to, from);
    }

    private void moved(Call call, List<Map.Entry<String, Integer>> beneath, String from, String to) {
        for (Map.Entry<String, Integer> entry : beneath) {
            name(call, to + entry.getKey().substring(from.length()), entry.getValue());
        }
    }

    private void linked(Call call, String from, String to) {
        int object = object(call, from, to);
        draw(call, object);
        Links.add(versions, object);
        name(call, to, object);
    }

    private void unlinked(Call call, String path) {
        int object = object(call, path, null);
        draw(call, object);
        boolean directory = call.op == FlowOp.RMDIR || (call.extra & AT_REMOVEDIR) != 0;
        names.unbind(path);
        gone(object, Links.remove(versions, object) || directory, call.timeNs);
    }

    private void gone(int object, boolean last, long timeNs) {
        if (last && !names.hasName(object)) {
            versions.attribute(object, Attribute.DELETED, 1, timeNs);
        }
    }

    /** What has no name in the file system ("tmpfs", a share of another machine) is no source; either may be missing. */
    private void mounted(Call call, String source, String mountPoint) {
        int from = source.isEmpty() ? -1 : known(source, call.timeNs);
        if (from >= 0) {
            expansion.used(Relation.READ, from, call.task, call.memory, call.timeNs, 0, -1);
        }
        if (!mountPoint.isEmpty()) {
            /* Asked for now, the path names what was mounted. */
            int on = object(call, mountPoint, null);
            expansion.generated(Relation.MOUNT, call.memory, call.task, on, call.timeNs, 0, -1);
        }
    }

    /** What the path named, -1 if nothing that is known or found. */
    private int known(String path, long timeNs) {
        int object = names.at(path);
        if (object < 0) {
            object = inodes.named(path);
        }
        return object < 0 ? probed(path, timeNs) : object;
    }

    private void made(Call call, String path, NodeKind kind) {
        /* What the name meant before cannot be what the call has just made. */
        names.unbind(path);
        PathProbe.Found found = probe(path, kind);
        int object = found == null ? versions.create(kind, call.timeNs) : create(found, call.timeNs);
        draw(call, object);
        name(call, path, object);
    }

    /**
     * The object that {@code path} named when the call was made.
     *
     * @param now the path by which it can be asked for after the call, null if it has none
     */
    private int object(Call call, String path, String now) {
        return object(call, path, now, NodeKind.INODE_UNKNOWN);
    }

    private int object(Call call, String path, String now, NodeKind unknown) {
        int object = names.at(path);
        if (object < 0) {
            object = inodes.named(path);
        }
        if (object < 0 && now != null) {
            object = probed(now, call.timeNs);
        }
        if (object < 0) {
            object = versions.create(unknown, call.timeNs);
        }
        /* What a path in /proc names depends on who asks, and on when. */
        if (!RootName.isInProc(path)) {
            name(call, path, object);
        }
        return object;
    }

    /** What the file system says that {@code path} names now, as an object; -1 if nothing. */
    private int probed(String path, long timeNs) {
        PathProbe.Found found = probe(path, null);
        if (found == null) {
            return -1;
        }
        int object = inodes.findAnyGeneration(found.dev(), found.ino(), NodeKind.ofMode(found.mode()), timeNs);
        return object >= 0 ? object : create(found, timeNs);
    }

    /** Null if {@code path} names nothing now, or something of another kind than {@code kind}, null for any. */
    private PathProbe.Found probe(String path, NodeKind kind) {
        PathProbe.Found found = RootName.isOwn(path) ? probe.find(path.getBytes(StandardCharsets.ISO_8859_1)) : null;
        return found == null || kind != null && NodeKind.ofMode(found.mode()) != kind ? null : found;
    }

    private int create(PathProbe.Found found, long timeNs) {
        int object = versions.create(NodeKind.ofMode(found.mode()), timeNs);
        inodes.putUngenerated(found.dev(), found.ino(), object);
        inodeRecords.identity(object, new KernelInode(found.dev(), found.ino(), 0), timeNs);
        versions.attribute(object, Attribute.MODE, found.mode() & 0xffffffffL, timeNs);
        return object;
    }
}
