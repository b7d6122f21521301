// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.record.RecordClass;
import org.junit.jupiter.api.Test;

class OnLossTest {
    @Test
    void shouldLeaveMoreRoomToWhatIsMoreImportant() {
        for (int ringBytes = 4096; ringBytes > 0 && ringBytes <= 1 << 29; ringBytes *= 2) {
            int before = Integer.MAX_VALUE;
            for (int recordClass = RecordClass.PROCESS; recordClass <= RecordClass.TRANSFER; recordClass++) {
                int max = OnLoss.backlogMax(recordClass, ringBytes);
                assertTrue(max > 0 && max <= before, "class=" + recordClass + ", ring=" + ringBytes + ", max=" + max);
                before = max;
            }
            assertEquals(Integer.MAX_VALUE, OnLoss.backlogMax(RecordClass.OTHER, ringBytes), "what nobody classed is not shed");
            assertTrue(OnLoss.refuseFrom(ringBytes) < ringBytes);
        }
    }

    @Test
    void shouldRefuseOperationsByLsmOnly() {
        for (FrontEnd frontEnd : FrontEnd.values()) {
            assertEquals("", OnLoss.RECORD.refusal(frontEnd));
            assertEquals("", OnLoss.SHED.refusal(frontEnd));
            assertEquals(frontEnd == FrontEnd.LSM, OnLoss.BLOCK.refusal(frontEnd).isEmpty());
        }
        assertThrows(IllegalArgumentException.class, () -> new Capture.Scope(FrontEnd.TRACE, false, 1, 4096, OnLoss.BLOCK, false, null));
    }

    @Test
    void shouldKnowPoliciesByName() {
        for (OnLoss policy : OnLoss.values()) {
            assertEquals(policy, OnLoss.ofText(policy.text()));
        }
        String said = assertThrows(IllegalArgumentException.class, () -> OnLoss.ofText("drop")).getMessage();
        assertEquals("unknown policy: on-loss=drop; use record, shed, block", said);
    }
}
