// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.RandomEvents;
import headwater.store.SealedStores;
import headwater.store.Store;
import headwater.store.StoreException;
import headwater.store.retention.InUse;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose beginning is missing is damaged, unless a statement that nobody touched says that it was dropped. */
class DropTamperTest {
    private static final String DROPPED = "log/dropped";

    @TempDir
    private static Path temp;
    private static SealedStore before;
    private static SealedStore once;
    private static SealedStore whole;
    private static String anchorOfDropped;
    private final Path damaged = temp.resolve("damaged");

    @BeforeAll
    static void write() throws IOException {
        Path path = temp.resolve("whole");
        SealedStore.write(path, 91, 30);
        before = SealedStore.read(path);
        anchorOfDropped = text(before, "log/00000001.hwseal").lines().findFirst().orElseThrow();
        drop(path, 10_000);
        once = SealedStore.read(path);
        drop(path, 5_000);
        whole = SealedStore.read(path);
        assertEquals(2, lines(whole).size());
    }

    private static void drop(Path path, long bytes) throws IOException {
        try (Store store = SealedStores.open(path, 3_000)) {
            RetentionPlan plan = store.retentionPlan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, bytes), 0);
            assertTrue(plan.segments() > 0);
            store.drop(plan, InUse.NONE);
        }
    }

    @Test
    void shouldAcceptWhatIsLeftAndSayWhatWasDropped() throws IOException {
        Report report = verify(whole, List.of(anchorOfDropped));
        assertNull(report.damage(), report::toString);
        assertTrue(report.allSigned(), report::toString);
        assertEquals(2, report.dropped().statements());
        assertTrue(report.dropped().segments() > 2 && report.dropped().blocks() > 2 && report.dropped().nodes() > 0, report::toString);
        assertTrue(report.dropped().fromNs() > 0 && report.dropped().untilNs() >= report.dropped().fromNs(), report::toString);
        assertTrue(report.notes().getFirst().contains("1 anchors are of blocks that were dropped"), report::toString);
        long left = whole.files().keySet().stream().filter(name -> name.endsWith(".hwlog")).count();
        assertEquals(left, report.segments());
    }

    @Test
    void shouldRefuseALogWhoseBeginningIsMissingWithoutAStatement() throws IOException {
        SealedStore cut = before.copy();
        cut.files().remove("log/00000001.hwlog");
        cut.files().remove("log/00000001.hwseal");
        assertDamaged(cut, "segment 1 taken out");
        SealedStore unsaid = whole.copy();
        unsaid.files().remove(DROPPED);
        assertDamaged(unsaid, "statements taken out");
        assertRefusedToOpen(unsaid);
        SealedStore older = whole.copy();
        older.files().put(DROPPED, once.files().get(DROPPED));
        assertDamaged(older, "older statements put back");
        assertRefusedToOpen(older);
        assertTrue(whole.files().keySet().stream().anyMatch(name -> name.endsWith(".hwcarried")));
    }

    @Test
    void shouldRefuseAStatementThatWasForgedCutReorderedOrRepeated() throws IOException {
        List<String> lines = lines(whole);
        assertDamaged(with(List.of(lines.get(1))), "first line taken out");
        assertDamaged(with(List.of(lines.get(1), lines.get(0))), "reordered");
        assertDamaged(with(List.of(lines.get(0), lines.get(1), lines.get(1))), "repeated");
        String forged = lines.get(1).replaceAll(" last_segment=[0-9]+ ", " last_segment="
                + (verify(whole, List.of()).dropped().segments() - 1) + " ");
        assertDamaged(with(List.of(lines.get(0), forged)), "forged");
        assertDamaged(with(List.of(lines.get(0), lines.get(1).replace("why=size", "why=asked"))), "other reason");
        SealedStore other = new Object() {
            SealedStore make() throws IOException {
                Path path = temp.resolve("other");
                SealedStore.write(path, new RandomEvents(92), 30);
                drop(path, 10_000);
                return SealedStore.read(path);
            }
        }.make();
        SealedStore foreign = whole.copy();
        foreign.files().put(DROPPED, other.files().get(DROPPED));
        assertDamaged(foreign, "of another store");
    }

    @Test
    void shouldPassOverANewestLineThatAPowerCutLeftInPiecesUnlessItWasActedOn() throws IOException {
        List<String> lines = lines(whole);
        String torn = lines.get(1).substring(0, 100) + "\0".repeat(200) + lines.get(1).substring(300) + "\n";
        SealedStore cut = once.copy();
        cut.files().put(DROPPED, (lines.get(0) + "\n" + torn).getBytes(StandardCharsets.ISO_8859_1));
        Report report = verify(cut, List.of());
        assertNull(report.damage(), report::toString);
        assertEquals(torn.length(), report.unfinishedBytes(), report::toString);
        assertTrue(report.notes().stream().anyMatch(note -> note.startsWith(DROPPED) && note.contains("in pieces")), report::toString);
        SealedStore actedOn = whole.copy();
        actedOn.files().put(DROPPED, cut.files().get(DROPPED));
        assertDamaged(actedOn, "newest line in pieces, its segments gone");
    }

    @Test
    void shouldNoticeAnyFlippedByteOfStatementsAndOfWhatIsCarried() throws IOException {
        long seed = System.nanoTime();
        System.out.println("DropTamperTest seed=" + seed);
        Random random = new Random(seed);
        String carried = whole.files().keySet().stream().filter(name -> name.endsWith(".hwcarried")).findFirst().orElseThrow();
        for (String name : List.of(DROPPED, carried)) {
            for (int i = 0; i < 150; i++) {
                SealedStore flipped = whole.copy();
                byte[] bytes = flipped.files().get(name);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
                Report report = verify(flipped, List.of());
                assertFalse(report.allSigned(), () -> name + ": " + report);
            }
        }
        SealedStore without = whole.copy();
        without.files().remove(carried);
        assertDamaged(without, "carried file taken out");
        assertRefusedToOpen(without);
    }

    @Test
    void shouldNoticeThatStatementsOfTheLogFromBeforeTheDropAreMissingNow() throws IOException {
        SealedStore cut = whole.copy();
        String newest = cut.files().keySet().stream().filter(name -> name.endsWith(".hwseal")).max(String::compareTo).orElseThrow();
        cut.files().remove(newest);
        Report report = verify(cut, List.of());
        assertNotNull(report.damage(), report::toString);
    }

    @Test
    void shouldPassOverWhatAnInterruptedDropLeft() throws IOException {
        SealedStore left = whole.copy();
        before.files().forEach((name, bytes) -> {
            if (name.startsWith("log/")) {
                left.files().putIfAbsent(name, bytes);
            }
        });
        Report report = verify(left, List.of());
        assertTrue(report.allSigned(), report::toString);
        assertTrue(report.notes().stream().anyMatch(note -> note.contains("the next opening does it")), report::toString);
        Store.openForWriting(damaged, "test").close();
        Report after = Verifier.verify(damaged, null, List.of());
        assertTrue(after.allSigned() && after.notes().isEmpty(), after::toString);
    }

    private void assertRefusedToOpen(SealedStore store) throws IOException {
        store.put(damaged);
        assertThrows(StoreException.class, () -> Store.openForWriting(damaged, "test").close());
        SealedStore after = SealedStore.read(damaged);
        store.files().forEach((name, bytes) -> assertTrue(name.startsWith("index") || after.files().containsKey(name),
                () -> "deleted while refusing: " + name));
    }

    private void assertDamaged(SealedStore store, String what) throws IOException {
        Report report = verify(store, List.of());
        assertNotNull(report.damage(), () -> what + ": " + report);
    }

    private Report verify(SealedStore store, List<String> anchors) throws IOException {
        store.put(damaged);
        return Verifier.verify(damaged, null, anchors);
    }

    private static SealedStore with(List<String> lines) {
        SealedStore store = whole.copy();
        store.files().put(DROPPED, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return store;
    }

    private static List<String> lines(SealedStore store) {
        return new ArrayList<>(text(store, DROPPED).lines().toList());
    }

    private static String text(SealedStore store, String name) {
        return new String(store.files().get(name), StandardCharsets.ISO_8859_1);
    }
}
