// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The pages that are made from the workloads say what these declare. */
class WorkloadPagesTest {
    @Test
    void shouldWriteDownFalseDependencies() throws Exception {
        GeneratedPage.verify("docs/false-dependencies.md", FalseDependencies.page());
    }

    @Test
    void shouldWriteDownHowTheFrontEndsDiffer() throws Exception {
        GeneratedPage.verify("docs/front-ends.md", FrontEndDifferences.page());
    }

    @Test
    void shouldGiveAReasonForWhatIsJoined() {
        for (Workload workload : Workloads.KNOWN) {
            assertFalse(workload.truth().isEmpty(), workload::name);
            assertEquals(workload.joined() == Workload.Joined.NONE, workload.reason().isEmpty(), workload::name);
            assertEquals(workload.joined() == Workload.Joined.NONE, workload.falseCount() == 0, workload::name);
        }
    }

    @Test
    void shouldNameNoWorkloadTwice() {
        Set<String> names = new HashSet<>();
        Scenarios.ALL.forEach(scenario -> names.add(scenario.name()));
        List<String> twice = Workloads.all().map(Workload::name).filter(name -> !names.add(name)).toList();
        assertEquals(List.of(), twice);
    }
}
