// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --on-loss block}: what cannot be recorded does not happen. In a guest, as only lsm can refuse. */
@GuestTest
class GuestBlockTest {
    private static final int TIMEOUT_SECONDS = 1200;

    @TempDir
    Path out;

    @Test
    void shouldRefuseWhatCannotBeRecordedAndRecordAllThatIsNotRefused() throws IOException, InterruptedException {
        Path checkout = Build.checkout();
        List<String> words = new ArrayList<>(List.of(checkout.resolve("dev/guest").toString(), "--kernel", "6.12",
                "--timeout", Integer.toString(TIMEOUT_SECONDS), "--out", out.toString(), "--",
                "sh", checkout.resolve("system-tests/src/test/sh/block-in-guest.sh").toString(), Build.testers().toString()));
        words.addAll(CommandLine.of());
        CommandLine.Outcome guest = CommandLine.execute(out, words, TIMEOUT_SECONDS + 60);
        assertEquals(0, guest.status(), guest::toString);
        assertEquals("1", read("refused"), "the tester was refused while the reader stood still: " + read("run.err"));
        assertEquals("0", read("run.status"), () -> "the tester found all as it must be: " + read("run.err"));
        // 20 of each kind and seven others at the least.
        assertTrue(read("run.err").matches("(?s).*, 0 lost, ([5-9][0-9]|[0-9]{3,}) operations refused, .*"), read("run.err"));

        String[] succeeded = read("result").split(" ");
        try (GraphView view = Store.openForReading(out.resolve("store")).view()) {
            Session session = view.sessions().getFirst();
            assertEquals("block", session.onLoss());
            assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
            // The first write finds in the file what the making of it has put there: nothing new.
            assertEquals(Long.parseLong(succeeded[0]) - 1, flows(view, Relation.WRITE), "writes that were not refused");
            assertEquals(Long.parseLong(succeeded[1]), flows(view, Relation.READ), "reads that were not refused");
            for (String never : List.of("/dev/shm/never-made", "/dev/shm/never-renamed")) {
                assertEquals(0, view.find(Attribute.NAME, never.getBytes(StandardCharsets.UTF_8)).length, never);
            }
        }
        assertTrue(read("ancestors.json").contains("\"complete\":true"), read("ancestors.err"));
        assertTrue(read("ancestors.json").contains("\"on_loss\":[\"block\"]"), read("ancestors.err"));
    }

    private static long flows(GraphView view, Relation wanted) {
        long[] files = view.find(Attribute.NAME, "/dev/shm/work/busy".getBytes(StandardCharsets.UTF_8));
        assertEquals(1, files.length);
        long[] count = {0};
        for (long node : view.versions(files[0])) {
            GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
                count[0] += relation == wanted ? 1 : 0;
                return true;
            };
            view.causes(node, visitor);
            view.effects(node, visitor);
        }
        return count[0];
    }

    private String read(String name) {
        try {
            return Files.readString(out.resolve(name)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the guest left no such file: " + name, e);
        }
    }
}
