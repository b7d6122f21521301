// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.GraphView;
import headwater.store.index.Indexer;
import headwater.store.index.StoreView;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph is the same whichever segments it lies in, whatever became of them, and beside a writer. */
class SegmentsTest {
    @TempDir
    private Path temp;

    @Test
    void shouldShowTheSameGraphWhicheverSegmentsItLiesIn() throws IOException {
        for (int round = 0; round < 8; round++) {
            long seed = System.nanoTime();
            System.out.println("SegmentsTest random seed=" + seed);
            Random random = new Random(seed);
            Path path = temp.resolve("store-" + round);
            RandomEvents events = new RandomEvents(seed);
            ReferenceGraph reference = new ReferenceGraph();
            int writers = 1 + random.nextInt(5);
            int most = 0;
            for (int i = 0; i < writers; i++) {
                try (Store store = open(path, 1 + random.nextInt(300)); Store reader = Store.openForReading(path)) {
                    Tee tee = new Tee(store.writer(), reference);
                    for (int part = random.nextInt(12); part > 0; part--) {
                        store.indexLater(random.nextInt(3) == 0);
                        events.feed(1 + random.nextInt(120), tee);
                        store.writer().flush();
                        if (random.nextInt(4) == 0) {
                            store.refreshIndex();
                        }
                        if (random.nextInt(3) == 0) {
                            most = Math.max(most, same(reader, reference));
                        }
                    }
                    events.finish(tee);
                    store.writer().flush();
                    same(store, reference);
                }
                if (random.nextInt(4) == 0) {
                    lose(path.resolve("index"), random);
                }
                same(Store.openForReading(path), reference);
            }
            assertTrue(most <= 24, "segments=" + most);
        }
    }

    @Test
    void shouldBoundTheNumberOfSegments() {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(11);
        try (Store store = open(temp, 50)) {
            Tee tee = new Tee(store.writer(), reference);
            for (int i = 0; i < 60; i++) {
                events.feed(100, tee);
                store.writer().flush();
                if (i % 10 == 9) {
                    store.refreshIndex();
                    try (StoreView view = store.view()) {
                        assertTrue(view.segments() <= 10, "segments=" + view.segments());
                    }
                }
            }
            same(store, reference);
        }
        try (StoreView view = Store.openForReading(temp).view()) {
            assertTrue(view.segments() <= 7, "segments=" + view.segments());
            reference.assertSame(view);
        }
    }

    @Test
    void shouldAnswerRightOrRebuildWhateverByteIsWrong() throws IOException {
        long seed = System.nanoTime();
        System.out.println("SegmentsTest damage seed=" + seed);
        Random random = new Random(seed);
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(seed);
        for (int i = 0; i < 3; i++) {
            try (Store store = open(temp, 10_000)) {
                Tee tee = new Tee(store.writer(), reference);
                events.feed(150, tee);
                events.finish(tee);
            }
        }
        same(Store.openForReading(temp), reference);
        for (Path file : files(temp.resolve("index"))) {
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < 12 && whole.length > 0; i++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
                put(file, damaged);
                same(Store.openForReading(temp), reference);
                put(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
                same(Store.openForReading(temp), reference);
            }
            put(file, whole);
        }
    }

    @Test
    void shouldSayThatItRebuiltADamagedSegmentAndOnlyThat() throws IOException {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(5);
        for (int i = 0; i < 3; i++) {
            try (Store store = open(temp, 1 << 20)) {
                Tee tee = new Tee(store.writer(), reference);
                events.feed(500, tee);
                events.finish(tee);
            }
        }
        List<Path> before = sealed();
        assertEquals(3, before.size());
        put(before.get(1), new byte[5_000]);
        Object first = Files.getAttribute(before.get(0), "unix:ino");
        try (StoreView view = Store.openForReading(temp).view()) {
            assertEquals(1, view.notices().size(), view.notices().toString());
            assertTrue(view.notices().getFirst().contains(before.get(1).toString()), view.notices().toString());
            reference.assertSame(view);
        }
        try (StoreView view = Store.openForReading(temp).view()) {
            assertEquals(List.of(), view.notices());
            assertEquals(3, view.segments());
        }
        assertEquals(before, sealed());
        assertEquals(first, Files.getAttribute(before.get(0), "unix:ino"));
    }

    @Test
    void shouldPassOverAnIndexOfAnotherStoreOrOfALogThatWasCut() throws IOException {
        Path other = temp.resolve("other");
        try (Store store = open(other, 1 << 20)) {
            new RandomEvents(3).feed(500, store.writer());
        }
        Path path = temp.resolve("store");
        ReferenceGraph reference = new ReferenceGraph();
        long cutAt;
        try (Store store = open(path, 1 << 20)) {
            RandomEvents events = new RandomEvents(4);
            events.feed(500, new Tee(store.writer(), reference));
            store.writer().sync();
            cutAt = Files.size(path.resolve("log/00000001.hwlog"));
            events.feed(500, store.writer());
        }
        try (RandomAccessFile log = new RandomAccessFile(path.resolve("log/00000001.hwlog").toFile(), "rw")) {
            log.setLength(cutAt);
        }
        same(Store.openForReading(path), reference);
        for (Path file : files(other.resolve("index"))) {
            put(path.resolve("index").resolve(file.getFileName()), Files.readAllBytes(file));
        }
        same(Store.openForReading(path), reference);
    }

    @Test
    void shouldKeepItsSnapshotWhileTheWriterGoesOn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("SegmentsTest snapshot seed=" + seed);
        record Seen(StoreView view, ReferenceGraph graph) {
        }
        RandomEvents events = new RandomEvents(seed);
        List<Seen> seen = new ArrayList<>();
        try (Store store = open(temp, 900)) {
            for (int i = 0; i < 12; i++) {
                events.feed(200, store.writer());
                store.writer().flush();
                ReferenceGraph upToHere = new ReferenceGraph();
                store.log().replay(upToHere);
                seen.add(new Seen(store.view(), upToHere));
            }
            store.refreshIndex();
        }
        for (Seen one : seen) {
            one.graph().assertSame(one.view());
            one.view().close();
        }
    }

    @Test
    void shouldBeReadWhileItIsWritten() throws Exception {
        long seed = System.nanoTime();
        System.out.println("SegmentsTest concurrent seed=" + seed);
        Checker checker = new Checker();
        Thread[] readers = new Thread[2];
        try (Store store = open(temp, 20_000)) {
            RandomEvents events = new RandomEvents(seed);
            events.feed(1_000, store.writer());
            store.writer().flush();
            for (int i = 0; i < readers.length; i++) {
                readers[i] = new Thread(() -> checker.read(temp));
                readers[i].start();
            }
            for (int i = 0; i < 60; i++) {
                events.feed(700, store.writer());
                store.writer().flush();
            }
            checker.stop = true;
            for (Thread reader : readers) {
                reader.join();
            }
        }
        checker.verify(temp);
    }

    /** Takes sums of what a view shows while the writer writes, to be compared with those of the log up to the same block. */
    private static final class Checker {
        private record Sum(long block, long nodes, long edges, long sum) {
        }

        private final List<Sum> sums = new ArrayList<>();
        private volatile boolean stop;
        private Throwable thrown;

        void read(Path path) {
            try {
                while (!stop) {
                    try (StoreView view = Store.openForReading(path).view()) {
                        Sum first = sum(view);
                        assertEquals(first, sum(view));
                        synchronized (sums) {
                            sums.add(first);
                        }
                    }
                }
            } catch (Throwable e) {
                thrown = e;
            }
        }

        private static Sum sum(StoreView view) {
            long[] sum = new long[1];
            long from = Math.max(0, view.nodes() - 300);
            for (long node = from; node < view.nodes(); node++) {
                sum[0] = 31 * sum[0] + view.object(node) + 7L * view.version(node) + view.timeNs(node);
                GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> {
                    sum[0] = 31 * sum[0] + edge * 3 + relation.code() + other * 5 + timeNs;
                    return true;
                };
                view.causes(node, visitor);
                view.effects(node, visitor);
                sum[0] += view.versions(view.object(node)).length;
                sum[0] += view.attributes(view.object(node)).known().hashCode();
            }
            return new Sum(view.position().block(), view.nodes(), view.edges(), sum[0]);
        }

        void verify(Path path) throws Exception {
            if (thrown != null) {
                throw new AssertionError(thrown);
            }
            assertFalse(sums.isEmpty());
            System.out.println("SegmentsTest sums=" + sums.size());
            List<Sum> some = sums.stream().distinct().sorted((a, b) -> Long.compare(a.block(), b.block())).toList();
            for (int i = 0; i < some.size(); i += 1 + some.size() / 20) {
                Sum before = some.get(i);
                Path copy = path.resolve("copy-" + i);
                try (Store store = open(copy, 1 << 20)) {
                    Store.openForReading(path).log().replay(Store.openForReading(path).log().start(),
                            at -> at.block() < before.block(), store.writer());
                }
                try (StoreView view = Store.openForReading(copy).view()) {
                    Sum after = sum(view);
                    assertEquals(new Sum(0, before.nodes(), before.edges(), before.sum()),
                            new Sum(0, after.nodes(), after.edges(), after.sum()));
                }
            }
        }
    }

    @Test
    void shouldTakeEmptyAndTinyStores() {
        ReferenceGraph reference = new ReferenceGraph();
        try (Store store = open(temp, 10)) {
            same(store, reference);
            store.refreshIndex();
            same(store, reference);
        }
        for (int i = 0; i < 5; i++) {
            try (Store store = open(temp, 10)) {
                new RandomEvents(i).feed(i == 0 ? 1 : 0, new Tee(store.writer(), reference));
            }
            same(Store.openForReading(temp), reference);
        }
    }

    @Test
    void shouldKeepAtMostTheSealedSegmentsAfterClosing() throws IOException {
        try (Store store = open(temp, 100)) {
            new RandomEvents(1).feed(1_000, store.writer());
        }
        for (Path file : files(temp.resolve("index"))) {
            String name = file.getFileName().toString();
            assertTrue(name.endsWith(".hwsealed") || name.equals("MANIFEST") || name.equals("LOCK"), name);
        }
        assertEquals(8 << 20, Indexer.HOT_EVENTS);
    }

    private static void lose(Path index, Random random) throws IOException {
        for (Path file : files(index)) {
            if (random.nextBoolean()) {
                Files.delete(file);
            }
        }
    }

    private static void put(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
    }

    private List<Path> sealed() throws IOException {
        return files(temp.resolve("index")).stream().filter(file -> file.toString().endsWith(".hwsealed")).toList();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static int same(Store store, ReferenceGraph reference) {
        try (StoreView view = store.view()) {
            reference.assertSame(view);
            return view.segments();
        }
    }

    private static Store open(Path path, int hotEvents) {
        return Store.openForWriting(path, "test", SegmentFile.Opener.FILES, 200_000, Clock.systemUTC(), hotEvents);
    }

}
