// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The judge of the scenarios: a claim fails in either direction, and what could not be run is no pass. */
class ScenarioTest {
    private static final Scenario.Check SEEN = graph -> { };
    private static final Scenario.Check UNSEEN = graph -> fail("no path");

    private static Scenario scenario() {
        return Scenario.of("one", "a channel", "what it does", "true\n");
    }

    /** The verdict on the last expectation; the others need a record. */
    private static void judge(Scenario scenario, FrontEnd frontEnd) {
        scenario.judgeOnly("it is seen", null, frontEnd);
    }

    @Test
    void shouldFailWhenWhatMustBeSeenIsNot() {
        judge(scenario().expect("it is seen", SEEN), FrontEnd.TRACE);
        assertThrows(AssertionError.class, () -> judge(scenario().expect("it is seen", UNSEEN), FrontEnd.TRACE));
    }

    @Test
    void shouldFailWhenWhatIsSaidToBeUnseenIsSeen() {
        judge(scenario().expect("it is seen", UNSEEN).unseen(BlindSpot.INTERPRETER), FrontEnd.TRACE);
        AssertionError error = assertThrows(AssertionError.class,
                () -> judge(scenario().expect("it is seen", SEEN).unseen(BlindSpot.INTERPRETER), FrontEnd.TRACE));
        assertTrue(error.getMessage().contains("dev/coverage"), error::getMessage);
    }

    @Test
    void shouldHoldABlindSpotAgainstThoseFrontEndsOnlyThatHaveIt() {
        Scenario scenario = scenario().expect("it is seen", SEEN).unseen(BlindSpot.INTERPRETER);
        judge(scenario, FrontEnd.LSM);
        assertTrue(scenario.unseenBy(FrontEnd.LSM).isEmpty());
        assertTrue(scenario.allUnseenBy(FrontEnd.TRACE));
    }

    @Test
    void shouldNotPassWhatAKernelLacks() {
        Scenario everywhere = scenario();
        assertThrows(AssertionError.class, () -> ScenarioRecording.notHere(everywhere, Kernel.V6_1, "no such call"));
        assertThrows(TestAbortedException.class, () -> ScenarioRecording.notHere(everywhere, null, "no such call"));
        Scenario lacking = scenario().notOn(Kernel.V6_1, "no such call before 6.7");
        assertThrows(TestAbortedException.class, () -> ScenarioRecording.notHere(lacking, Kernel.V6_1, "no such call"));
        assertThrows(AssertionError.class, () -> ScenarioRecording.notHere(lacking, Kernel.V6_12, "no such call"));
    }

    @Test
    void shouldFailWhatNoKernelCanRun() {
        Scenario nowhere = scenario();
        for (Kernel kernel : Kernel.values()) {
            nowhere.notOn(kernel, "not built in");
        }
        assertFalse(nowhere.somewhere());
        assertThrows(AssertionError.class, () -> ScenarioRecording.notHere(nowhere, null, "not built in"));
        assertEquals(Kernel.values().length, nowhere.lacking().size());
    }
}
