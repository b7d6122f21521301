// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldLetAUserWaitWhoAsksForTooMuch() {
        Allowance allowance = new Allowance();
        assertEquals(0, allowance.spend(7, Allowance.UNITS_MAX, SECOND));
        assertEquals(SECOND, allowance.spend(7, Allowance.UNITS_PER_SECOND, SECOND));
        assertEquals(0, allowance.spend(8, 1, SECOND), "nobody else");
        assertEquals(0, allowance.spend(7, 1, 3 * SECOND), "later it has some again");
    }

    @Test
    void shouldCountBytesToo() {
        assertEquals(1, Allowance.cost(10, 0));
        assertEquals(1 + 3 + 255, Allowance.cost(65535, 3));
    }

    @Test
    void shouldKeepConnectionsForRoot() {
        Allowance allowance = new Allowance();
        for (int i = 0; i < Allowance.CONNECTIONS_MAX_USER; i++) {
            assertTrue(allowance.enter(7, 0));
        }
        assertFalse(allowance.enter(7, 0));
        int others = 0;
        for (int uid = 100; allowance.enter(uid, 0); uid++) {
            others++;
        }
        assertEquals(Allowance.CONNECTIONS_MAX - Allowance.CONNECTIONS_ROOT, others + Allowance.CONNECTIONS_MAX_USER);
        assertTrue(allowance.enter(0, 0));
        allowance.left(7);
        assertFalse(allowance.enter(7, 0), "one of those is root's now");
    }
}
