// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.store.RandomEvents;
import headwater.store.ReferenceGraph;
import headwater.store.Store;
import headwater.store.StoreDamagedException;
import headwater.store.StoreException;
import headwater.store.StoreVersionException;
import headwater.store.Tee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash, a bad disk or a newer Headwater may leave in a log. */
class CrashTest {
    private static final int BLOCKS = 4;
    private static final int BLOCK_EVENTS = 30;

    @TempDir
    private Path temp;
    private Path segment;
    private byte[] whole;
    private final long[] blockEnds = new long[BLOCKS + 1];
    private List<String> events;

    @BeforeEach
    void writeLog() throws IOException {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents random = new RandomEvents(11);
        segment = temp.resolve("log/00000001.hwlog");
        try (Store store = Store.openForWriting(temp, "test")) {
            blockEnds[0] = Files.size(segment);
            for (int i = 1; i <= BLOCKS; i++) {
                random.feed(BLOCK_EVENTS, new Tee(store.writer(), reference));
                store.writer().sync();
                blockEnds[i] = Files.size(segment);
            }
        }
        dropSeals();
        whole = Files.readAllBytes(segment);
        events = reference.events();
    }

    @Test
    void shouldKeepAllWholeBlocksWhereverTheLastIsCut() throws IOException {
        long lastStart = blockEnds[BLOCKS - 1];
        for (int length = (int) lastStart; length < whole.length; length++) {
            Files.write(segment, Arrays.copyOf(whole, length));
            assertEquals(events.subList(0, (BLOCKS - 1) * BLOCK_EVENTS), replay());
            if (length % 97 == 0 || length > whole.length - 3) {
                Store.openForWriting(temp, "test").close();
                dropSeals();
                List<String> kept = replay();
                assertEquals(events.subList(0, (BLOCKS - 1) * BLOCK_EVENTS),
                        kept.subList(0, (BLOCKS - 1) * BLOCK_EVENTS));
                assertTailsHold(Arrays.copyOfRange(whole, (int) lastStart, length));
            }
        }
    }

    @Test
    void shouldSurviveACutAnywhere() throws IOException {
        for (int length = 0; length < whole.length; length += 29) {
            Files.write(segment, Arrays.copyOf(whole, length));
            int blocks = 0;
            while (blocks < BLOCKS && blockEnds[blocks + 1] <= length) {
                blocks++;
            }
            try (Store store = Store.openForWriting(temp, "test")) {
                assertEquals(length < blockEnds[0] ? 0 : blocks * BLOCK_EVENTS, eventsBeforeGap(replay()));
                store.writer().node(store.writer().nextNode(), store.writer().nextObject(), 0,
                        headwater.model.NodeKind.FILE, 1);
            }
            dropSeals();
            replay();
        }
    }

    @Test
    void shouldNoticeEveryFlippedByte() throws IOException {
        Random random = new Random(5);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment, damaged);
            int offset = at;
            if (at >= blockEnds[BLOCKS - 1]) {
                assertEquals(events.subList(0, (BLOCKS - 1) * BLOCK_EVENTS), replay(), () -> "at " + offset);
            } else if (at >= blockEnds[0]) {
                int block = 0;
                while (blockEnds[block + 1] <= at) {
                    block++;
                }
                String message = assertThrows(StoreDamagedException.class, this::replay, () -> "at "
                        + offset).getMessage();
                assertTrue(message.contains("file=" + segment + ", offset=" + blockEnds[block] + ", block=" + block
                        + ", what="), message);
                if (at % 41 == 0) {
                    assertThrows(StoreDamagedException.class, () -> Store.openForWriting(temp, "test"));
                    assertArrayEquals(damaged, Files.readAllBytes(segment));
                }
            } else {
                assertThrows(StoreException.class, this::replay, () -> "at " + offset);
                if (at % 8 == 0) {
                    assertThrows(StoreException.class, () -> Store.openForWriting(temp, "test"), () -> "at " + offset);
                }
            }
        }
    }

    @Test
    void shouldNoticeABlockThatWasTakenOutOrExchanged() throws IOException {
        byte[] without = new byte[(int) (whole.length - (blockEnds[2] - blockEnds[1]))];
        System.arraycopy(whole, 0, without, 0, (int) blockEnds[1]);
        System.arraycopy(whole, (int) blockEnds[2], without, (int) blockEnds[1], whole.length - (int) blockEnds[2]);
        Files.write(segment, without);
        assertTrue(assertThrows(StoreDamagedException.class,
                this::replay).getMessage().contains("block number: is=2, want=1"));

        // The same block written anew with another payload and a right checksum: only the chain tells.
        byte[] forged = whole.clone();
        int start = (int) blockEnds[1];
        byte[] block = Arrays.copyOfRange(whole, start, (int) blockEnds[2]);
        BlockHeader header = BlockHeader.of(block);
        BlockHeader other = new BlockHeader(header.codec(), !header.sessionOpen(), 0, header.block(), header.events(),
                header.nodes(), header.edges(), header.objects(), header.firstNode(), header.firstEdge(),
                header.firstObject(), header.lowestNs(), header.highestNs(), header.rawLength(), header.storedLength(),
                header.previous());
        other.write(block);
        System.arraycopy(block, 0, forged, start, block.length);
        Files.write(segment, forged);
        String message = assertThrows(StoreDamagedException.class, this::replay).getMessage();
        assertTrue(message.contains("chain broken"), message);
        assertTrue(message.contains("block=2"), message);
    }

    @Test
    void shouldRefuseAStoreOfANewerHeadwater() throws IOException {
        byte[] newer = whole.clone();
        newer[8] = 9;
        Files.write(segment, newer);
        String want = "written by a newer Headwater: format=9, this one reads up to=" + LogFormat.VERSION;
        assertTrue(assertThrows(StoreVersionException.class,
                () -> Store.openForReading(temp)).getMessage().contains(want));
        assertTrue(assertThrows(StoreVersionException.class,
                () -> Store.openForWriting(temp, "x")).getMessage().contains(want));
        assertArrayEquals(newer, Files.readAllBytes(segment));
    }

    @Test
    void shouldCutOnlyTheTornTailOfTheLastSegment() throws IOException {
        Path second = temp.resolve("log/00000002.hwlog");
        Files.write(second, new byte[] {'H', 'W', 'L'});
        try (Store store = Store.openForWriting(temp, "test")) {
            store.writer().gap(new Gap(Gap.Cause.MAP_FULL, 0, 1, 2, 3));
        }
        dropSeals();
        assertTrue(Files.notExists(second));
        assertEquals(events, replay().subList(0, events.size()));

        Files.write(segment, Arrays.copyOf(whole, whole.length - 1));
        Files.write(second, new byte[] {'H', 'W', 'L'});
        assertThrows(StoreDamagedException.class, this::replay);
    }

    /** As a log of before there were signatures: without them a wrong last block cannot be told from a torn one. */
    private void dropSeals() throws IOException {
        for (String folder : List.of("log", "keys")) {
            try (Stream<Path> files = Files.list(temp.resolve(folder))) {
                for (Path file : files.filter(one -> !one.toString().contains(".hwlog") && !one.toString().contains(".tail-")).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static int eventsBeforeGap(List<String> events) {
        return !events.isEmpty() && events.getLast().contains("UNCLEAN_END") && events.getLast().contains("count=0")
                ? events.size() - 1 : events.size();
    }

    private List<String> replay() {
        ReferenceGraph replayed = new ReferenceGraph();
        new LogReader(temp.resolve("log")).replay(replayed);
        return replayed.events();
    }

    private void assertTailsHold(byte[] tail) throws IOException {
        if (tail.length == 0) {
            return;
        }
        try (Stream<Path> files = Files.list(temp.resolve("log"))) {
            List<Path> tails = files.filter(file -> file.getFileName().toString().startsWith("00000001.tail-"))
                    .toList();
            boolean kept = false;
            for (Path file : tails) {
                kept |= Arrays.equals(tail, Files.readAllBytes(file));
            }
            assertTrue(kept, () -> "tail is not among " + tails);
        }
    }
}
