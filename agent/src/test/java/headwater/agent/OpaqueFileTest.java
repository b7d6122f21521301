// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who leaves the record by the store's file, in a capture of the test's own processes on this machine's kernel. */
class OpaqueFileTest {
    @TempDir
    Path folder;

    /** Records a script under {@code sh}, whose {@code $1} is the file that makes opaque; the records lost. */
    private long record(String script) throws IOException {
        Path path = folder.resolve("store");
        Files.writeString(folder.resolve("source"), "secret\n");
        List<byte[]> command = CommandRun.words(List.of("sh", "-c", "cd " + folder + "\n" + script, "sh",
                OpaqueFile.of(path).toString()));
        try (Store store = Store.openForWriting(path, "test"); OpaqueFile opaque = OpaqueFile.create(path);
                Recording recording = Recording.start(store, new Recording.Plan(FrontEnd.TRACE, false, "sh", 1 << 22));
                GatedCommand gated = GatedCommand.start(command)) {
            recording.opaque(opaque);
            recording.adopt(gated.pid());
            gated.release();
            Idle idle = new Idle(recording::sleep);
            while (gated.isAlive()) {
                idle.idle(recording.doWork(), recording.pending());
            }
            recording.stop();
            assertEquals(0, gated.status());
            assertEquals(0, recording.figures().processes(), "every process that was followed is known to have ended");
            return recording.figures().lost();
        }
    }

    private GraphView view() {
        return Store.openForReading(folder.resolve("store")).view();
    }

    private boolean recorded(GraphView view, String name) {
        return view.find(Attribute.NAME, folder.resolve(name).toString().getBytes()).length > 0;
    }

    private static long marks(GraphView view) {
        long marks = 0;
        for (long node = 0; node < view.nodes(); node++) {
            long object = view.object(node);
            byte[] value = view.kind(object) == NodeKind.STRING ? view.attributes(object).bytes(Attribute.VALUE) : null;
            marks += value != null && new String(value).equals("left the record") ? 1 : 0;
        }
        return marks;
    }

    @Test
    void whoOpensItForWritingLeavesWithAllThatItStartsAndThisIsRecorded() throws IOException {
        assertEquals(0, record("cat source >before\n(true >>\"$1\"; cat source >after; sh -c 'cat source >executed')\n"
                + "cat source >beside\n"));
        try (GraphView view = view()) {
            assertTrue(recorded(view, "before"));
            assertTrue(recorded(view, "beside"), "the parent has not left");
            assertFalse(recorded(view, "after"));
            assertFalse(recorded(view, "executed"));
            assertEquals(1, marks(view));
            assertTrue(view.gaps().isEmpty(), () -> "gaps: " + view.gaps());
        }
    }

    @Test
    void theMarkOutlastsAnExec() throws IOException {
        assertEquals(0, record("(true >>\"$1\"; exec sh -c 'cat source >executed; exec cp source copied')\n"));
        try (GraphView view = view()) {
            assertFalse(recorded(view, "executed"));
            assertFalse(recorded(view, "copied"));
            assertEquals(1, marks(view));
        }
    }

    @Test
    void whoReadsItStays() throws IOException {
        assertEquals(0, record("cat \"$1\" source >read\ncp -r store copy\ngrep -r Headwater store >found\n"));
        try (GraphView view = view()) {
            assertTrue(recorded(view, "read"));
            assertTrue(recorded(view, "copy/opaque"));
            assertTrue(recorded(view, "found"));
            assertEquals(0, marks(view));
        }
    }

    @Test
    void whoMayNotOpenItStays() throws IOException {
        assertEquals(0, record("chmod 777 .\nchmod 711 store\nsetpriv --reuid 65534 --regid 65534 --clear-groups sh -c '"
                + "for i in 1 2; do if { true >>\"$1\"; } 2>/dev/null || { true <\"$1\"; } 2>/dev/null; then exit 9; fi; done\n"
                + "cat source >nobody' sh \"$1\"\n"));
        try (GraphView view = view()) {
            assertTrue(recorded(view, "nobody"));
            assertEquals(0, marks(view));
        }
    }

    @Test
    void aNewOneReplacesWhateverIsThere() throws IOException {
        Path file = OpaqueFile.of(folder);
        Path other = folder.resolve("other");
        Files.writeString(other, "somebody's\n");
        Files.createSymbolicLink(file, other);
        OpaqueFile.create(folder).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertFalse(Files.isSymbolicLink(file));
        assertEquals("somebody's\n", Files.readString(other));
        try (OpaqueFile held = OpaqueFile.create(folder)) {
            assertTrue(held.descriptor() >= 0);
            Object before = Files.getAttribute(file, "unix:ino");
            OpaqueFile.create(folder).close();
            assertNotEquals(before, Files.getAttribute(file, "unix:ino"), "the inode of one that is held is given to no other");
        }
        String says = Files.readString(file);
        assertEquals(1, says.lines().count());
        OpaqueFile.enter(folder);
        assertEquals(says, Files.readString(file));
    }
}
