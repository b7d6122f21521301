// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files and remote addresses that data reached: the Report algorithm of the Linux Provenance Modules paper (Bates
 * et al., USENIX Security 2015, Algorithm 1). It walks to all descendants and keeps what lies on a way to a written
 * file, a socket, a packet or an address.
 */
public final class Report {
    private Report() {
    }

    /** What the start's data reached. */
    public static Answer of(GraphView view, String what, Start start, Limits limits) {
        Limits walk = limits.withKinds(Set.of());
        Answer all = Lineage.descendants(view, what, start, walk);
        PagedBitmap first = new PagedBitmap();
        for (long object : start.objects()) {
            first.add(object);
        }
        PagedBitmap onTheWay = new PagedBitmap();
        LongList reached = new LongList();
        PagedBitmap reachedObjects = new PagedBitmap();
        for (Flow flow : all.flows()) {
            long object = view.object(flow.effect());
            if (isSink(view.kind(object), flow.relation()) && !first.contains(object)
                    && (limits.kinds().isEmpty() || limits.kinds().contains(view.kind(object)))) {
                onTheWay.add(flow.effect());
                if (reachedObjects.add(object)) {
                    reached.add(flow.effect());
                }
            }
        }
        List<Flow> flows = flowsOnTheWay(all, onTheWay);
        return new Answer(view, new Question(Question.REPORT, List.of(what), limits), List.of(start),
                nodesOnTheWay(all, start, onTheWay), flows, reached.toArray(), all.stops(), all.notes(),
                all.completeness());
    }

    private static boolean isSink(NodeKind kind, Relation relation) {
        if (relation.isVersion() || relation == Relation.NAMED) {
            return false;
        }
        return switch (kind) {
            case FILE, LINK, BLOCK, CHAR, INODE_UNKNOWN, SOCKET, PACKET, ADDRESS, SHM, MSG, KEY, SEM, BPF_MAP,
                    KERNEL_DATA, MACHINE -> true;
            default -> false;
        };
    }

    /** Marks from the sinks back, whatever the order of the edges: imported evidence may have cycles. */
    private static List<Flow> flowsOnTheWay(Answer all, PagedBitmap onTheWay) {
        Map<Long, List<Flow>> into = new HashMap<>();
        Deque<Long> waiting = new ArrayDeque<>();
        for (Flow flow : all.flows()) {
            into.computeIfAbsent(flow.effect(), key -> new ArrayList<>(2)).add(flow);
        }
        for (long node : into.keySet()) {
            if (onTheWay.contains(node)) {
                waiting.add(node);
            }
        }
        while (!waiting.isEmpty()) {
            for (Flow flow : into.getOrDefault(waiting.poll(), List.of())) {
                if (!onTheWay.contains(flow.cause())) {
                    onTheWay.add(flow.cause());
                    waiting.add(flow.cause());
                }
            }
        }
        List<Flow> kept = new ArrayList<>();
        for (Flow flow : all.flows()) {
            if (onTheWay.contains(flow.effect())) {
                kept.add(flow);
            }
        }
        kept.sort(Comparator.comparingLong(Flow::edge));
        return kept;
    }

    private static long[] nodesOnTheWay(Answer all, Start start, PagedBitmap onTheWay) {
        for (long node : start.nodes()) {
            onTheWay.add(node);
        }
        LongList nodes = new LongList();
        for (long node : all.nodes()) {
            if (onTheWay.contains(node)) {
                nodes.add(node);
            }
        }
        return nodes.toArray();
    }
}
