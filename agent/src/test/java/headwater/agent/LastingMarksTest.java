// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.Marks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of marks: what was synced is there again, whatever happened to what came after. */
class LastingMarksTest {
    private static final UUID DISK = UUID.fromString("0f0e0d0c-0b0a-0908-0706-050403020100");
    private static final LastingMarks.Key FIRST = new LastingMarks.Key(DISK, 12, 0xfffffff0L);
    private static final LastingMarks.Key SECOND = new LastingMarks.Key(DISK, -1, 7);
    private static final Marks TAINTED = Marks.PROPAGATE.tainted(1L << 63 | 1);

    @TempDir
    Path folder;

    private void put(LastingMarks.Key key, Marks marks) throws IOException {
        try (LastingMarks lasting = LastingMarks.open(folder)) {
            lasting.put(key, marks);
        }
    }

    private Map<headwater.capture.FileId, Marks> read(int damaged) throws IOException {
        try (LastingMarks lasting = LastingMarks.open(folder)) {
            assertEquals(damaged, lasting.damaged());
            return lasting.byId();
        }
    }

    @Test
    void storeWithoutMarksHasNoFileOfThem() throws IOException {
        try (LastingMarks lasting = LastingMarks.open(folder)) {
            lasting.put(FIRST, Marks.NONE);
            lasting.sync();
        }
        assertFalse(Files.exists(folder.resolve("marks")));
    }

    @Test
    void marksAreThereAgain() throws IOException {
        put(FIRST, TAINTED);
        put(SECOND, Marks.OPAQUE);
        assertEquals(Map.of(FIRST.id(), TAINTED, SECOND.id(), Marks.OPAQUE), read(0));
        put(FIRST, Marks.TRACK);
        put(SECOND, Marks.NONE);
        assertEquals(Map.of(FIRST.id(), Marks.TRACK), read(0));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("marks"))));
    }

    @Test
    void tornLastLineCostsOnlyItself() throws IOException {
        put(FIRST, TAINTED);
        byte[] whole = Files.readAllBytes(folder.resolve("marks"));
        byte[] line = MarksFormat.line(SECOND, Marks.OPAQUE);
        for (int length = 1; length < line.length; length++) {
            Files.write(folder.resolve("marks"), whole);
            Files.write(folder.resolve("marks"), Arrays.copyOf(line, length), StandardOpenOption.APPEND);
            assertEquals(Map.of(FIRST.id(), TAINTED), read(1), "length=" + length);
            assertEquals(Map.of(FIRST.id(), TAINTED), read(0), "written anew: length=" + length);
        }
    }

    @Test
    void anotherFileIsNotTakenForOne() throws IOException {
        Files.writeString(folder.resolve("marks"), "headwater marks 2\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LastingMarks.open(folder)).getMessage().contains("version"));
    }

    @Test
    void noByteCanBeChangedUnseen() {
        byte[] file = (MarksFormat.HEADER + new String(MarksFormat.line(FIRST, TAINTED), StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        long seed = System.nanoTime();
        System.out.println("LastingMarksTest: seed=" + seed);
        Random random = new Random(seed);
        for (int at = MarksFormat.HEADER.length(); at < file.length; at++) {
            byte[] changed = file.clone();
            changed[at] ^= (byte) (1 + random.nextInt(255));
            MarksFormat.Content content = MarksFormat.parse(changed);
            assertTrue(content.damaged() > 0 && content.marks().isEmpty(), "seed=" + seed + ", at=" + at);
        }
    }

    @Test
    void fileSystemIsCountedAsTheKernelSideCounts() {
        // The halves as a little-endian machine reads the UUID's bytes: 0x08090a0b0c0d0e0f, 0x0001020304050607.
        long expected = 0x08090a0b0c0d0e0fL * 0x9e3779b97f4a7c15L ^ 0x0001020304050607L | 1L << 63;
        assertEquals(expected, FIRST.id().fileSystem());
        assertEquals(-16, FIRST.id().generation());
    }
}
