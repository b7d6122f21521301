// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.Relation;
import headwater.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who acted, by the front-end that every kernel takes; the guests do the same by the other (RebootTest). */
class CredentialsTest {
    @TempDir
    static Path folder;

    private static Path work;

    @BeforeAll
    static void record() throws Exception {
        work = Files.createDirectories(folder.toRealPath().resolve("work"));
        CommandLine.Outcome outcome = CommandLine.run(folder, "run", "--store", folder.resolve("store").toString(),
                "--front-end", "trace", "--environment", "--", "env", "HEADWATER_TEST=secret", "sh",
                Build.checkout().resolve("system-tests/src/test/sh/acts.sh").toString(), work.toString());
        assertEquals(0, outcome.status(), outcome::toString);
    }

    private static void look(java.util.function.Consumer<RecordedIdentity> check) {
        try (Store store = Store.openForReading(folder.resolve("store")); GraphView view = store.view()) {
            assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
            check.accept(new RecordedIdentity(view));
        }
    }

    @Test
    void whoWroteAndWhoItWasBefore() {
        look(graph -> verifyUsers(graph, work.toString()));
    }

    @Test
    void whereItRan() {
        look(graph -> verifyNamespaces(graph, work.toString()));
    }

    /** What {@code acts.sh} did, whichever front-end recorded it. */
    static void verifyUsers(RecordedIdentity graph, String work) {
        String set = work + "/by-another-user";
        assertEquals(65534, graph.number(graph.writer(set), Attribute.UID));
        assertEquals(65533, graph.number(graph.writer(set), Attribute.GID));
        assertEquals(65534, graph.number(graph.writer(set), Attribute.EUID));
        assertEquals(0, graph.number(graph.writer(set), Attribute.CAPABILITIES), "root's are gone");
        graph.assertMemory(set, Attribute.UID, 0);
        assertTrue(graph.memoryCauses(set, Relation.SETUID) >= 1, "how it became another");
        graph.assertFrom(set, work + "/source");

        String setUid = work + "/by-set-uid";
        assertEquals(65534, graph.number(graph.writer(setUid), Attribute.UID), "who called it");
        assertEquals(1234, graph.number(graph.writer(setUid), Attribute.EUID), "whose the program is");
    }

    static void verifyNamespaces(RecordedIdentity graph, String work) {
        long inside = graph.writer(work + "/in-own-namespace");
        long outside = graph.writer(work + "/by-another-user");
        assertFalse(graph.number(inside, Attribute.UTSNS) <= 0, "the memory that moved says where to");
        assertEquals(-1, graph.number(outside, Attribute.UTSNS), "one that did not is where its tasks say");
    }

    @Test
    void theEnvironmentIsNamedNotTold() {
        look(graph -> {
            List<String> names = graph.environment(work + "/by-another-user");
            assertTrue(names.contains("HEADWATER_TEST"), names::toString);
            assertFalse(names.stream().anyMatch(name -> name.contains("secret") || name.contains("=")), names::toString);
        });
    }

    @Test
    void oneMachineRanItAll() {
        look(graph -> {
            List<Long> machines = graph.machines(work + "/by-another-user");
            assertEquals(1, machines.size());
            assertEquals("Linux", graph.text(machines.getFirst(), Attribute.SYSNAME));
            assertFalse(graph.text(machines.getFirst(), Attribute.BOOT_ID).isEmpty());
        });
    }

    @Test
    void aFileThatWasMadeSaysWhenAndWhere() {
        look(graph -> {
            long file = graph.file(work + "/by-set-uid");
            assertTrue(graph.number(file, Attribute.CREATED) > 0);
            assertEquals(1, graph.number(file, Attribute.LINKS));
            assertFalse(graph.text(file, Attribute.FS_TYPE).isEmpty());
        });
    }
}
