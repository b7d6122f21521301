// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.index.SealedFormat.Section;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of sealed segments give back what was put into them. */
class ColumnsTest {
    @TempDir
    private Path temp;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void shouldPackAnyNumbers() throws IOException {
        System.out.println("ColumnsTest pack seed=" + seed);
        for (int round = 0; round < 200; round++) {
            long[] numbers = numbers(random.nextInt(700));
            PackedColumnWriter packed = new PackedColumnWriter();
            RunColumn.Writer runs = new RunColumn.Writer();
            for (long number : numbers) {
                packed.put(number);
                runs.put(number);
            }
            PackedColumn column = new PackedColumn(written(packed));
            RunColumn runColumn = new RunColumn(written(runs));
            assertEquals(numbers.length, column.count());
            assertEquals(numbers.length, runColumn.count());
            for (int i = 0; i < numbers.length; i++) {
                assertEquals(numbers[i], column.get(i), "seed=" + seed + ", i=" + i);
                assertEquals(numbers[i], runColumn.get(i), "seed=" + seed + ", i=" + i);
            }
        }
    }

    @Test
    void shouldPackRegularNumbersIntoNextToNothing() throws IOException {
        PackedColumnWriter rising = new PackedColumnWriter();
        PackedColumnWriter falling = new PackedColumnWriter();
        for (int i = 0; i < 128_000; i++) {
            rising.put(1_000_000_000_000L + i);
            falling.put(-i);
        }
        assertTrue(written(rising).byteSize() <= 16_008);
        assertTrue(written(falling).byteSize() <= 16_008);
    }

    @Test
    void shouldCountAndFindBits() throws IOException {
        System.out.println("ColumnsTest bits seed=" + seed);
        for (int round = 0; round < 50; round++) {
            int count = random.nextInt(1_500);
            int density = 1 + random.nextInt(300);
            boolean[] bits = new boolean[count];
            RankBitmap.Writer writer = new RankBitmap.Writer();
            for (int i = 0; i < count; i++) {
                bits[i] = random.nextInt(300) < density;
                writer.put(bits[i]);
            }
            RankBitmap bitmap = new RankBitmap(written(writer));
            int rank = 0;
            for (int i = 0; i < count; i++) {
                assertEquals(bits[i], bitmap.get(i));
                assertEquals(rank, bitmap.rank(i), "seed=" + seed);
                if (bits[i]) {
                    assertEquals(i, bitmap.select(rank++), "seed=" + seed);
                }
            }
        }
    }

    @Test
    void shouldKeepLists() throws IOException {
        System.out.println("ColumnsTest lists seed=" + seed);
        for (int round = 0; round < 50; round++) {
            List<long[]> lists = new ArrayList<>();
            EdgeLists.Writer writer = new EdgeLists.Writer();
            for (int key = 0; key < 400; key++) {
                TreeSet<Long> numbers = new TreeSet<>();
                long at = key;
                for (int i = random.nextInt(4) == 0 ? random.nextInt(40) : random.nextInt(2); i > 0; i--) {
                    at += random.nextInt(3) == 0 ? random.nextInt(100_000) : random.nextInt(2);
                    numbers.add(at);
                }
                long[] list = numbers.stream().mapToLong(Long::longValue).toArray();
                lists.add(list);
                writer.put(row -> list[(int) row], 0, list.length, key);
            }
            EdgeLists read = new EdgeLists(written(writer));
            for (int key = 0; key < lists.size(); key++) {
                List<Long> numbers = new ArrayList<>();
                if (read.isTrivial(key)) {
                    numbers.add((long) key);
                } else {
                    read.visit(key, key, numbers::add);
                }
                assertEquals(java.util.Arrays.stream(lists.get(key)).boxed().toList(), numbers, "seed=" + seed + ", key=" + key);
            }
        }
    }

    @Test
    void shouldNeverDenyANodeThatItHas() throws IOException {
        System.out.println("ColumnsTest filter seed=" + seed);
        for (int count : new int[] {0, 1, 2, 5, 100, 10_000}) {
            long[] nodes = random.longs(count, 0, 1L << 32).sorted().toArray();
            MemorySegment bytes = section(to -> NodeFilter.write(to, row -> nodes[(int) row], count));
            NodeFilter filter = new NodeFilter(bytes);
            for (long node : nodes) {
                assertTrue(filter.mayHave(node), "seed=" + seed);
            }
            if (count == 10_000) {
                long let = random.longs(100_000, 0, 1L << 32).filter(filter::mayHave).count();
                assertTrue(let < 8_000, "let through=" + let);
            }
        }
    }

    private long[] numbers(int count) {
        long[] numbers = new long[count];
        int kind = random.nextInt(5);
        long at = random.nextLong();
        for (int i = 0; i < count; i++) {
            at += switch (kind) {
                case 0 -> 1;
                case 1 -> -1;
                case 2 -> random.nextInt(50) == 0 ? random.nextInt() : random.nextInt(30);
                case 3 -> random.nextLong();
                default -> random.nextInt(20) == 0 ? 1 : 0;
            };
            numbers[i] = at;
        }
        return numbers;
    }

    private MemorySegment written(ColumnWriter column) throws IOException {
        long length = column.length();
        MemorySegment bytes = section(column::writeTo);
        column.close();
        assertEquals(length, bytes.byteSize());
        return bytes;
    }

    private interface Content {
        void writeTo(SectionWriter to) throws IOException;
    }

    private MemorySegment section(Content content) throws IOException {
        Path file = temp.resolve("section");
        try (SectionWriter to = new SectionWriter(FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING))) {
            to.begin(Section.NODE_FIRST);
            content.writeTo(to);
            to.end(Section.NODE_FIRST);
        }
        byte[] bytes = Files.readAllBytes(file);
        return bytes.length == 0 ? MemorySegment.ofArray(bytes)
                : MemorySegment.ofArray(bytes).asSlice(SealedFormat.HEADER_BYTES, bytes.length - SealedFormat.HEADER_BYTES);
    }
}
