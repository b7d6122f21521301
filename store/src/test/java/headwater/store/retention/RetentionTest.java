// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.store.RandomEvents;
import headwater.store.SealedStores;
import headwater.store.Store;
import headwater.store.Tee;
import headwater.store.index.StoreView;
import headwater.store.log.LogPosition;
import headwater.store.log.SegmentFile;
import headwater.store.seal.DropStatement;
import headwater.store.seal.Statement;
import headwater.store.seal.StatementFiles;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
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
                        if (drop(store, reference, events.timeNs(), random, inUse)) {
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

    private static boolean drop(Store store, KeptGraph reference, long lastNs, Random random, Set<Long> inUse)
            throws IOException {
        RetentionPlan plan = random.nextBoolean() ? bySize(store, random) : byAge(store, reference, lastNs + 1, random);
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

    private static RetentionPlan bySize(Store store, Random random) throws IOException {
        long size;
        try (Stream<Path> files = Files.list(store.path().resolve("log"))) {
            size = files.mapToLong(file -> file.toFile().length()).sum();
        }
        return store.retentionPlan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, random.nextLong(size)), 0);
    }

    /** Plans by two ages, and compares the plan with what it must be by all that was ever written. */
    private static RetentionPlan byAge(Store store, KeptGraph reference, long now, Random random) throws IOException {
        Attribute attribute = random.nextBoolean() ? Attribute.UID : Attribute.SIZE;
        long below = random.nextInt(12);
        Map<Long, Long> newest = reference.newest(attribute);
        Importance important = view -> node -> view.attributes(view.object(node)).number(attribute, 99) < below;
        long start = store.log().start().timeNs();
        long span = Math.max(1, now - Math.max(start, RandomEvents.FIRST_NS));
        long importantAge = random.nextInt(4) == 0 ? RetentionPolicy.UNBOUNDED : random.nextLong(span);
        RetentionPolicy policy = new RetentionPolicy(random.nextLong(span), RetentionPolicy.UNBOUNDED, important, importantAge);
        RetentionPlan plan = store.retentionPlan(policy, now);
        int end = plan.end().segment();
        int bound = StatementFiles.newest(store.log().directory()).map(Statement::segment).orElse(0);
        for (int segment = store.log().start().segment(); segment < Math.min(bound, end + 1); segment++) {
            LogPosition from = store.log().segmentStart(segment);
            LogPosition to = store.log().segmentStart(segment + 1);
            boolean old = to.timeNs() < now - policy.ageNs();
            boolean holds = reference.nodesOf(from, to).stream().anyMatch(node -> newest.getOrDefault(reference.object(node), 99L) < below);
            boolean goes = old && (!holds || importantAge != RetentionPolicy.UNBOUNDED && to.timeNs() < now - importantAge);
            assertEquals(goes, segment < end, "segment=" + segment + ", plan=" + plan);
            if (segment == end) {
                assertEquals(old, plan.pin() != null, plan::toString);
            }
        }
        if (plan.pin() != null) {
            assertPin(store, reference, policy, now, plan);
            assertTrue(newest.get(plan.pin().object()) < below);
        }
        return plan;
    }

    /** What keeps a segment is in it, and whoever has been told of it once need not look for it again. */
    private static void assertPin(Store store, KeptGraph reference, RetentionPolicy policy, long now, RetentionPlan plan) {
        RetentionPlan.Pin pin = plan.pin();
        LogPosition to = store.log().segmentStart(pin.segment() + 1);
        assertEquals(plan.end().segment(), pin.segment());
        assertTrue(reference.nodesOf(plan.end(), to).contains(pin.node()));
        assertEquals(policy.importantAgeNs() == RetentionPolicy.UNBOUNDED ? RetentionPolicy.UNBOUNDED
                : to.timeNs() + policy.importantAgeNs(), pin.untilNs());
        List<Long> asked = new ArrayList<>();
        Importance counted = view -> {
            LongPredicate important = policy.important().on(view);
            return node -> asked.add(node) && important.test(node);
        };
        RetentionPolicy again = new RetentionPolicy(policy.ageNs(), policy.sizeBytes(), counted, policy.importantAgeNs());
        if (plan.segments() == 0) {
            assertEquals(plan, store.retentionPlan(again, now, pin, () -> false));
            assertEquals(List.of(pin.node()), asked);
        }
        RetentionPlan.Pin wrong = new RetentionPlan.Pin(pin.segment(), Long.MAX_VALUE, 0, 0);
        assertEquals(plan, store.retentionPlan(again, now, wrong, () -> false));
    }

    @Test
    void shouldKeepWhatIsImportantForLongerUnlessItIsTooLarge() throws IOException {
        long seed = System.nanoTime();
        System.out.println("RetentionTest seed=" + seed);
        RandomEvents events = new RandomEvents(seed);
        try (Store store = SealedStores.open(temp.resolve("pinned"), 2_000)) {
            for (int part = 0; part < 30; part++) {
                events.feed(40, store.writer());
                store.writer().sync();
                store.sealer().work();
            }
            long now = events.timeNs() + 1_000;
            Importance first = view -> node -> view.object(node) == 0;
            RetentionPlan all = store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED), now);
            assertTrue(all.segments() > 3 && all.pin() == null, all::toString);
            // The first segment tells of object 0.
            RetentionPlan none = store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED, first, RetentionPolicy.UNBOUNDED), now);
            assertEquals(0, none.segments());
            assertEquals(1, none.pin().segment());
            assertEquals(0, none.pin().object());
            assertEquals(null, store.drop(none, InUse.NONE));
            // An age that is shorter than that of the rest makes nothing go sooner.
            assertEquals(0, store.retentionPlan(new RetentionPolicy(10_000_000, RetentionPolicy.UNBOUNDED, first, 0), now).segments());
            assertEquals(all, store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED, first, 0), now));
            assertEquals(all, store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED, Importance.NONE, 5), now));
            RetentionPlan large = store.retentionPlan(new RetentionPolicy(0, 0, first, RetentionPolicy.UNBOUNDED), now);
            assertEquals(all.segments(), large.segments());
            assertEquals(DropStatement.Why.SIZE, large.why());
            assertEquals(0, store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED, view -> node -> false, RetentionPolicy.UNBOUNDED), now, null,
                    () -> true).segments(), "it was to stop");
            assertEquals(DropStatement.Why.SIZE, store.drop(large, InUse.NONE).why());
        }
    }

    @Test
    void shouldBeReadWhileItsFilesAreDeleted() throws IOException {
        long seed = System.nanoTime();
        System.out.println("RetentionTest seed=" + seed);
        RandomEvents events = new RandomEvents(seed);
        KeptGraph reference = new KeptGraph();
        reference.blocks(0);
        Path path = temp.resolve("read");
        List<String> deleted = new ArrayList<>();
        List<Store> reader = new ArrayList<>();
        SegmentFile.Opener opener = new SegmentFile.Opener() {
            @Override
            public SegmentFile open(Path file, boolean create) throws IOException {
                return SegmentFile.Opener.FILES.open(file, create);
            }

            @Override
            public void delete(Path file) throws IOException {
                SegmentFile.Opener.FILES.delete(file);
                deleted.add(file.getFileName().toString());
                if (!reader.isEmpty()) {
                    same(reader.getFirst(), reference, Set.of());
                    same(Store.openForReading(path), reference, Set.of());
                }
            }
        };
        try (Store store = SealedStores.open(path, 2_000, opener)) {
            Tee tee = new Tee(store.writer(), reference);
            for (int drop = 0; drop < 3; drop++) {
                for (int part = 0; part < 10; part++) {
                    events.feed(40, tee);
                    store.writer().sync();
                    reference.blocks(store.writer().durable().block());
                    store.sealer().work();
                }
                reader.add(Store.openForReading(path));
                same(reader.getFirst(), reference, Set.of());
                RetentionPlan plan = store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED), events.timeNs() + 1_000);
                assertTrue(plan.segments() > 3, plan::toString);
                store.drop(plan, InUse.NONE);
                speakOfWhatIsKnown(store, events);
                reader.removeFirst().close();
            }
        }
        assertTrue(deleted.stream().anyMatch(name -> name.endsWith(".hwcarried")), deleted::toString);
    }

    @Test
    void shouldBeOpenedWhileItsBeginningIsDropped() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RetentionTest seed=" + seed);
        RandomEvents events = new RandomEvents(seed);
        Path path = temp.resolve("opened");
        AtomicBoolean done = new AtomicBoolean();
        try (Store store = SealedStores.open(path, 1_000); ExecutorService reader = Executors.newSingleThreadExecutor()) {
            events.feed(40, store.writer());
            store.writer().sync();
            Future<Long> opened = reader.submit(() -> {
                long openings = 0;
                for (; !done.get(); openings++) {
                    try (Store other = Store.openForReading(path); StoreView view = other.view()) {
                        assertTrue(view.position().block() > 0);
                    }
                }
                return openings;
            });
            long drops = 0;
            try {
                while (drops < 60 && !opened.isDone()) {
                    events.feed(40, store.writer());
                    store.writer().sync();
                    store.sealer().work();
                    if (store.drop(store.retentionPlan(new RetentionPolicy(0, RetentionPolicy.UNBOUNDED), events.timeNs() + 1_000),
                            InUse.NONE) != null) {
                        speakOfWhatIsKnown(store, events);
                        drops++;
                    }
                }
            } finally {
                done.set(true);
            }
            assertTrue(opened.get() > 0, "opened no time");
            assertEquals(60, drops);
        }
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
