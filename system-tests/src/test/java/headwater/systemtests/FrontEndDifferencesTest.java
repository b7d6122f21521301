// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is a difference between the front-ends, and what a race of one recording. */
class FrontEndDifferencesTest {
    private static FrontEndDifferences.Difference difference(FrontEnd by, String made) {
        return new FrontEndDifferences.Difference(by, Set.of("no-such-scenario"), made, "program 4711 /usr/bin/cat");
    }

    @Test
    void shouldTakeForADifferenceOnlyWhatIsInBothRecordings() {
        String inode = "0011223344556677";
        FrontEndDifferences.Verdict first = FrontEndDifferences.judge(List.of(
                difference(FrontEnd.LSM, "file a/sink " + inode + inode + inode), difference(FrontEnd.LSM, "file a/other 1")));
        FrontEndDifferences.Verdict second = FrontEndDifferences.judge(List.of(
                difference(FrontEnd.LSM, "file a/sink ffff" + inode + inode + "000000000000"),
                difference(FrontEnd.TRACE, "file a/other 1")));
        assertFalse(first.isAsDeclared());
        assertEquals(List.of(first.unexplained().getFirst()), first.alsoIn(second).unexplained());
        assertEquals(List.of(first.unexplained().getLast()), first.notIn(second));
        assertEquals(List.of(second.unexplained().getLast()), second.notIn(first));
    }

    @Test
    void shouldMissAReasonOnlyIfNoRecordingShowsIt() {
        FrontEndDifferences.Verdict none = FrontEndDifferences.judge(List.of());
        assertEquals(FrontEndDifferences.REASONS.stream().filter(FrontEndDifferences.Reason::certain).count(), none.unseen().size());
        FrontEndDifferences.Verdict all = new FrontEndDifferences.Verdict(List.of(), List.of());
        assertTrue(none.alsoIn(all).isAsDeclared());
        assertFalse(none.alsoIn(none).isAsDeclared());
    }
}
