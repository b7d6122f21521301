// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PressureTest {
    private static final long RING = 1 << 20;
    private static final long SECOND_NS = 1_000_000_000;

    private final Pressure pressure = new Pressure(RING);

    @Test
    void shouldBeLowBelowAQuarter() {
        assertFalse(pressure.hasChanged(RING / 4 - 1, 5));
        assertFalse(pressure.isHigh());
    }

    @Test
    void shouldTellOnceThatItIsHigh() {
        assertTrue(pressure.hasChanged(RING / 4, 5));
        assertTrue(pressure.isHigh());
        assertFalse(pressure.hasChanged(RING / 2, 6));
    }

    @Test
    void shouldStayHighUntilRingsWereNearlyEmptyForASecond() {
        pressure.hasChanged(RING, 0);

        assertFalse(pressure.hasChanged(RING / 32, SECOND_NS - 1));
        assertFalse(pressure.hasChanged(RING / 32 + 1, SECOND_NS), "not nearly empty: it counts from here again");
        assertFalse(pressure.hasChanged(0, 2 * SECOND_NS - 1));
        assertTrue(pressure.isHigh());
        assertTrue(pressure.hasChanged(0, 2 * SECOND_NS));
        assertFalse(pressure.isHigh());
    }

    @Test
    void shouldBeHighAgain() {
        pressure.hasChanged(RING, 0);
        pressure.hasChanged(0, SECOND_NS);

        assertTrue(pressure.hasChanged(RING, 2 * SECOND_NS));
        assertTrue(pressure.isHigh());
    }
}
