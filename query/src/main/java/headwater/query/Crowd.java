// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What an answer that is too large to be shown consists of: how many objects of which kind, files by folder, processes by program. */
public final class Crowd {
    private static final int MAX_PROGRAMS = 4096;

    private final Map<NodeKind, Long> kinds = new EnumMap<>(NodeKind.class);
    private final Folders folders = new Folders();
    private final Map<String, Long> programs = new HashMap<>();

    private Crowd() {
    }

    /** Counts the objects of a large answer. */
    public static Crowd of(Answer answer) {
        Crowd crowd = new Crowd();
        PagedBitmap seen = new PagedBitmap();
        GraphView view = answer.view();
        answer.extent().eachNode(node -> {
            long object = view.object(node);
            if (seen.add(object)) {
                crowd.add(view, object);
            }
        });
        return crowd;
    }

    private void add(GraphView view, long object) {
        NodeKind kind = view.kind(object);
        kinds.merge(kind, 1L, Long::sum);
        if (kind == NodeKind.FILE || kind == NodeKind.LINK || kind == NodeKind.INODE_UNKNOWN) {
            byte[] name = view.attributes(object).bytes(Attribute.NAME);
            folders.add(name == null ? "(no name)" : Escapes.toLine(name));
        } else if (kind == NodeKind.PROCESS_MEMORY) {
            byte[] name = view.attributes(object).bytes(Attribute.NAME);
            String program = name == null ? "(unknown)" : Escapes.toLine(name);
            programs.merge(programs.size() < MAX_PROGRAMS || programs.containsKey(program) ? program : "(others)", 1L, Long::sum);
        }
    }

    /** Objects by kind. */
    public Map<NodeKind, Long> kinds() {
        return kinds;
    }

    /** Files by folder. */
    public Folders folders() {
        return folders;
    }

    /** Processes by the path of their program. */
    public Map<String, Long> programs() {
        return programs;
    }
}
