// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The coverage table says what the scenarios declare, and they leave nothing out that {@code doctor} says. */
class CoverageTest {
    @Test
    void shouldBeWrittenDown() throws Exception {
        GeneratedPage.verify("docs/coverage.md", Coverage.page());
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowEachBlindSpotOrSayWhyNot(BlindSpot spot) {
        List<FrontEnd> blind = Stream.of(FrontEnd.values()).filter(frontEnd -> frontEnd.blindSpots().contains(spot)).toList();
        assertFalse(blind.isEmpty(), () -> "every front-end sees it by now, so take it out of BlindSpot: " + spot);
        for (FrontEnd frontEnd : blind) {
            boolean shown = Scenarios.ALL.stream().anyMatch(scenario -> scenario.shows(frontEnd).contains(spot));
            assertEquals(!shown, Coverage.SHOWN_ELSEWHERE.containsKey(spot), () -> spot + " of " + frontEnd.text()
                    + ": a scenario says unseen(" + spot + "), or Coverage.SHOWN_ELSEWHERE says why none can; not both");
        }
    }

    @Test
    void shouldRunEachScenarioInSomeStockKernel() {
        List<String> nowhere = Scenarios.ALL.stream().filter(scenario -> !scenario.somewhere()).map(Scenario::name).toList();
        assertEquals(List.of(), nowhere, "scenarios that no stock kernel can run: nothing is shown by them");
    }

    @Test
    void shouldRefuseABlindSpotThatDoctorDoesNotKnow() {
        Scenario scenario = Scenario.of("one", "a channel", "what it does", "true\n").from("sink", "source");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> scenario.unseenBy(FrontEnd.LSM, BlindSpot.INTERPRETER));
        assertTrue(refused.getMessage().contains("see BlindSpot"), refused::getMessage);
        assertThrows(IllegalArgumentException.class,
                () -> scenario.unseenBy(FrontEnd.TRACE, BlindSpot.INTERPRETER, "no such words"));
    }
}
