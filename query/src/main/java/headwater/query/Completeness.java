// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an answer can be trusted to be whole.
 *
 * @param complete true if nothing was missed that could belong to the answer, and it was not cut by its node limit
 * @param gaps what was missed within the time that the answer depends on
 * @param running the sessions of that time that have not ended: what they see later is not in the answer
 */
public record Completeness(boolean complete, List<Gap> gaps, List<Session> running) {
    public Completeness {
        gaps = List.copyOf(gaps);
        running = List.copyOf(running);
    }

    /**
     * Judges an answer.
     *
     * @param view the graph
     * @param fromNs earliest time of a node of the answer
     * @param toNs latest time of a node of the answer
     * @param past the answer depends on what went before {@code fromNs} in the same session
     * @param future the answer depends on what came after {@code toNs} in the same session
     * @param limits of the question: what lies outside its time was not asked for
     * @param cut the node limit ended the walk
     */
    static Completeness of(GraphView view, long fromNs, long toNs, boolean past, boolean future, Limits limits,
            boolean cut) {
        long from = fromNs;
        long to = toNs;
        List<Session> running = new ArrayList<>();
        for (Session session : view.sessions()) {
            long end = session.endNs() == 0 ? Long.MAX_VALUE : session.endNs();
            if (session.startNs() > toNs || end < fromNs) {
                continue;
            }
            from = past ? Math.min(from, session.startNs()) : from;
            to = future ? Math.max(to, end) : to;
            if (session.endNs() == 0) {
                running.add(session);
            }
        }
        from = Math.max(from, limits.sinceNs());
        to = Math.min(to, limits.untilNs());
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : view.gaps()) {
            if (gap.fromNs() <= to && gap.toNs() >= from) {
                gaps.add(gap);
            }
        }
        return new Completeness(gaps.isEmpty() && !cut, gaps, running);
    }
}
