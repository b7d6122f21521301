// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Session;
import headwater.query.FileNow;
import headwater.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a store that nobody has open any more says. */
record StoreFacts(List<Session> sessions, List<Gap> gaps, long nodes, long edges) {
    static StoreFacts of(Path store) {
        try (Store open = Store.openForReading(store); GraphView view = open.view()) {
            return new StoreFacts(List.copyOf(view.sessions()), List.copyOf(view.gaps()), view.nodes(), view.edges());
        }
    }

    Set<Gap.Cause> gapCauses() {
        Set<Gap.Cause> causes = new TreeSet<>();
        gaps.forEach(gap -> causes.add(gap.cause()));
        return causes;
    }

    /** Fails unless {@code sink} comes from {@code source}, both below {@code folder}. */
    static void assertFrom(Path store, Path folder, String sink, String source) {
        try (Store open = Store.openForReading(store); GraphView view = open.view()) {
            new RecordedGraph(view, FileNow::onThisMachine, folder.toString(), Map.of()).assertFrom(sink, source);
        }
    }
}
