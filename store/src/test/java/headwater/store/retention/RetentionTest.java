// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.RandomEvents;
import headwater.store.SealedStores;
import headwater.store.Store;
import headwater.store.Tee;
import headwater.store.index.StoreView;
import headwater.store.log.LogPosition;
import headwater.store.seal.DropStatement;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a store whose beginning was dropped is what the whole store says of it. */
class RetentionTest {
    @TempDir
    private Path temp;

    @Test
    void shouldSayOfWhatIsLeftWhatTheWholeStoreSays() throws IOException {
        for (int round = 0; round < 6; round++) {
            long seed = System.nanoTime();
            System.out.println("RetentionTest seed=" + seed);
            round(temp.resolve("store-" + round), seed);
        }
    }

    private void round(Path path, long seed) throws IOException {
        Random random = new Random(seed);
        RandomEvents events = new RandomEvents(seed);
        KeptGraph reference = new KeptGraph();
        reference.blocks(0);
        Set<Long> inUse = new HashSet<>();
        int drops = 0;
        for (int opening = 0; opening < 3; opening++) {
            inUse.clear();
            try (Store store = SealedStores.open(path, 2_000 + random.nextInt(4_000)); Store reader = Store.openForReading(path)) {
                Tee tee = new Tee(store.writer(), reference);
                for (int part = 0; part < 25; part++) {
                    events.feed(1 + random.nextInt(60), tee);
                    store.writer().sync();
                    reference.blocks(store.writer().durable().block());
                    if (random.nextInt(3) == 0) {
                        store.sealer().work();
                    }
                    if (random.nextInt(8) == 0) {
                        store.refreshIndex();
                    }
                    if (random.nextInt(6) == 0) {
                        if (drop(store, random, inUse)) {
                            drops++;
                            speakOfWhatIsKnown(store, events);
                        }
                        same(store, reference, inUse);
                        same(reader, reference, inUse);
                    }
                }
                events.endSession(tee);
                store.writer().sync();
                reference.blocks(store.writer().durable().block());
            }
            if (random.nextBoolean()) {
                delete(path.resolve("index"));
            }
            same(Store.openForReading(path), reference, inUse);
            Report report = Verifier.verify(path, null, List.of());
            assertTrue(report.allSigned(), report::toString);
            assertEquals(drops, report.dropped() == null ? 0 : report.dropped().statements());
        }
        assertTrue(drops > 0, "nothing was dropped");
    }

    private static boolean drop(Store store, Random random, Set<Long> inUse) throws IOException {
        long size;
        try (Stream<Path> files = Files.list(store.path().resolve("log"))) {
            size = files.mapToLong(file -> file.toFile().length()).sum();
        }
        RetentionPlan plan = store.retentionPlan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, random.nextLong(size)), 0);
        Set<Long> now = new HashSet<>();
        if (plan.segments() > 0) {
            try (StoreView view = store.view()) {
                for (int i = 0; i < 5; i++) {
                    long object = view.nextObject(random.nextLong(view.objects()));
                    now.add(object);
                }
            }
        }
        LogPosition before = store.log().start();
        DropStatement statement = store.drop(plan, (objects, nodes) -> now.forEach(objects::accept));
        if (statement == null) {
            assertEquals(before, store.log().start());
            return false;
        }
        inUse.clear();
        inUse.addAll(now);
        assertEquals(before.segment(), statement.range().firstSegment());
        assertEquals(plan.end(), store.log().start());
        return true;
    }

    /** As a capture does, that has nothing else in use. */
    private static void speakOfWhatIsKnown(Store store, RandomEvents events) {
        try (StoreView view = store.view()) {
            Set<Long> nodes = new HashSet<>();
            Set<Long> objects = new HashSet<>();
            long endNode = view.dropped().nodes();
            long endObject = view.dropped().objects();
            for (long node = view.nextNode(0); node < endNode; node = view.nextNode(node + 1)) {
                nodes.add(node);
            }
            for (long object = view.nextObject(0); object < endObject; object = view.nextObject(object + 1)) {
                objects.add(object);
            }
            events.speakOf(node -> node >= endNode || nodes.contains(node), object -> object >= endObject || objects.contains(object));
        }
    }

    private static void same(Store store, KeptGraph reference, Set<Long> inUse) {
        try (StoreView view = store.view()) {
            assertEquals(List.of(), view.notices());
            reference.assertSame(view, store.log().start(), inUse);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
