// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.RandomEvents;
import headwater.store.SealedStores;
import headwater.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to damage a store that we could think of, and a few thousand at random: each is noticed, and its place named. */
class TamperTest {
    private static final int FLIPS = Integer.getInteger("headwater.tamper.flips", 1_000);

    @TempDir
    private static Path temp;
    private static SealedStore whole;
    private static String newestSegment;
    private final Path damaged = temp.resolve("damaged");

    @BeforeAll
    static void write() throws IOException {
        whole = SealedStore.write(temp.resolve("whole"), 77, 24);
        newestSegment = whole.files().keySet().stream().filter(name -> name.endsWith(".hwlog")).max(String::compareTo).orElseThrow();
    }

    @Test
    void shouldFindNothingWrongWithAWholeStore() throws IOException {
        Report report = Verifier.verify(temp.resolve("whole"), null, List.of(head(whole)));
        assertNull(report.damage(), () -> report.toString());
        assertTrue(report.allSigned(), report::toString);
        assertEquals(2, report.keys().size());
        assertTrue(report.segments() > 3 && report.blocks() == 24 && report.statements() > 10, report::toString);
        assertTrue(report.events() >= 24 * 25, report::toString);
        assertEquals(List.of(), report.notes());
    }

    @Test
    void shouldNoticeAnyFlippedByte() throws IOException {
        long seed = System.nanoTime();
        System.out.println("TamperTest seed=" + seed);
        Random random = new Random(seed);
        List<String> names = whole.files().keySet().stream().filter(name -> name.startsWith("log/") || name.equals("keys/chain")).toList();
        int sum = names.stream().mapToInt(name -> whole.files().get(name).length).sum();
        whole.put(damaged);
        for (int i = 0; i < FLIPS; i++) {
            int place = random.nextInt(sum);
            String name = null;
            for (String one : names) {
                name = one;
                if (place < whole.files().get(one).length) {
                    break;
                }
                place -= whole.files().get(one).length;
            }
            byte[] bytes = whole.files().get(name).clone();
            bytes[place] ^= (byte) (1 + random.nextInt(255));
            Files.write(damaged.resolve(name), bytes);
            Report report = verify();
            String where = name + " at " + place + ": " + report;
            assertFalse(report.allSigned(), where);
            // The line feed at the very end, or what was written last, may look like a line that was not finished.
            if (report.damage() == null) {
                assertTrue(name.endsWith(".hwseal") && place >= lastLine(bytes), where);
                assertTrue(report.unsignedBlocks() > 0 || report.unfinishedBytes() > 0, where);
            } else if (name.endsWith(".hwlog")) {
                int block = blockAt(whole.files().get(name), place);
                assertTrue(report.damage().firstBlock() <= block && block <= report.damage().lastBlock() || block < 0, where + " block " + block);
                assertEquals(name, report.damage().file(), where);
            } else {
                assertEquals(name, report.damage().file(), where);
            }
            Files.write(damaged.resolve(name), whole.files().get(name));
        }
        assertTrue(verify().allSigned());
    }

    /** A line that somebody else's byte ends is not one that is still being written. */
    @Test
    void shouldNameTheFileWhoseLastLineFeedWasChanged() throws IOException {
        for (String name : whole.files().keySet()) {
            if (!name.endsWith(".hwseal") && !name.equals("keys/chain")) {
                continue;
            }
            SealedStore changed = whole.copy();
            changed.files().get(name)[changed.files().get(name).length - 1] ^= 0x40;
            changed.put(damaged);
            Report report = verify();
            assertNotNull(report.damage(), name);
            assertEquals(name, report.damage().file(), report::toString);
        }
    }

    @Test
    void shouldNoticeAnyCut() throws IOException {
        Random random = new Random(3);
        for (String name : whole.files().keySet()) {
            if (!name.startsWith("log/") && !name.equals("keys/chain")) {
                continue;
            }
            for (int i = 0; i < 20; i++) {
                SealedStore cut = whole.copy();
                byte[] bytes = whole.files().get(name);
                cut.files().put(name, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                assertNoticed(cut, name);
            }
            SealedStore gone = whole.copy();
            gone.files().remove(name);
            assertNoticed(gone, name);
        }
    }

    /** One who has no key, but can compute checksums and the chain. */
    @Test
    void shouldNoticeWhatSomebodyWithoutTheKeyWritesAnew() throws IOException {
        Random random = new Random(4);
        for (int round = 0; round < 100; round++) {
            SealedStore forged = whole.copy();
            List<byte[]> blocks = new ArrayList<>(blocks(forged));
            int first = random.nextInt(blocks.size() - 1);
            String what;
            switch (random.nextInt(4)) {
                case 0 -> {
                    what = "removed";
                    blocks.remove(first);
                }
                case 1 -> {
                    what = "doubled";
                    blocks.add(first, blocks.get(first).clone());
                }
                case 2 -> {
                    what = "exchanged";
                    java.util.Collections.swap(blocks, first, first + 1);
                }
                default -> {
                    what = "changed time";
                    ByteBuffer.wrap(blocks.get(first)).order(ByteOrder.LITTLE_ENDIAN).putLong(72, random.nextLong() >>> 2);
                }
            }
            int from = first;
            boolean chained = random.nextBoolean();
            rebuild(forged, blocks, chained);
            forged.put(damaged);
            Report report = verify();
            String where = what + " block " + from + ", chained=" + chained + ": " + report;
            assertNotNull(report.damage(), where);
            assertTrue(report.damage().firstBlock() <= from + 1, where);
            assertTrue(report.damage().lastBlock() >= from || report.damage().lastBlock() == -1, where);
        }
    }

    @Test
    void shouldNoticeSegmentsOfAnotherStoreOrPlace() throws IOException {
        SealedStore other = SealedStore.write(temp.resolve("other"), 78, 24);
        List<String> names = whole.files().keySet().stream().filter(name -> name.startsWith("log/") || name.startsWith("keys/")).toList();
        for (String name : names) {
            if (other.files().containsKey(name) && !name.equals("keys/secret.pem")) {
                SealedStore spliced = whole.copy();
                spliced.files().put(name, other.files().get(name));
                assertDamaged(spliced, name);
            }
        }
        // The whole log of another, with our keys; and our log with the keys of another.
        for (String part : List.of("log/", "keys/")) {
            SealedStore spliced = other.copy();
            spliced.files().keySet().removeIf(name -> name.startsWith(part));
            whole.files().forEach((name, bytes) -> {
                if (name.startsWith(part)) {
                    spliced.files().put(name, bytes);
                }
            });
            assertDamaged(spliced, part);
        }
        for (String suffix : List.of(".hwlog", ".hwseal")) {
            SealedStore swapped = whole.copy();
            swapped.files().put("log/00000002" + suffix, whole.files().get("log/00000003" + suffix));
            swapped.files().put("log/00000003" + suffix, whole.files().get("log/00000002" + suffix));
            assertDamaged(swapped, "log/00000002" + suffix);
        }
    }

    @Test
    void shouldNoticeStatementsThatWereExchangedTakenOutOrReplayed() throws IOException {
        for (String name : whole.files().keySet().stream().filter(one -> one.endsWith(".hwseal")).toList()) {
            List<String> lines = text(whole, name).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                boolean newest = name.equals(newestSeal()) && i == lines.size() - 1;
                List<String> without = new ArrayList<>(lines);
                without.remove(i);
                if (newest) {
                    assertNoticed(with(name, without), name);
                } else {
                    assertDamaged(with(name, without), name + " without " + i);
                }
                List<String> replayed = new ArrayList<>(lines);
                replayed.add(lines.get(i));
                assertDamaged(with(name, replayed), name + " with " + i + " again");
                if (i > 0) {
                    List<String> swapped = new ArrayList<>(lines);
                    java.util.Collections.swap(swapped, i - 1, i);
                    assertDamaged(with(name, swapped), name + " swapped at " + i);
                }
            }
        }
    }

    @Test
    void shouldNoticeByAnAnchorOnlyThatAllWasPutBack() throws IOException {
        Path path = temp.resolve("older");
        RandomEvents events = new RandomEvents(79);
        SealedStore older = SealedStore.write(path, events, 8);
        try (Store store = SealedStores.open(path, 3_000)) {
            events.feed(60, store.writer());
            events.endSession(store.writer());
        }
        SealedStore newer = SealedStore.read(path);
        String anchor = head(newer);
        older.put(damaged);
        assertTrue(Verifier.verify(damaged, null, List.of(head(older))).allSigned());
        Report report = Verifier.verify(damaged, null, List.of(head(older), "", anchor));
        assertEquals("the log ends before the block that was anchored", report.damage().what());
        assertEquals(8, report.damage().firstBlock());
        newer.put(damaged);
        assertTrue(Verifier.verify(damaged, null, List.of(head(older), anchor)).allSigned());

        // The newest segment and its statements taken away at a seam: all that is left is signed.
        SealedStore shorter = whole.copy();
        shorter.files().remove(newestSegment);
        shorter.files().remove(newestSeal());
        shorter.put(damaged);
        assertTrue(verify().allSigned());
        assertNotNull(Verifier.verify(damaged, null, List.of(head(whole))).damage());
        SealedStore rotated = SealedStore.write(path, events, 8);
        newer.put(damaged);
        assertTrue(Verifier.verify(damaged, null, List.of(head(rotated))).damage().what().contains("a key that this store does not have"));
        whole.put(damaged);
        assertNotNull(Verifier.verify(damaged, null, List.of(anchor)).damage(), "an anchor of another store");
        String forged = head(whole).replaceFirst("blocks=[0-9]+", "blocks=3");
        assertNotNull(Verifier.verify(damaged, null, List.of(forged)).damage(), "an anchor that was changed");
    }

    @Test
    void shouldNoticeAStoreThatWasMadeAnewWithAnotherKeyOnlyByTheKey() throws IOException, Damage {
        byte[] ours = Keys.read(text(whole, "keys/chain").lines().toList(), storeOf(whole), null).of(0);
        SealedStore other = SealedStore.write(temp.resolve("anew"), 77, 24);
        other.put(damaged);
        assertTrue(verify().allSigned());
        Report report = Verifier.verify(damaged, ours, List.of());
        assertTrue(report.damage().what().contains("never signed this store"), report::toString);
        whole.put(damaged);
        assertTrue(Verifier.verify(damaged, ours, List.of()).allSigned());
        SealedStore bare = whole.copy();
        bare.files().keySet().removeIf(name -> name.startsWith("keys/") || name.endsWith(".hwseal"));
        bare.put(damaged);
        assertNotNull(Verifier.verify(damaged, ours, List.of()).damage());
        Report without = verify();
        assertNull(without.damage());
        assertEquals(24, without.unsignedBlocks());
    }

    @Test
    void shouldNoticeFilesThatDoNotBelong() throws IOException {
        for (String name : List.of("log/notes", "log/00000009.hwlog", "keys/other.pem", "log/00000001.hwlog.bak", "log/00000099.hwseal")) {
            SealedStore more = whole.copy();
            more.files().put(name, new byte[] {'x'});
            assertDamaged(more, name);
        }
        SealedStore aside = whole.copy();
        aside.files().put("log/00000001.tail-1800000000000", new byte[40]);
        aside.put(damaged);
        assertTrue(verify().allSigned());
        assertEquals(1, verify().notes().size());
    }

    private void assertNoticed(SealedStore store, String what) throws IOException {
        store.put(damaged);
        Report report = verify();
        assertFalse(report.allSigned(), () -> what + ": " + report);
    }

    private void assertDamaged(SealedStore store, String what) throws IOException {
        store.put(damaged);
        Report report = verify();
        assertNotNull(report.damage(), () -> what + ": " + report);
    }

    private Report verify() throws IOException {
        return Verifier.verify(damaged, null, List.of());
    }

    private static SealedStore with(String name, List<String> lines) {
        SealedStore changed = whole.copy();
        changed.files().put(name, (String.join("\n", lines) + (lines.isEmpty() ? "" : "\n")).getBytes(StandardCharsets.US_ASCII));
        return changed;
    }

    private static String text(SealedStore store, String name) {
        return new String(store.files().get(name), StandardCharsets.US_ASCII);
    }

    private static String newestSeal() {
        return whole.files().keySet().stream().filter(name -> name.endsWith(".hwseal")).max(String::compareTo).orElseThrow();
    }

    private static String head(SealedStore store) {
        String name = store.files().keySet().stream().filter(one -> one.endsWith(".hwseal")).max(String::compareTo).orElseThrow();
        return text(store, name).lines().toList().getLast();
    }

    private static String storeOf(SealedStore store) {
        return Line.parse(head(store), Statements.WORD, Statements.FORM).get("store");
    }

    private static int lastLine(byte[] bytes) {
        int end = bytes.length - 1;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** The number of the block in whose bytes {@code place} is, -1 if in the segment's head. */
    private static int blockAt(byte[] segment, int place) {
        int block = -1;
        for (int at = 128; at <= place; at += 192 + little(segment).getInt(at + 84)) {
            block = (int) little(segment).getLong(at + 16);
        }
        return block;
    }

    private static List<byte[]> blocks(SealedStore store) {
        List<byte[]> blocks = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : store.files().entrySet()) {
            if (file.getKey().endsWith(".hwlog")) {
                byte[] bytes = file.getValue();
                for (int at = 128; at < bytes.length;) {
                    int length = 192 + little(bytes).getInt(at + 84);
                    blocks.add(Arrays.copyOfRange(bytes, at, at + length));
                    at += length;
                }
            }
        }
        return blocks;
    }

    /** Fills the segments with these blocks, as many bytes in each as before, roughly; numbers, hashes and checksums made to fit. */
    private static void rebuild(SealedStore store, List<byte[]> blocks, boolean chained) {
        int next = 0;
        String hash = Line.sha256(java.util.HexFormat.of().parseHex(storeOf(store).replace("-", "")));
        long nodes = 0;
        long edges = 0;
        long objects = 0;
        List<String> names = store.files().keySet().stream().filter(name -> name.endsWith(".hwlog")).toList();
        for (String name : names) {
            byte[] old = store.files().get(name);
            java.io.ByteArrayOutputStream to = new java.io.ByteArrayOutputStream();
            byte[] head = Arrays.copyOf(old, 128);
            if (chained) {
                little(head).putLong(40, next).putLong(48, nodes).putLong(56, edges).putLong(64, objects);
                System.arraycopy(java.util.HexFormat.of().parseHex(hash), 0, head, 80, 32);
            }
            CRC32C crc = new CRC32C();
            crc.update(head, 0, 124);
            little(head).putInt(124, (int) crc.getValue());
            to.writeBytes(head);
            while (next < blocks.size() && (to.size() + blocks.get(next).length <= old.length || name.equals(names.getLast()))) {
                byte[] block = blocks.get(next).clone();
                ByteBuffer in = little(block);
                if (chained) {
                    in.putLong(16, next).putLong(40, nodes).putLong(48, edges).putLong(56, objects);
                    System.arraycopy(java.util.HexFormat.of().parseHex(hash), 0, block, 88, 32);
                }
                crc.reset();
                crc.update(block, 0, 188);
                crc.update(block, 192, block.length - 192);
                in.putInt(188, (int) crc.getValue());
                nodes += in.getInt(28);
                edges += in.getInt(32);
                objects += in.getInt(36);
                hash = Line.sha256(block);
                to.writeBytes(block);
                next++;
            }
            store.files().put(name, to.toByteArray());
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
