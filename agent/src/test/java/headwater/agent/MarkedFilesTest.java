// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FileMarks;
import headwater.capture.Mark;
import headwater.capture.Marks;
import headwater.capture.OnLoss;
import headwater.capture.Policy;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks of files outlive sessions and mounts: on an ext4 file system of the test's own, each session with another device number. */
class MarkedFilesTest {
    private static final long TAINT = 1L << 40 | 2;

    @TempDir
    Path folder;

    private Path disk;
    private Path store;
    private boolean mounted;

    @BeforeEach
    void make() throws Exception {
        disk = Files.createDirectory(folder.toRealPath().resolve("disk"));
        store = folder.resolve("store");
        execute("truncate", "-s", "16M", folder.resolve("image").toString());
        execute("mkfs.ext4", "-q", "-F", folder.resolve("image").toString());
        mount();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            execute("umount", disk.toString());
            mounted = false;
        }
    }

    private void mount() throws Exception {
        execute("mount", "-o", "loop", folder.resolve("image").toString(), disk.toString());
        mounted = true;
    }

    /** What was the first free loop device is another's now, if there is room for one more. */
    private void mountElsewhere() throws Exception {
        Path other = folder.resolve("other");
        if (!Files.exists(other)) {
            execute("truncate", "-s", "16M", other.toString());
            execute("mkfs.ext4", "-q", "-F", other.toString());
            Files.createDirectory(folder.resolve("other-disk"));
        }
        unmount();
        execute("mount", "-o", "loop", other.toString(), folder.resolve("other-disk").toString());
        try {
            mount();
        } finally {
            execute("umount", "-l", folder.resolve("other-disk").toString());
        }
    }

    private static void execute(String... words) throws Exception {
        Process process = new ProcessBuilder(words).inheritIO().start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, String.join(" ", words));
    }

    private Recording.Figures session(Policy policy, String script, Consumer<Recording> prepare) throws IOException {
        List<byte[]> command = CommandRun.words(List.of("sh", "-ec", "cd " + disk + "\n" + script));
        try (Store opened = Store.openForWriting(store, "test");
                Recording recording = Recording.start(opened, new Recording.Plan(TestedFrontEnd.get(), false, "sh", 1 << 22, OnLoss.RECORD,
                        Recording.Environment.NONE, null, policy));
                GatedCommand gated = GatedCommand.start(command)) {
            prepare.accept(recording);
            recording.adopt(gated.pid());
            gated.release();
            Idle idle = new Idle(recording::sleep);
            while (gated.isAlive()) {
                idle.idle(recording.doWork(), recording.pending());
            }
            recording.stop();
            assertEquals(0, gated.status());
            return recording.figures();
        }
    }

    private long taint(String name) throws IOException {
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            long[] objects = view.find(Attribute.NAME, disk.resolve(name).toString().getBytes());
            return objects.length == 0 ? 0 : view.attributes(objects[objects.length - 1]).number(Attribute.TAINT, 0);
        }
    }

    @Test
    void marksAndTaintOutliveSessionsAndMounts() throws Exception {
        Files.writeString(disk.resolve("source"), "secret\n");
        Files.writeString(disk.resolve("other"), "harmless\n");
        session(Policy.TRACKED, "cat source >middle\ncat other >left", recording -> {
            FileMarks marked = recording.mark(disk.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of());
            assertTrue(Recording.lasts(marked));
            assertEquals(Marks.PROPAGATE.tainted(TAINT), marked.marks());
            assertTrue(recording.marks(disk.resolve("other")).marks().isEmpty());
        });
        assertEquals(TAINT, taint("middle"));
        mountElsewhere();
        // What the taint has spread to has it still, as what was marked by hand has.
        session(Policy.TRACKED, "cat middle | cat >sink\ncat other >right", recording -> {
            assertEquals(TAINT, recording.marks(disk.resolve("middle")).marks().taint());
            assertEquals(Marks.PROPAGATE.tainted(TAINT), recording.marks(disk.resolve("source")).marks());
        });
        assertEquals(TAINT, taint("sink"));
        assertEquals(0, taint("right"));
    }

    @Test
    void clearedMarksStayCleared() throws Exception {
        Files.writeString(disk.resolve("source"), "plain\n");
        session(Policy.TRACKED, ":", recording -> recording.mark(disk.resolve("source"), Marks.PROPAGATE, Set.of()));
        mountElsewhere();
        session(Policy.TRACKED, ":", recording -> {
            assertTrue(recording.marks(disk.resolve("source")).marks().has(Mark.PROPAGATE));
            recording.mark(disk.resolve("source"), Marks.NONE, Set.of(Mark.TRACKED, Mark.PROPAGATE));
            assertTrue(recording.marks(disk.resolve("source")).marks().isEmpty());
        });
        mountElsewhere();
        Recording.Figures figures = session(Policy.TRACKED, "cat source >sink",
                recording -> assertTrue(recording.marks(disk.resolve("source")).marks().isEmpty()));
        assertEquals(0, figures.records());
    }

    @Test
    void opaqueFileStaysOpaque() throws Exception {
        Files.writeString(disk.resolve("source"), "private\n");
        session(Policy.EVERYTHING, ":", recording -> recording.mark(disk.resolve("source"), Marks.OPAQUE, Set.of()));
        mountElsewhere();
        session(Policy.EVERYTHING, "cat source | cat >sink", recording -> { });
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            for (long object : view.find(Attribute.NAME, disk.resolve("source").toString().getBytes())) {
                for (long version : view.versions(object)) {
                    view.effects(version, (edge, relation, other, time) -> {
                        assertEquals(object, view.object(other), "out of the opaque file by " + relation);
                        return true;
                    });
                }
            }
        }
    }

    @Test
    void whatWasOnlyOpenedBySomebodyTrackedIsNotTrackedForEver() throws Exception {
        Files.writeString(disk.resolve("source"), "plain\n");
        session(Policy.TRACKED.with(new headwater.capture.Target.User(0), Marks.TRACK), "cat source >sink",
                recording -> { });
        mountElsewhere();
        assertEquals(0, session(Policy.TRACKED, "cat source >again", recording -> { }).records());
    }

    @Test
    void fileSystemWithoutLastingNumbersSaysSo() throws Exception {
        Path volatileFile = Files.createTempFile(Path.of("/dev/shm"), "headwater", "");
        try {
            session(Policy.TRACKED, ":", recording -> assertFalse(Recording.lasts(
                    recording.mark(volatileFile, Marks.TRACK, Set.of()))));
        } finally {
            Files.delete(volatileFile);
        }
    }
}
