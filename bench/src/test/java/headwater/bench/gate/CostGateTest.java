// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gate shuts when something costs more, and when it costs so much less that the file no longer says anything. */
class CostGateTest {
    private static final Item OFF = new Item("lsm", "read_zero_1", Measure.OFF);
    private static final Item READ = new Item("lsm", "read_zero_1", Measure.FOLLOWED);
    private static final Item FORK_OFF = new Item("lsm", "fork_exit_wait", Measure.OFF);
    private static final Item FORK = new Item("lsm", "fork_exit_wait", Measure.FOLLOWED);
    private static final Item PROGRAM = new Item("lsm", "lsm_file_open", Measure.VERIFIED);

    @TempDir
    Path folder;

    private static SortedMap<Item, Long> figures() {
        return new TreeMap<>(Map.of(OFF, 600L, READ, 1000L, FORK_OFF, 280_000L, FORK, 3000L, PROGRAM, 2000L));
    }

    private static GateFile file() {
        return GateFile.empty().with(Map.of("6.12", new Costs("6.12.117", figures()), "6.1", new Costs("6.1.0-56", figures())));
    }

    private static List<String> judge(Item item, Long figure) {
        SortedMap<Item, Long> now = figures();
        if (figure == null) {
            now.remove(item);
        } else {
            now.put(item, figure);
        }
        return CostGate.judge(file(), Map.of("6.12", new Costs("6.12.117", now)));
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "1050, 0", "950, 0", "1051, 1", "949, 1", "2000, 1", "0, 1"})
    void shouldTolerateFivePercentOfACall(long figure, int findings) {
        assertEquals(findings, judge(READ, figure).size());
    }

    @ParameterizedTest
    @CsvSource({"14200, 0", "14201, 1", "-8200, 0", "-8201, 1"})
    void shouldTolerateWhatForkVaries(long figure, int findings) {
        assertEquals(findings, judge(FORK, figure).size(), "4 % of what it takes with nothing attached, to either side");
    }

    @ParameterizedTest
    @CsvSource({"2100, 0", "2101, 1", "1899, 1"})
    void shouldTolerateFivePercentOfAProgram(long figure, int findings) {
        assertEquals(findings, judge(PROGRAM, figure).size());
    }

    @Test
    void shouldTolerateAFewInstructionsOfLittle() {
        SortedMap<Item, Long> few = figures();
        few.put(PROGRAM, 20L);
        few.put(READ, 0L);
        GateFile file = GateFile.empty().with(Map.of("6.12", new Costs("6.12.117", few)));
        SortedMap<Item, Long> now = new TreeMap<>(few);
        now.put(PROGRAM, 30L);
        now.put(READ, 3L);
        assertEquals(List.of(), CostGate.judge(file, Map.of("6.12", new Costs("6.12.117", now))));
        now.put(PROGRAM, 31L);
        now.put(READ, 4L);
        assertEquals(2, CostGate.judge(file, Map.of("6.12", new Costs("6.12.117", now))).size());
    }

    @Test
    void shouldSayWhatGrewWhereAndHowMuch() {
        assertEquals(List.of("kernel 6.12: lsm read_zero_1 followed grew from 1,000 to 1,200 (+200, ×1.20, tolerated ±50)"), judge(READ, 1200L));
        assertEquals(List.of("kernel 6.12: lsm lsm_file_open verified shrank from 2,000 to 1,000 (-1,000, ×0.50, tolerated ±100)"),
                judge(PROGRAM, 1000L));
        assertTrue(CostGate.message(judge(READ, 1200L)).endsWith("dev/bench gate --write, and commit the file with the change."));
    }

    @Test
    void shouldNotJudgeTheKernel() {
        assertEquals(List.of(), judge(OFF, 6000L));
    }

    @Test
    void shouldSayWhatIsGoneAndWhatIsNew() {
        assertEquals(List.of("kernel 6.12: lsm lsm_file_open verified is gone; in the file it is 2000"), judge(PROGRAM, null));
        assertEquals(List.of("kernel 6.12: lsm lsm_new verified is 7, and not in the file"), judge(new Item("lsm", "lsm_new", Measure.VERIFIED), 7L));
    }

    @Test
    void shouldSayThatTheKernelIsAnother() {
        SortedMap<Item, Long> now = figures();
        now.put(READ, 1200L);
        List<String> findings = CostGate.judge(file(), Map.of("6.12", new Costs("6.12.118", now)));
        assertEquals("kernel 6.12: the file is of 6.12.117, measured was 6.12.118: what differs may be the kernel's", findings.getLast());
        assertEquals(List.of("kernel 6.18: not in the file"), CostGate.judge(file(), Map.of("6.18", new Costs("6.18.15", now))));
    }

    @Test
    void shouldReadWhatItWrites() throws IOException {
        Path path = folder.resolve("gate.tsv");
        SortedMap<Item, Long> fewer = figures();
        fewer.remove(PROGRAM);
        GateFile written = file().with(Map.of("6.1", new Costs("6.1.0-57", fewer)));
        written.write(path);
        assertEquals(written, GateFile.read(path));
        List<String> lines = Files.readAllLines(path);
        assertTrue(lines.contains("kernel\t\t\t\t6.1\t6.12"), lines::toString);
        assertTrue(lines.contains("program\tlsm\tlsm_file_open\tverified\t-\t2000"), lines::toString);
    }

    @Test
    void shouldKeepATolerancePutThereByHand() throws IOException {
        Path path = folder.resolve("gate.tsv");
        file().write(path);
        Files.writeString(path, Files.readString(path).replace("tolerance\tcalls\t5.0%", "tolerance\tcalls\t30.0%"));
        SortedMap<Item, Long> now = figures();
        now.put(READ, 1300L);
        assertEquals(List.of(), CostGate.judge(GateFile.read(path), Map.of("6.12", new Costs("6.12.117", now))));
    }

    @Test
    void shouldNameALineThatCannotBeRead() throws IOException {
        Path path = folder.resolve("gate.tsv");
        file().write(path);
        Files.writeString(path, Files.readString(path).replace("\t2000", "\tmany"));
        assertTrue(assertThrows(IOException.class, () -> GateFile.read(path)).getMessage().contains("lsm_file_open"), "names the line");
    }
}
