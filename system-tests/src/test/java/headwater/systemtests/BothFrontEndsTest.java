// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import headwater.capture.FrontEnd;
import headwater.model.GraphView;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * named.
 */
class BothFrontEndsTest {
    private static final int TIMEOUT_SECONDS = 2400;
    private static final Set<FrontEnd> FRONT_ENDS = EnumSet.of(FrontEnd.LSM, FrontEnd.TRACE);
    private static final String WORK = "/mnt/scenarios/both";
    private static final int GROUPS_SHOWN = 100;

    @TempDir
    static Path out;

    private static final Map<FrontEnd, Store> STORES = new EnumMap<>(FrontEnd.class);
    private static final Map<FrontEnd, GraphView> VIEWS = new EnumMap<>(FrontEnd.class);
    private static FileListing files;

    @BeforeAll
    static void record() throws IOException, InterruptedException {
        assumeFalse("none".equals(System.getenv("HEADWATER_GUESTS")), "no guest is wanted: HEADWATER_GUESTS=none");
        Scenarios.writeScripts(out.resolve("scripts"), Scenarios.ALL);
        for (Workload workload : Workloads.all().toList()) {
            workload.write(out.resolve("scripts"));
        }
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--",
                "sh", checkout.resolve("system-tests/src/test/sh/both-in-guest.sh").toString(), "/out/scripts",
                Build.testers().toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        assertEquals("0", Files.readString(result().resolve("status")).strip(), () -> read("stderr"));
        files = new FileListing(result().resolve("listing"));
        for (FrontEnd frontEnd : FRONT_ENDS) {
            Store store = Store.openForReading(result().resolve("store-" + frontEnd.text()));
            STORES.put(frontEnd, store);
            VIEWS.put(frontEnd, store.view());
        }
    }

    @AfterAll
    static void close() {
        VIEWS.values().forEach(GraphView::close);
        STORES.values().forEach(Store::close);
    }

    private static Path result() {
        return out.resolve("both");
    }

    private static String read(String name) {
        try {
            return Files.readString(result().resolve(name)).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shouldHaveLostNothing() {
        VIEWS.forEach((frontEnd, view) -> {
            assertEquals(List.of(), view.gaps(), frontEnd::text);
            assertEquals(frontEnd.text(), view.sessions().getFirst().frontEnd());
            assertTrue(view.sessions().getFirst().endNs() > 0, frontEnd::text);
        });
    }

    @TestFactory
    Stream<DynamicTest> largeWorkloads() {
        return Workloads.LARGE.stream().map(workload -> DynamicTest.dynamicTest(workload.name(),
                () -> FalseDependenciesTest.assertRan(workload, result())));
    }

    @TestFactory
    Stream<DynamicTest> falseDependencies() {
        return FRONT_ENDS.stream().flatMap(frontEnd -> Workloads.KNOWN.stream().map(workload -> DynamicTest.dynamicTest(
                workload.name() + " [6.12 " + frontEnd.text() + "]", () -> {
                    FalseDependenciesTest.assertRan(workload, result());
                    FalseDependencies.verify(workload, new RecordedGraph(VIEWS.get(frontEnd), files, WORK + "/" + workload.name(),
                            Map.of()));
                })));
    }

    /** How many of each front-end and scenario, and one of them. */
    private static String grouped(List<FrontEndDifferences.Difference> differences) {
        Map<String, List<FrontEndDifferences.Difference>> groups = new TreeMap<>();
        differences.forEach(difference -> groups.computeIfAbsent(difference.by() + " " + difference.scenarios(), by -> new ArrayList<>())
                .add(difference));
        return groups.values().stream().limit(GROUPS_SHOWN).map(group -> group.size() + ": " + group.getFirst())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void shouldGiveEachObjectTheSameAncestorsButForNamedReasons() throws IOException {
        long sinceNs = Long.parseLong(Files.readString(result().resolve("since")).strip());
        Map<String, Set<String>> lsm = new Ancestry(VIEWS.get(FrontEnd.LSM), WORK, sinceNs).ofAllMade();
        Map<String, Set<String>> trace = new Ancestry(VIEWS.get(FrontEnd.TRACE), WORK, sinceNs).ofAllMade();
        List<FrontEndDifferences.Difference> unexplained = new ArrayList<>();
        List<FrontEndDifferences.Reason> unseen = new ArrayList<>(FrontEndDifferences.REASONS);
        for (FrontEndDifferences.Difference difference : FrontEndDifferences.between(lsm, trace)) {
            FrontEndDifferences.reasonOf(difference).ifPresentOrElse(unseen::remove, () -> unexplained.add(difference));
        }
        System.out.println("BothFrontEndsTest: files, pipes and sockets made: lsm=" + lsm.size() + ", trace=" + trace.size());
        assertEquals("", grouped(unexplained), () -> unexplained.size() + " differences have no reason in FrontEndDifferences");
        assertEquals(List.of(), unseen.stream().filter(FrontEndDifferences.Reason::certain)
                        .map(FrontEndDifferences.Reason::what).toList(),
                "said to differ, but nothing does; take it out of FrontEndDifferences and run dev/coverage");
    }
}
