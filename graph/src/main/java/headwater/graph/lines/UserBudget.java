// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many lines each user may have kept: so many a second, twice as many at once. The user ids that a user has been given for its own
 * user namespaces (from {@value #SUBORDINATE_FIRST} on, {@value #SUBORDINATE_COUNT} each, as /etc/login.defs has them) share one budget.
 */
public final class UserBudget {
    private static final int SUBORDINATE_FIRST = 100_000;
    private static final int SUBORDINATE_COUNT = 65_536;
    /** A user that is forgotten begins again with a full budget; no machine has so many that write at once. */
    private static final int USERS_MAX = 4096;

    private static final class Left {
        private double lines;
        private long atNs;
    }

    private final int perSecond;
    private final Map<Long, Left> users = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Left> eldest) {
            return size() > USERS_MAX;
        }
    };

    /** @param perSecond lines of one user, from 1 */
    public UserBudget(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Takes one line out of the user's budget. False if there is none left. */
    public boolean take(int uid, long nowNs) {
        long user = uid & 0xffffffffL;
        if (user >= SUBORDINATE_FIRST) {
            user = SUBORDINATE_FIRST + (user - SUBORDINATE_FIRST) / SUBORDINATE_COUNT;
        }
        Left left = users.computeIfAbsent(user, key -> {
            Left fresh = new Left();
            fresh.lines = 2.0 * perSecond;
            fresh.atNs = nowNs;
            return fresh;
        });
        if (nowNs > left.atNs) {
            left.lines = Math.min(2.0 * perSecond, left.lines + (nowNs - left.atNs) / 1e9 * perSecond);
            left.atNs = nowNs;
        }
        if (left.lines < 1) {
            return false;
        }
        left.lines--;
        return true;
    }
}
