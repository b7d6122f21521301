// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Answer;
import headwater.query.Flow;
import headwater.query.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which objects are one thing to a person: the threads of a process and its memory (also of before it executed its
 * program), a file and the changes of its attributes, a socket with its addresses and packets.
 */
final class Clusters {
    private final GraphView view;
    private final Map<Long, Long> parent = new LinkedHashMap<>();
    private final Map<Long, Integer> indexes = new HashMap<>();
    private final List<List<Long>> members = new ArrayList<>();

    Clusters(Answer answer) {
        this.view = answer.view();
        for (Start start : answer.starts()) {
            start.objects().forEach(object -> parent.putIfAbsent(object, object));
        }
        for (long node : answer.nodes()) {
            long object = view.object(node);
            if (isShown(view.kind(object))) {
                parent.putIfAbsent(object, object);
            }
        }
        for (Flow flow : answer.flows()) {
            long cause = view.object(flow.cause());
            long effect = view.object(flow.effect());
            if (parent.containsKey(cause) && parent.containsKey(effect) && joins(flow.relation(), cause, effect)) {
                join(cause, effect);
            }
        }
        joinByProcessId();
        for (long object : parent.keySet()) {
            int index = indexes.computeIfAbsent(root(object), key -> {
                members.add(new ArrayList<>());
                return members.size() - 1;
            });
            members.get(index).add(object);
        }
    }

    /** The objects of each cluster; the clusters in the order in which they were reached. */
    List<List<Long>> members() {
        return members;
    }

    /** The index of the cluster of {@code node}, -1 if it is not shown. */
    int of(long node) {
        long object = view.object(node);
        return parent.containsKey(object) ? indexes.get(root(object)) : -1;
    }

    /** Names, arguments and environments stand in the labels of what they belong to. */
    private static boolean isShown(NodeKind kind) {
        return switch (kind) {
            case PATH, ARGV, ENVP, SB -> false;
            default -> true;
        };
    }

    private boolean joins(Relation relation, long cause, long effect) {
        return switch (relation) {
            case MEMORY_READ, MEMORY_WRITE, EXEC_TASK -> sameProcess(cause, effect);
            case SETATTR_INODE, SETXATTR_INODE, REMOVEXATTR_INODE, GETXATTR_INODE -> true;
            case ADDRESSED, SEND_PACKET, RECEIVE_PACKET, PACKET_CONTENT -> true;
            default -> false;
        };
    }

    private boolean sameProcess(long one, long other) {
        long a = view.attributes(one).number(Attribute.TGID, -1);
        long b = view.attributes(other).number(Attribute.TGID, -1);
        return a < 0 || b < 0 || a == b;
    }

    /** A limit may have cut the edges that join a process; its id joins it too, if no other process has had that id. */
    private void joinByProcessId() {
        Map<Long, Long> firstOf = new HashMap<>();
        Map<Long, Integer> leaders = new HashMap<>();
        for (long object : parent.keySet()) {
            if (view.kind(object) == NodeKind.TASK) {
                GraphView.Attributes a = view.attributes(object);
                long tgid = a.number(Attribute.TGID, -1);
                if (tgid >= 0 && a.number(Attribute.PID, -2) == tgid) {
                    leaders.merge(tgid, 1, Integer::sum);
                }
            }
        }
        for (long object : parent.keySet()) {
            NodeKind kind = view.kind(object);
            long tgid = view.attributes(object).number(Attribute.TGID, -1);
            if ((kind == NodeKind.TASK || kind == NodeKind.PROCESS_MEMORY) && tgid >= 0
                    && leaders.getOrDefault(tgid, 0) <= 1) {
                Long first = firstOf.putIfAbsent(tgid, object);
                if (first != null) {
                    join(first, object);
                }
            }
        }
    }

    private long root(long object) {
        long at = object;
        while (parent.get(at) != at) {
            long up = parent.get(parent.get(at));
            parent.put(at, up);
            at = up;
        }
        return at;
    }

    private void join(long one, long other) {
        long a = root(one);
        long b = root(other);
        if (a != b) {
            parent.put(b, a);
        }
    }
}
