// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import headwater.agent.CommandRun;
import headwater.agent.NodeLookup;
import headwater.agent.Recording;
import headwater.capture.FrontEnd;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.FileNow;
import headwater.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code camflow --file} and {@code --process} find, in a store that was recorded on this machine's kernel. Needs root. */
class StoreLookupTest {
    @TempDir
    Path folder;

    @Test
    void findsTheNewestNodeOfWhatAPathOrAnIdNamesNow() throws IOException {
        Path path = folder.resolve("store");
        String script = "cd " + folder + "\necho $$ >pid\necho secret >source\ncat source >old\ncat source >moved\nmv moved target\n"
                + "cat source >>target\ncat target >last\ncat source >>target\ntrue";
        try (Store store = Store.openForWriting(path, "test")) {
            assertEquals(0, CommandRun.run(store, new Recording.Plan(FrontEnd.TRACE, false, "sh", 1 << 22),
                    CommandRun.words(List.of("sh", "-c", script))).status());
        }
        NodeLookup lookup = new StoreLookup(new Context(new ByteArrayOutputStream(), new PrintStream(new ByteArrayOutputStream()), Map.of(),
                Clock.systemUTC(), new StoreBinding(), FileNow::onThisMachine));
        try (GraphView view = Store.openForReading(path).view()) {
            NodeLookup.Node file = lookup.file(path, folder + "/target").orElseThrow();
            long object = view.find(Attribute.NAME, (folder + "/target").getBytes())[0];
            long[] versions = view.versions(object);
            assertEquals("file", file.type());
            assertEquals(versions.length - 1, file.version(), "the newest");
            assertNotEquals(0, file.version());
            assertEquals(44, file.identifier().length());
            assertEquals(view.sessions().getFirst().machineId(), file.machine());
            assertEquals(NodeKind.FILE.typeWord(), file.typeWord());

            int pid = Integer.parseInt(Files.readString(folder.resolve("pid")).strip());
            NodeLookup.Node process = lookup.process(path, pid).orElseThrow();
            assertEquals("process_memory", process.type());
            assertNotEquals(file.identifier(), process.identifier());
            assertNotEquals(file.id(), process.id());
        }
        Files.createFile(folder.resolve("never-met"));
        assertEquals(Optional.empty(), lookup.file(path, folder + "/never-met"));
        assertEquals(Optional.empty(), lookup.process(path, (int) ProcessHandle.current().pid()), "it is never recorded");
    }

    @Test
    void anotherFileOfTheSameNameIsNotTaken() throws IOException {
        Path path = folder.resolve("store");
        try (Store store = Store.openForWriting(path, "test")) {
            assertEquals(0, CommandRun.run(store, new Recording.Plan(FrontEnd.TRACE, false, "sh", 1 << 22), CommandRun.words(
                    List.of("sh", "-c", "cd " + folder + "; echo a >name; mv name kept; echo b >name"))).status());
        }
        NodeLookup lookup = new StoreLookup(new Context(new ByteArrayOutputStream(), new PrintStream(new ByteArrayOutputStream()), Map.of(),
                Clock.systemUTC(), new StoreBinding(), FileNow::onThisMachine));
        NodeLookup.Node kept = lookup.file(path, folder + "/kept").orElseThrow();
        NodeLookup.Node named = lookup.file(path, folder + "/name").orElseThrow();
        assertNotEquals(kept.id(), named.id());
    }
}
