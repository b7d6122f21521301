// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import java.util.HashMap;
import java.util.Map;

/**
 * What each user may disclose: so many connections at a time, and so much in a time. Who asks for more waits, and floods nobody but
 * himself. Safe for use by several threads.
 */
final class Allowance {
    static final int CONNECTIONS_MAX = 128;
    static final int CONNECTIONS_MAX_USER = 16;
    /** Of {@link #CONNECTIONS_MAX}, kept for root. */
    static final int CONNECTIONS_ROOT = 32;
    /** Units that a user gets each second; {@link #cost} says what costs how many. */
    static final long UNITS_PER_SECOND = 1000;
    /** What it costs to connect, as the thread that records has to look the process up. */
    static final long CONNECTION_UNITS = 5;
    /** Units that may be saved. */
    static final long UNITS_MAX = 20_000;

    private static final long NS_PER_UNIT = 1_000_000_000 / UNITS_PER_SECOND;
    private static final int BYTES_PER_UNIT = 256;
    /** Users that are not connected are forgotten beyond this, when they have all units again. */
    private static final int USERS_KEPT = 256;

    private static final class User {
        int connections;
        /** The time at which all units that were spent will have come back. */
        long restoredNs;
    }

    private final Map<Integer, User> users = new HashMap<>();
    private int connections;

    /** What a line costs: one unit, one for each thing told, and one for each 256 bytes. */
    static long cost(int bytes, int things) {
        return 1 + things + bytes / BYTES_PER_UNIT;
    }

    /** False if this user has too many connections already, or all have; else {@link #left} must follow. */
    synchronized boolean enter(int uid, long nowNs) {
        if (users.size() > USERS_KEPT) {
            users.values().removeIf(user -> user.connections == 0 && user.restoredNs <= nowNs);
        }
        User user = users.computeIfAbsent(uid, key -> new User());
        int most = uid == 0 ? CONNECTIONS_MAX : CONNECTIONS_MAX - CONNECTIONS_ROOT;
        if (connections >= most || uid != 0 && user.connections >= CONNECTIONS_MAX_USER) {
            return false;
        }
        connections++;
        user.connections++;
        return true;
    }

    synchronized void left(int uid) {
        connections--;
        users.get(uid).connections--;
    }

    /**
     * Spends units.
     *
     * @param nowNs a clock that only rises, nanoseconds
     * @return how long to wait before what they were spent for is done, nanoseconds
     */
    synchronized long spend(int uid, long units, long nowNs) {
        User user = users.computeIfAbsent(uid, key -> new User());
        user.restoredNs = Math.max(user.restoredNs, nowNs) + units * NS_PER_UNIT;
        return Math.max(0, user.restoredNs - nowNs - UNITS_MAX * NS_PER_UNIT);
    }
}
