// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.GraphView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two front-ends at once on the same programs, in one boot of a stock kernel: both must say the same, but for reasons that are
 * named. What differs without a reason may be a race between the two, so it is looked for in a second recording: only what differs in both
 * is a failure; what differs in one is printed.
 */
@GuestTest
class BothFrontEndsTest {
    private static final int GROUPS_SHOWN = 100;

    @TempDir
    static Path out;

    private static BothRecording recording;

    @BeforeAll
    static void record() throws IOException, InterruptedException {
        recording = new BothRecording(Files.createDirectory(out.resolve("first")));
    }

    @AfterAll
    static void close() {
        if (recording != null) {
            recording.close();
        }
    }

    @Test
    void shouldHaveLostNothing() {
        BothRecording.FRONT_ENDS.forEach(frontEnd -> {
            GraphView view = recording.view(frontEnd);
            assertEquals(List.of(), view.gaps(), frontEnd::text);
            assertEquals(frontEnd.text(), view.sessions().getFirst().frontEnd());
            assertTrue(view.sessions().getFirst().endNs() > 0, frontEnd::text);
        });
    }

    @TestFactory
    Stream<DynamicTest> largeWorkloads() {
        return Workloads.LARGE.stream().map(workload -> DynamicTest.dynamicTest(workload.name(),
                () -> FalseDependenciesTest.assertRan(workload, recording.result())));
    }

    @TestFactory
    Stream<DynamicTest> falseDependencies() {
        return BothRecording.FRONT_ENDS.stream().flatMap(frontEnd -> Workloads.KNOWN.stream().map(workload -> DynamicTest.dynamicTest(
                workload.name() + " [6.12 " + frontEnd.text() + "]", () -> {
                    FalseDependenciesTest.assertRan(workload, recording.result());
                    FalseDependencies.verify(workload, recording.graph(frontEnd, workload));
                })));
    }

    @Test
    void shouldGiveEachObjectTheSameAncestorsButForNamedReasons() throws IOException, InterruptedException {
        FrontEndDifferences.Verdict verdict = FrontEndDifferences.judge(recording.differences());
        if (!verdict.isAsDeclared()) {
            try (BothRecording again = new BothRecording(Files.createDirectory(out.resolve("second")))) {
                FrontEndDifferences.Verdict second = FrontEndDifferences.judge(again.differences());
                System.out.println("BothFrontEndsTest: in the first recording only:\n" + grouped(verdict.notIn(second))
                        + "\nBothFrontEndsTest: in the second recording only:\n" + grouped(second.notIn(verdict)));
                verdict = verdict.alsoIn(second);
            }
        }
        int count = verdict.unexplained().size();
        assertEquals("", grouped(verdict.unexplained()), () -> count + " differences have no reason in FrontEndDifferences");
        assertEquals(List.of(), verdict.unseen().stream().map(FrontEndDifferences.Reason::what).toList(),
                "said to differ, but nothing does; take it out of FrontEndDifferences and run dev/coverage");
    }

    /** How many of each front-end and scenario, and one of them. */
    private static String grouped(List<FrontEndDifferences.Difference> differences) {
        Map<String, List<FrontEndDifferences.Difference>> groups = new TreeMap<>();
        differences.forEach(difference -> groups.computeIfAbsent(difference.by() + " " + difference.scenarios(), by -> new ArrayList<>())
                .add(difference));
        return groups.values().stream().limit(GROUPS_SHOWN).map(group -> group.size() + ": " + group.getFirst())
                .collect(Collectors.joining("\n"));
    }
}
