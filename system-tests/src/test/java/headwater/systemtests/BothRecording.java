// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

/** One boot of a stock kernel (6.12) in which all scenarios and workloads are recorded once, by lsm and by trace at the same time. */
final class BothRecording implements AutoCloseable {
    static final Set<FrontEnd> FRONT_ENDS = EnumSet.of(FrontEnd.LSM, FrontEnd.TRACE);

    /** The folder of the workloads, as they saw it. */
    static final String WORK = "/mnt/scenarios/both";

    private static final int TIMEOUT_SECONDS = 2400;

    private final Path result;
    private final Map<FrontEnd, Store> stores = new EnumMap<>(FrontEnd.class);
    private final Map<FrontEnd, GraphView> views = new EnumMap<>(FrontEnd.class);
    private final FileListing files;

    /**
     * Boots and records; comes back when the guest has ended.
     *
     * @param out an empty folder for what the guest leaves
     */
    BothRecording(Path out) throws IOException, InterruptedException {
        result = out.resolve("both");
        Scenarios.writeScripts(out.resolve("scripts"), Scenarios.ALL);
        for (Workload workload : Workloads.all().toList()) {
            workload.write(out.resolve("scripts"));
        }
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString()));
        words.addAll(ScenarioGuest.DEVICES);
        words.addAll(List.of("--", "sh", checkout.resolve("system-tests/src/test/sh/both-in-guest.sh").toString(), "/out/scripts",
                Build.testers().toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        assertEquals("0", Files.readString(result.resolve("status")).strip(), () -> said());
        files = new FileListing(result.resolve("listing"));
        for (FrontEnd frontEnd : FRONT_ENDS) {
            Store store = Store.openForReading(result.resolve("store-" + frontEnd.text()));
            stores.put(frontEnd, store);
            views.put(frontEnd, store.view());
        }
    }

    private String said() {
        try {
            return Files.readString(result.resolve("stderr")).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What the guest left: the folder of {@code record.sh}. */
    Path result() {
        return result;
    }

    /** Stays this recording's, and open until it is closed. */
    GraphView view(FrontEnd frontEnd) {
        return views.get(frontEnd);
    }

    RecordedGraph graph(FrontEnd frontEnd, Workload workload) {
        return new RecordedGraph(view(frontEnd), files, WORK + "/" + workload.name(), Map.of());
    }

    /** What one of the two says of files, pipes and sockets, and the other does not. */
    List<FrontEndDifferences.Difference> differences() throws IOException {
        long sinceNs = Long.parseLong(Files.readString(result.resolve("since")).strip());
        Map<String, Set<String>> lsm = new Ancestry(view(FrontEnd.LSM), WORK, sinceNs).ofAllMade();
        Map<String, Set<String>> trace = new Ancestry(view(FrontEnd.TRACE), WORK, sinceNs).ofAllMade();
        System.out.println("files, pipes and sockets made: lsm=" + lsm.size() + ", trace=" + trace.size());
        return FrontEndDifferences.between(lsm, trace);
    }

    @Override
    public void close() {
        views.values().forEach(GraphView::close);
        stores.values().forEach(Store::close);
    }
}
