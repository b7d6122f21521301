// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenarios in stock kernels, each booted once, by lsm and by what {@link #frontEnds} says beside it; and those of order once more
 * in a guest with two CPUs. {@code HEADWATER_GUESTS} names the series ({@code "6.1 6.18"}), or {@code none}; without it, all that
 * {@code dev/guest} knows. {@code HEADWATER_FRONT_ENDS=all} records by every front-end in each.
 */
@GuestTest
@Order(GuestTest.LONGEST)
class GuestScenariosTest {
    /** The front-ends that are proven; the coverage table has no verdict of others. */
    static final List<FrontEnd> FRONT_ENDS = List.of(FrontEnd.LSM, FrontEnd.TRACE, FrontEnd.FEXIT);

    /** The kernel with two CPUs, whichever series are wanted. */
    private static final Kernel ORDER_KERNEL = Kernel.V6_12;

    /** Fewer than elsewhere: two emulated CPUs wait for each other at each. */
    private static final int ORDER_STEPS = 1000;

    @TempDir
    static Path folder;

    private static final List<ScenarioGuest> BOOTED = new ArrayList<>();
    private static final ExecutorService GUEST = Executors.newSingleThreadExecutor();

    @AfterAll
    static void close() {
        GUEST.shutdownNow();
        BOOTED.forEach(ScenarioGuest::close);
    }

    /**
     * A recording takes six minutes of an emulated processor, so not all pairs are recorded each time. lsm: the kernel's hooks differ from
     * series to series. trace: on the oldest, as {@code NativeScenariosTest} has it on this machine's kernel. fexit: on one.
     */
    private static List<FrontEnd> frontEnds(Kernel kernel) {
        String wanted = System.getenv("HEADWATER_FRONT_ENDS");
        if ("all".equals(wanted)) {
            return FRONT_ENDS;
        }
        assertTrue(wanted == null || wanted.isBlank(), () -> "unknown value: HEADWATER_FRONT_ENDS=" + wanted + "; use all, or nothing");
        return switch (kernel) {
            case V6_1 -> List.of(FrontEnd.LSM, FrontEnd.TRACE);
            case V6_12 -> List.of(FrontEnd.LSM, FrontEnd.FEXIT);
            case V6_18 -> List.of(FrontEnd.LSM);
        };
    }

    @TestFactory
    Stream<DynamicNode> kernels() {
        Map<ScenarioGuest, Future<CommandLine.Outcome>> guests = new LinkedHashMap<>();
        for (Kernel kernel : Kernel.wanted(Kernel.values())) {
            ScenarioGuest guest = new ScenarioGuest(kernel, 1, frontEnds(kernel), Scenarios.chosen(), folder.resolve(kernel.series()));
            BOOTED.add(guest);
            guests.put(guest, GUEST.submit(guest::boot));
        }
        return guests.entrySet().stream().map(each -> of("kernel " + each.getKey().kernel().series(), each.getKey(), each.getValue()));
    }

    @TestFactory
    Stream<DynamicNode> orderOnTwoCpus() {
        ScenarioGuest guest = new ScenarioGuest(ORDER_KERNEL, 2, FRONT_ENDS, OrderChannels.of(ORDER_STEPS),
                folder.resolve("order"));
        BOOTED.add(guest);
        return Stream.of(of("two CPUs, kernel " + ORDER_KERNEL.series(), guest, GUEST.submit(guest::boot)));
    }

    private static DynamicNode of(String name, ScenarioGuest guest, Future<CommandLine.Outcome> booted) {
        return DynamicContainer.dynamicContainer(name, Stream.concat(
                Stream.of(DynamicTest.dynamicTest("the guest ran [" + name + "]", () -> {
                    CommandLine.Outcome outcome = booted.get();
                    assertEquals(0, outcome.status(), outcome::toString);
                })),
                guest.tests()));
    }
}
