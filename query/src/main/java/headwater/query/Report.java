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
import java.util.function.LongPredicate;

/**
 * The files and remote addresses that data reached: the Report algorithm of the Linux Provenance Modules paper (Bates
 * et al., USENIX Security 2015, Algorithm 1). It walks to all descendants and keeps what lies on a way to a written
 * file, a socket, a packet or an address.
 */
public final class Report {
    private final GraphView view;
    private final LongPredicate listed;
    private final PagedBitmap first = new PagedBitmap();
    private final PagedBitmap onTheWay = new PagedBitmap();
    private final LongList reached = new LongList();
    private final PagedBitmap reachedObjects = new PagedBitmap();

    private Report(GraphView view, Start start, Limits limits) {
        this.view = view;
        listed = limits.listed(view);
        for (long object : start.objects()) {
            first.add(object);
        }
    }

    /** What the start's data reached. */
    public static Answer of(GraphView view, String what, Start start, Limits limits) {
        Limits walk = limits.withKinds(Set.of()).withWhere(null);
        Answer all = Lineage.descendants(view, what, start, walk);
        Report report = new Report(view, start, limits);
        if (all.extent() == null) {
            all.flows().forEach(flow -> report.sink(flow.relation(), flow.effect()));
        } else {
            all.extent().eachFlow((edge, relation, cause, effect, timeNs) -> report.sink(relation, effect));
        }
        List<Flow> flows = all.extent() == null ? report.flowsOnTheWay(all) : List.of();
        Extent extent = all.extent() == null ? null : report.large(all, start, new Followed(view, walk));
        return new Answer(view, new Question(Question.REPORT, List.of(what), limits), List.of(start),
                report.nodesOnTheWay(all, start), flows, report.reached.toArray(), all.stops(), all.notes(),
                all.completeness(), extent);
    }

    private void sink(Relation relation, long effect) {
        long object = view.object(effect);
        if (isSink(view.kind(object), relation) && !first.contains(object) && listed.test(effect)) {
            onTheWay.add(effect);
            if (reachedObjects.add(object)) {
                reached.add(effect);
            }
        }
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
    private List<Flow> flowsOnTheWay(Answer all) {
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

    /** The same without holding the edges: an edge into a captured node has a lower number than any edge out of it. */
    private Extent large(Answer all, Start start, Followed followed) {
        boolean ordered = !new ImportedSessions(view).any();
        boolean more = true;
        while (more) {
            more = markBack(all) && !ordered;
        }
        // What flowed into the start is no part of where its data went, unless that came round.
        PagedBitmap nodes = onTheWay.copy();
        for (long node : start.nodes()) {
            nodes.add(node);
        }
        return new Extent(view, nodes, onTheWay.copy(), followed);
    }

    /** Looks at all edges of the store, newest first; true if it marked any node. */
    private boolean markBack(Answer all) {
        boolean marked = false;
        for (long number = view.edges() - 1; number >= view.dropped().edges(); number--) {
            GraphView.Edge edge = view.edge(number);
            if (onTheWay.contains(edge.effect()) && all.extent().has(edge)) {
                marked |= onTheWay.add(edge.cause());
            }
        }
        return marked;
    }

    private long[] nodesOnTheWay(Answer all, Start start) {
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
