// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random flows against a model that keeps every one of them, which {@code agent} runs natively by {@code trace}: in a stock kernel by
 * {@code lsm} and {@code fexit}, whose programs leave out what repeats by other means (bpf/repeats.h).
 */
@GuestTest
class GuestFlowsTest {
    private static final int TIMEOUT_SECONDS = 1800;
    private static final List<String> FRONT_ENDS = List.of("lsm", "fexit");

    @TempDir
    Path out;

    @Test
    void ancestorsAreThoseOfAModelThatKeepsEveryFlow() throws Exception {
        Path checkout = Build.checkout().toRealPath();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", Kernel.V6_12.series(), "--smp", "2",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--", "sh",
                checkout.resolve("system-tests/src/test/sh/flows-in-guest.sh").toString(), checkout.toString(), CommandLine.java(),
                System.getProperty("java.class.path") + ":" + checkout.resolve("agent/target/test-classes")));
        words.addAll(FRONT_ENDS);
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        for (String frontEnd : FRONT_ENDS) {
            assertEquals(List.of("passed RandomFlowsTest.ancestorsAreThoseOfAModelThatKeepsEveryFlow ancestorsAreThoseOfAModelThatKeepsEveryFlow()",
                    "whole"), Files.readAllLines(out.resolve("results." + frontEnd)), () -> frontEnd + ": " + guest);
        }
    }
}
