// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Session;
import java.util.List;

/** Finds the session that ran at a time. Immutable. */
public final class SessionTimes {
    private static final Session NONE = new Session(1, "", 1, 0, "", "", "", Long.MIN_VALUE, 0);

    private final List<Session> sessions;
    private final boolean oneBoot;

    /** @param sessions oldest first */
    public SessionTimes(List<Session> sessions) {
        // What was imported happened at other times than it was imported at: its objects name their session themselves.
        this.sessions = sessions.stream().filter(session -> !session.isImported()).toList();
        this.oneBoot = this.sessions.stream().map(s -> (long) s.bootNumber() << 32 | s.machineId()).distinct().count() <= 1;
    }

    /** True if all sessions are of one boot of one machine. */
    public boolean oneBoot() {
        return oneBoot;
    }

    /** The oldest; one that says nothing if there is none. */
    public Session first() {
        return sessions.isEmpty() ? NONE : sessions.getFirst();
    }

    /** The last that had started at {@code timeNs}, else the oldest. */
    public Session at(long timeNs) {
        for (int i = sessions.size() - 1; i >= 0; i--) {
            if (sessions.get(i).startNs() <= timeNs) {
                return sessions.get(i);
            }
        }
        return first();
    }
}
