// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.Start;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a record says of the files, pipes, sockets, remote ends and programs that it met since some time, under names that another
 * record of the same time gives them too: a file of the folder by its inode and path, any other by its path, a pipe or socket by its
 * inode, a program by its process and path.
 */
final class Ancestry {
    /** The relations by which an object is made, or given content. */
    private static final Set<Relation> MAKES = EnumSet.of(Relation.INODE_CREATE, Relation.WRITE, Relation.SOCKET_CREATE,
            Relation.SEND_MSG, Relation.SYMLINK, Relation.SETATTR_INODE, Relation.SH_WRITE, Relation.RENAME, Relation.LINK);

    private final GraphView view;
    private final String folder;
    private final Limits limits;
    private final Map<Long, String> names = new HashMap<>();

    /**
     * @param view stays the caller's, and open
     * @param folder that of the workloads: what lies elsewhere may be one file for us and two for a stacked file system
     * @param sinceNs flows before this time do not count, nanoseconds since the epoch
     */
    Ancestry(GraphView view, String folder, long sinceNs) {
        this.view = view;
        this.folder = folder + "/";
        limits = Limits.NONE.withTime(sinceNs, Long.MAX_VALUE).withCount(Integer.MAX_VALUE);
    }

    /** The ancestors of each file of the folder, pipe and socket that was made or written to, by name. */
    Map<String, Set<String>> ofAllMade() {
        Map<String, Set<String>> all = new TreeMap<>();
        for (long object = 0; object < view.objects(); object++) {
            String name = isMade(object) ? name(object) : "";
            if (!name.isEmpty()) {
                all.computeIfAbsent(name, made -> new TreeSet<>()).addAll(of(object));
            }
        }
        return all;
    }

    private boolean isMade(long object) {
        NodeKind kind = view.kind(object);
        boolean nameless = kind == NodeKind.PIPE || kind == NodeKind.SOCKET;
        if (!kind.isInode() || !nameless && !text(object, Attribute.NAME).startsWith(folder)) {
            return false;
        }
        boolean[] made = {false};
        for (long node : view.versions(object)) {
            view.causes(node, (edge, relation, other, timeNs) -> {
                made[0] |= timeNs >= limits.sinceNs() && MAKES.contains(relation);
                return !made[0];
            });
        }
        return made[0];
    }

    private Set<String> of(long object) {
        Start start = new Start("", List.of(object), view.versions(object), List.of());
        Set<String> ancestors = new TreeSet<>();
        for (long node : Lineage.ancestors(view, "", start, limits).nodes()) {
            String name = name(view.object(node));
            if (!name.isEmpty() && view.object(node) != object) {
                ancestors.add(name);
            }
        }
        return ancestors;
    }

    /** Empty for what stands for a part of something else: a thread, an argument, a path, a change of attributes. */
    private String name(long object) {
        return names.computeIfAbsent(object, this::made);
    }

    private String made(long object) {
        NodeKind kind = view.kind(object);
        String name = text(object, Attribute.NAME);
        return switch (kind) {
            case TASK, ARGV, ENVP, PATH, IATTR, STRING, MACHINE, SB, XATTR -> "";
            case PROCESS_MEMORY -> "program " + view.attributes(object).number(Attribute.TGID, -1) + " " + name;
            case PACKET, ADDRESS -> kind.text() + " " + text(object, Attribute.LOCAL_ADDRESS) + " "
                    + text(object, Attribute.REMOTE_ADDRESS);
            case PIPE, SOCKET -> kind.text() + " " + (name.startsWith(folder) ? name.substring(folder.length()) + " " : "")
                    + key(object);
            // The hook that sees one read is told no path, and on an overlay it is two: the link, and the one below.
            case LINK -> name.startsWith(folder) ? "link " + name.substring(folder.length()) : "";
            // Their numbers are made up, by each front-end its own.
            case INODE_UNKNOWN -> "file without an inode " + name;
            case MSG, SHM, KEY, SEM, BPF_MAP, KERNEL_DATA -> kind.text() + " " + name;
            default -> name.startsWith(folder) ? "file " + name.substring(folder.length()) + " " + key(object)
                    : "file " + (name.isEmpty() ? key(object) : name);
        };
    }

    /** File system and inode number; what was made by a call that names a path has no generation where that is only claimed. */
    private String key(long object) {
        byte[] key = view.attributes(object).bytes(Attribute.INODE_KEY);
        return key == null ? "unknown" : HexFormat.of().formatHex(key, 0, 3 * Long.BYTES);
    }

    private String text(long object, Attribute attribute) {
        byte[] value = view.attributes(object).bytes(attribute);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
