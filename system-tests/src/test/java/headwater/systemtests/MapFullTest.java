// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the kernel's maps cannot take is counted, and said, by {@code trace} on this machine's own kernel: {@code fill} makes more than
 * there is room for. docs/flow-core.md ("A full map") lists each place in {@code bpf/} that counts one, those too that no program can
 * bring to it.
 */
class MapFullTest {
    private static final Pattern LOST = Pattern.compile(", (\\d+) lost, ");

    /** MiB for each CPU: more than a reader on a busy machine falls behind. */
    private static final String RING = "256";

    @TempDir
    Path folder;

    /**
     * @param mode of {@code fill}
     * @param map in the words of {@code docs/flow-core.md}
     * @param count how many are made
     * @param kind of what is lost
     * @param least how much is lost at least
     * @param most and at most: more than the least only where entries make way in an order that is not told
     */
    private record Row(String mode, String map, int count, Gap.Kind kind, long least, long most) {
    }

    /** Of a process, the mappings that are remembered: with it, and in {@code further}. */
    private static final int MAPPINGS = 8 + 55;
    private static final int FURTHER = 8_192;
    private static final int ENDPOINTS = 131_072;
    private static final int CONNECTIONS = 131_072;
    private static final int UNIX_SENDERS = 16_384;
    private static final int INODES = 262_144;
    private static final int NAMES = 8_192;

    private static final Stream<Row> ROWS = Stream.of(
            new Row("mappings", "mappings of a process", MAPPINGS + 7, Gap.Kind.ACCESS, 7, 7),
            new Row("processes", "further", FURTHER + 10, Gap.Kind.ACCESS, 11, 11),
            new Row("forgotten", "inodes", INODES + INODES / 4, Gap.Kind.ACCESS, 1, 8),
            new Row("endpoints", "endpoints", ENDPOINTS / 2 + 10, Gap.Kind.TRANSFER, 1, 1),
            // Each connection, and each of its ends; but for those that get the addresses of one before.
            new Row("connections", "connections and endpoints", CONNECTIONS / 2 + 4_500, Gap.Kind.TRANSFER, 2, 3),
            new Row("unaccepted", "unaccepted", UNIX_SENDERS / 2, Gap.Kind.TRANSFER, 1, 1),
            new Row("datagrams", "datagram_senders", UNIX_SENDERS / 2, Gap.Kind.TRANSFER, 1, 1),
            new Row("names", "uring_names", NAMES + 1_000, Gap.Kind.NAME, 1_000, NAMES));

    @TestFactory
    Stream<DynamicTest> shouldCountWhatAFullMapCannotTake() {
        return ROWS.map(row -> DynamicTest.dynamicTest(row.map() + " (" + row.mode() + " " + row.count() + ")", () -> verify(row)));
    }

    private void verify(Row row) throws Exception {
        Path work = Files.createDirectory(folder.resolve(row.mode()));
        Files.writeString(work.resolve("source"), "source");
        String store = work.resolve("store").toString();
        CommandLine.Outcome outcome = CommandLine.run(work, "run", "--store", store, "--front-end", "trace", "--ring", RING, "--",
                Build.testers().resolve("fill").toString(), row.mode(), Integer.toString(row.count()), "source", "sink");
        assertEquals(0, outcome.status(), outcome::toString);

        StoreFacts facts = StoreFacts.of(work.resolve("store"));
        long counted = 0;
        for (Gap gap : facts.gaps()) {
            assertEquals(Gap.Cause.MAP_FULL, gap.cause(), gap::toString);
            assertEquals(row.kind(), gap.kind(), gap::toString);
            assertTrue(gap.cpu() >= 0 && gap.count() > 0 && gap.fromNs() <= gap.toNs(), gap::toString);
            counted += gap.count();
        }
        assertTrue(row.least() <= counted && counted <= row.most(), row + ": counted=" + counted + "\n" + outcome);
        Matcher lost = LOST.matcher(outcome.err());
        assertTrue(lost.find(), outcome::toString);
        assertEquals(counted, Long.parseLong(lost.group(1)), outcome::toString);

        StoreFacts.assertFrom(work.resolve("store"), work, "sink", "source");
        CommandLine.Outcome json = CommandLine.run(work, "ancestors", "--store", store, "--depth", "2", "--format", "json", "sink");
        assertTrue(json.out().contains("\"complete\":false") && json.out().contains("\"cause\":\"map_full\""), json::toString);
        CommandLine.Outcome text = CommandLine.run(work, "ancestors", "--store", store, "sink");
        assertTrue(text.out().contains("\nincomplete: ") && text.out().contains("gap: a kernel map was full: "), text::toString);
    }
}
