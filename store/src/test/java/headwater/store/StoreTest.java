// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

    @TempDir
    private Path temp;

    @Test
    void shouldReadBackWhatWasWrittenAsOverlayIndexAndMixture() {
        for (int round = 0; round < 6; round++) {
            long seed = System.nanoTime();
            System.out.println("StoreTest seed=" + seed);
            Path path = temp.resolve("store-" + round);
            RandomEvents events = new RandomEvents(seed);
            ReferenceGraph reference = new ReferenceGraph();
            try (Store store = open(path, 20_000)) {
                Tee tee = new Tee(store.writer(), reference);
                assertView(store, reference);
                for (int part = 0; part < 4; part++) {
                    events.feed(1 + (int) (seed >>> 8 * part & 0x3ff), tee);
                    store.writer().flush();
                    assertView(store, reference);
                    if ((part & 1) == 0) {
                        store.refreshIndex();
                        assertView(store, reference);
                    }
                }
            }
            try (Store reader = Store.openForReading(path)) {
                assertView(reader, reference);
                ReferenceGraph replayed = new ReferenceGraph();
                reader.log().replay(replayed);
                assertEquals(reference.events(), replayed.events());
            }
        }
    }

    @Test
    void shouldSayWhoHoldsTheStore() throws IOException {
        try (Store store = open(temp, LogFormat.SEGMENT_BYTES)) {
            StoreBusyException busy = assertThrows(StoreBusyException.class,
                    () -> Store.openForWriting(temp, "second"));
            assertTrue(busy.getMessage().contains("pid=" + ProcessHandle.current().pid()), busy.getMessage());
            assertTrue(busy.getMessage().contains("command=test"), busy.getMessage());
            assertThrows(StoreBusyException.class, () -> Store.openForWriting(temp.resolve("../" + temp.getFileName()),
                    "x"));
            assertTrue(Files.readString(store.path().resolve("LOCK")).startsWith("pid="));
        }
        Store.openForWriting(temp, "third").close();
    }

    @Test
    void shouldContinueFromWhereTheLastCaptureEnded() {
        try (Store store = open(temp, LogFormat.SEGMENT_BYTES)) {
            ContinuationState empty = store.continuation();
            assertEquals(0, empty.nextNode());
            assertEquals(1, empty.nextSession());
            assertEquals(1, empty.bootNumber("a"));
            store.writer().sessionStart(new Session(1, "a", 1, 7, "lsm", "system", "", 5, 0));
            store.writer().node(0, 0, 0, NodeKind.FILE, 6);
            store.writer().node(1, 1, 0, NodeKind.TASK, 7);
            store.writer().node(2, 0, 1, NodeKind.FILE, 8);
            store.writer().attribute(0, Attribute.PID, 42, 8);
            store.writer().sessionEnd(9);
        }
        try (Store store = Store.openForWriting(temp, "again")) {
            ContinuationState state = store.continuation();
            assertEquals(2, state.nextObject());
            assertEquals(3, state.nextNode());
            assertEquals(0, state.nextEdge());
            assertEquals(2, state.nextSession());
            assertEquals(1, state.bootNumber("a"));
            assertEquals(2, state.bootNumber("b"));
            assertEquals(2, state.currentNode(0));
            assertEquals(1, state.currentNode(1));
            assertEquals(3, store.writer().nextNode());
        }
    }

    @Test
    void shouldNoteThatASessionHasNoEnd() {
        try (Store store = open(temp, LogFormat.SEGMENT_BYTES)) {
            store.writer().sessionStart(new Session(1, "a", 1, 7, "lsm", "system", "", 5, 0));
            store.writer().node(0, 0, 0, NodeKind.FILE, 60);
        }
        for (int i = 0; i < 2; i++) {
            try (Store store = open(temp, LogFormat.SEGMENT_BYTES); GraphView view = store.view()) {
                assertEquals(List.of(new Gap(Gap.Cause.UNCLEAN_END, -1, 60, 1_800_000_000_000_000_000L, 0)),
                        view.gaps());
                assertEquals(0, view.sessions().getFirst().endNs());
                assertFalse(store.writer().sessionOpen());
            }
        }
    }

    @Test
    void shouldSayWhereThereIsNoStore() {
        StoreException none = assertThrows(StoreException.class, () -> Store.openForReading(temp.resolve("none")));
        assertTrue(none.getMessage().contains("none"), none.getMessage());
    }

    @Test
    void shouldNameAStoreThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        for (Path path : List.of(file, file.resolve("store"), Path.of("/proc/self/store"))) {
            String message = assertThrows(UncheckedIOException.class,
                    () -> Store.openForWriting(path, "x")).getMessage();
            assertTrue(message.contains("store=" + path + ", cause="), message);
        }
    }

    @Test
    void shouldKeepTheStoreFromOthers() throws IOException {
        Path path = temp.resolve("a/b/store");
        try (Store store = open(path, LogFormat.SEGMENT_BYTES)) {
            store.writer().gap(new Gap(Gap.Cause.MAP_FULL, 0, 1, 2, 3));
            store.writer().sync();
            store.refreshIndex();
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                String want = Files.isDirectory(file) ? "rwx------" : "rw-------";
                assertEquals(want, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            }
        }
    }

    @Test
    void shouldReadFromAnyBlockOn() {
        ReferenceGraph reference = new ReferenceGraph();
        List<LogPosition> positions = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        try (Store store = open(temp, 2_000); Store reading = Store.openForReading(temp)) {
            RandomEvents events = new RandomEvents(7);
            positions.add(reading.log().start());
            counts.add(0);
            for (int i = 0; i < 12; i++) {
                events.feed(40, new Tee(store.writer(), reference));
                store.writer().flush();
                EventCounter part = new EventCounter();
                positions.add(reading.log().replay(positions.getLast(), part));
                assertEquals(reference.events().size() - counts.getLast(), part.count());
                counts.add(reference.events().size());
            }
            for (int i = 0; i < positions.size(); i++) {
                assertTrue(reading.log().holds(positions.get(i)));
                EventCounter rest = new EventCounter();
                LogPosition end = reading.log().replay(positions.get(i), rest);
                assertEquals(positions.getLast(), end);
                assertEquals(reference.events().size() - counts.get(i), rest.count());
            }
            assertTrue(positions.getLast().segment() > 2);
        }
    }

    @Test
    void shouldReadBesideAWriter() {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(5);
        try (Store writing = open(temp, 3_000); Store reading = Store.openForReading(temp)) {
            for (int i = 0; i < 20; i++) {
                events.feed(50, new Tee(writing.writer(), reference));
                writing.writer().flush();
                assertView(reading, reference);
            }
        }
        assertTrue(Files.exists(temp.resolve("log/00000003.hwlog")));
    }

    private List<Path> indexFiles() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("index"))) {
            return files.toList();
        }
    }

    private static void assertView(Store store, ReferenceGraph reference) {
        try (GraphView view = store.view()) {
            reference.assertSame(view);
        }
    }

    private static Store open(Path path, long segmentBytes) {
        return Store.openForWriting(path, "test", SegmentFile.Opener.FILES, segmentBytes, CLOCK);
    }
}
