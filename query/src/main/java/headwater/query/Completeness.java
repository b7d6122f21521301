// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.model.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an answer can be trusted to be whole.
 *
 * <p>What could be missing is a path of which some flows were lost. Towards the causes, the last lost flow of such a path went
 * into an object that the answer has, before that object's last part in the answer: so it was lost before the time as of which
 * the start was asked for. Nothing bounds it from below, for the answer's files may be older than every session. Towards the
 * effects, the first lost flow went out of an object that the answer has, so it was lost after the time of the start; nothing
 * bounds it from above. Where it cannot be known, a gap counts.
 *
 * @param complete true if nothing was missed that could belong to the answer, and it was not cut by its node limit
 * @param gaps what was missed and could belong to it
 * @param running the session that has not ended, if what it sees later could belong to the answer
 * @param policies what gave way in the sessions of that time ({@link Session#onLoss}), each once
 * @param dropped where the answer reaches into time that retention has dropped; null if it does not
 */
public record Completeness(boolean complete, List<Gap> gaps, List<Session> running, List<String> policies, DroppedTime dropped) {
    public Completeness {
        gaps = List.copyOf(gaps);
        running = List.copyOf(running);
        policies = List.copyOf(policies);
    }

    /** Of an answer that does not reach into dropped time. */
    public Completeness(boolean complete, List<Gap> gaps, List<Session> running, List<String> policies) {
        this(complete, gaps, running, policies, null);
    }

    /** The same of an answer that reaches into dropped time there; null if it does not. */
    Completeness with(DroppedTime reached) {
        return new Completeness(complete && reached == null, gaps, running, policies, reached);
    }

    /** Of an answer about what {@code start} came from. */
    static Completeness ofCauses(GraphView view, Start start, Limits limits, boolean cut) {
        return of(view, isImported(view, List.of(start)), Long.MIN_VALUE, asOf(view, start), limits, cut);
    }

    /** Of an answer about what came of {@code start}. */
    static Completeness ofEffects(GraphView view, Start start, Limits limits, boolean cut) {
        return of(view, isImported(view, List.of(start)), earliest(view, start), Long.MAX_VALUE, limits, cut);
    }

    /** Of an answer about the paths between two things, either way. */
    static Completeness between(GraphView view, List<Start> starts, Limits limits, boolean cut) {
        long from = starts.stream().mapToLong(start -> earliest(view, start)).min().orElse(Long.MIN_VALUE);
        long to = starts.stream().mapToLong(start -> asOf(view, start)).max().orElse(Long.MAX_VALUE);
        return of(view, isImported(view, starts), from, to, limits, cut);
    }

    /** Of an answer that a flow can belong to if it came between {@code fromNs} and {@code toNs}. */
    private static Completeness of(GraphView view, boolean imported, long fromNs, long toNs, Limits limits, boolean cut) {
        long from = Math.max(fromNs, limits.sinceNs());
        long to = Math.min(toNs, limits.untilNs());
        List<Session> sessions = view.sessions();
        List<Session> running = new ArrayList<>();
        List<String> policies = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            if (imported || session.isImported() || session.startNs() > to || endNs(sessions, i) < from) {
                continue;
            }
            // One before the last that has no end has crashed, and there is a gap that says so.
            if (session.endNs() == 0 && i == sessions.size() - 1) {
                running.add(session);
            }
            if (!policies.contains(session.onLoss())) {
                policies.add(session.onLoss());
            }
        }
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : view.gaps()) {
            // What the record of this machine missed says nothing of what was imported, nor the other way round; lines that were left out
            // concern those who follow lines.
            // An index that is behind lacks both.
            boolean own = gap.cause() == Gap.Cause.NOT_INDEXED || (gap.cause() == Gap.Cause.NOT_IMPORTED) == imported;
            boolean followed = gap.kind() != Gap.Kind.LINE || limits.followsRelation(Relation.LOGGED)
                    || limits.followsRelation(Relation.ANNOTATED);
            if (own && followed && (imported && gap.cause() == Gap.Cause.NOT_INDEXED || touches(gap, sessions, from, to))) {
                gaps.add(gap);
            }
        }
        return new Completeness(gaps.isEmpty() && !cut, gaps, running, policies);
    }

    private static boolean isImported(GraphView view, List<Start> starts) {
        return starts.stream().flatMap(start -> start.objects().stream())
                .anyMatch(object -> view.attributes(object).number(Attribute.IMPORTED, 0) != 0);
    }

    private static boolean touches(Gap gap, List<Session> sessions, long from, long to) {
        long start = gap.fromNs();
        long end = gap.toNs();
        if (gap.lasting() || gap.cause() == Gap.Cause.CAUSE_MISSING) {
            int own = sessions.size() - 1;
            while (own >= 0 && sessions.get(own).startNs() > gap.toNs()) {
                own--;
            }
            end = own < 0 ? Long.MAX_VALUE : Math.max(end, endNs(sessions, own));
            if (gap.cause() == Gap.Cause.CAUSE_MISSING) {
                // When it was noticed is known, not when it was lost.
                start = own < 0 ? Long.MIN_VALUE : Math.min(start, sessions.get(own).startNs());
            }
        }
        return start <= to && end >= from;
    }

    /** When a session was over at the latest. */
    private static long endNs(List<Session> sessions, int index) {
        Session session = sessions.get(index);
        if (session.endNs() != 0) {
            return session.endNs();
        }
        return index + 1 < sessions.size() ? sessions.get(index + 1).startNs() : Long.MAX_VALUE;
    }

    private static long earliest(GraphView view, Start start) {
        long earliest = Long.MAX_VALUE;
        for (long node : start.nodes()) {
            earliest = Math.min(earliest, view.timeNs(node));
        }
        return earliest;
    }

    /** The latest time at which something can have flowed into what was asked for. */
    private static long asOf(GraphView view, Start start) {
        long latest = Long.MIN_VALUE;
        long[] nodes = start.nodes();
        for (int i = nodes.length - 1; i >= 0 && latest != Long.MAX_VALUE; i--) {
            latest = Math.max(latest, asOf(view, nodes[i]));
        }
        return latest;
    }

    private static long asOf(GraphView view, long node) {
        long[] versions = view.versions(view.object(node));
        for (int i = versions.length - 2; i >= 0 && versions[i] >= node; i--) {
            if (versions[i] == node) {
                return view.timeNs(versions[i + 1]);
            }
        }
        // Of its newest version there may be a newer one, which was lost, unless nothing flows into it any more.
        boolean[] ended = {false};
        view.causes(node, (edge, relation, other, timeNs) -> {
            ended[0] = switch (relation) {
                case TERMINATE_PROC, TERMINATE_TASK -> true;
                default -> false;
            };
            return !ended[0];
        });
        return ended[0] ? view.timeNs(node) : Long.MAX_VALUE;
    }
}
