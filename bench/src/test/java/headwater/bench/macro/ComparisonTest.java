// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What pairs of runs come to, and when something was missed. */
class ComparisonTest {
    private static final Recorder WHOLE = recorder(HeadwaterRecorder.Scope.WHOLE_SYSTEM);
    private static final Recorder SELECTIVE = recorder(HeadwaterRecorder.Scope.SELECTIVE);
    private static final Usage SOME = new Usage(1_000, 8_000, 9_000, 0.5);

    private static Recorder recorder(HeadwaterRecorder.Scope scope) {
        return new HeadwaterRecorder(Path.of("headwater"), "trace", scope, false);
    }

    private static Run took(double elapsed) {
        return new Run(elapsed, elapsed, Double.NaN);
    }

    @Test
    void theMedianIsOfPairsAndNotOfTimes() {
        Comparison comparison = new Comparison(Workload.BUILD, WHOLE);
        // The machine was slow in the second round, for both; medians of times would say +100 %.
        comparison.add(took(10), took(10.1), SOME, 0);
        comparison.add(took(20), took(20.2), SOME, 0);
        comparison.add(took(10), took(20.1), SOME, 0);
        assertTrue(comparison.row(false).contains("| 1.0 (1.0–101.0) |"), comparison.row(false));
        assertFalse(comparison.missed(false));
    }

    @Test
    void aServersCostIsWhatItsRateIsLowerBy() {
        assertEquals(25, new Run(3, 1, 7_500).costOver(new Run(3, 1, 10_000)), 1e-9);
        assertEquals(-10, new Run(3, 1, 11_000).costOver(new Run(3, 1, 10_000)), 1e-9);
    }

    @Test
    void moreThanAimedAtIsMissed() {
        Comparison comparison = new Comparison(Workload.BUILD, WHOLE);
        comparison.add(took(100), took(102.1), SOME, 0);
        assertTrue(comparison.missed(false));
    }

    @Test
    void oneLostRecordOfAllRoundsIsMissed() {
        Comparison comparison = new Comparison(Workload.NGINX, WHOLE);
        comparison.add(new Run(3, 1, 10), new Run(3, 1, 10), SOME, 0);
        assertFalse(comparison.missed(false));
        comparison.add(new Run(3, 1, 10), new Run(3, 1, 10), SOME, 1);
        comparison.add(new Run(3, 1, 10), new Run(3, 1, 10), SOME, 0);
        assertTrue(comparison.missed(false));
        assertEquals(1, comparison.lost());
    }

    @Test
    void whereThereIsOneProcessorItsOwnCpuIsJudged() {
        Comparison comparison = new Comparison(Workload.BLAST, WHOLE);
        // The reader's share of the only processor is in the time that went by.
        comparison.add(new Run(10, 10, Double.NaN), new Run(11, 10.05, Double.NaN), SOME, 0);
        assertTrue(comparison.missed(false));
        assertFalse(comparison.missed(true));
    }

    @Test
    void nothingIsAimedAtForOthers() {
        Comparison comparison = new Comparison(Workload.BUILD, SELECTIVE);
        comparison.add(took(10), took(20), SOME, 9);
        assertFalse(comparison.missed(false));
    }

    @Test
    void aRunSaysItsTimesLast() {
        Run run = Run.of(Workload.BUILD, "warning: clock skew\n12.500 20.250 3.125\n", "");
        assertEquals(12.5, run.elapsed());
        assertEquals(23.375, run.cpu());
        assertTrue(Double.isNaN(run.rate()));
        assertThrows(IllegalArgumentException.class, () -> Run.of(Workload.BUILD, "killed\n", ""));
    }
}
