// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.bench.gate.CostGate;
import headwater.bench.gate.Gate;
import headwater.bench.gate.GateFile;
import headwater.bench.gate.GuestCosts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Capture costs what {@code dev/gate.tsv} says: instructions of calls and sizes of all programs, in guests whose clock counts instructions:
 * in 6.12, where both front-ends are measured, or in what {@code HEADWATER_GUESTS} names. {@code dev/bench gate} asks all.
 */
@GuestTest
class GuestCostTest {
    @TempDir
    Path folder;

    static List<String> series() {
        return Kernel.wanted(Kernel.V6_12).stream().map(Kernel::series).toList();
    }

    @ParameterizedTest
    @MethodSource("series")
    void costsWhatTheFileSays(String series) throws Exception {
        GateFile file = GateFile.read(Gate.file(Build.checkout()));
        List<String> findings = CostGate.judge(file, Map.of(series, GuestCosts.measure(Build.checkout(), series, folder)));
        assertTrue(findings.isEmpty(), () -> CostGate.message(findings));
    }
}
