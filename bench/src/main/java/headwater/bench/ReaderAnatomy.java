// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a record costs its reader, step by step: each step is what one {@link Stage} takes less what the stage before it took in the same
 * round. CPU time, ns per record. One ring, so that one CPU's work is seen and not the machine's number of them. One thread.
 */
final class ReaderAnatomy implements AutoCloseable {
    private static final int WARM_ROUNDS = 8;
    private static final int ROUND_RECORDS = 65_536;
    private static final int BATCH = 1_024;
    private static final int RING_BYTES = 1 << 20;
    /** A flow record and its header in the ring. */
    private static final String RING_RECORD_BYTES = "72";

    private final Map<Stage.Reach, Stage> stages = new EnumMap<>(Stage.Reach.class);
    private final Map<Step, Samples> samples = new EnumMap<>(Step.class);
    private final Map<Step, String> bytes = new LinkedHashMap<>();

    private enum Step {
        WALK("the ring is walked, and each record's time looked at", "bench's `DirectWalk`: the least a reader can do"),
        ORDER("one order, checked", "`capture/ring/Lane`, `Order`"),
        GRAPH("versions, nodes, edges", "`graph/GraphBuilder`, `FlowRecords`, `Versions`"),
        COLUMNS("log: into columns", "`store/log/BlockEncoder`, `ColumnBuffer`"),
        COMPRESSION("log: a block's columns joined, zstd, checksum", "`store/log/BlockEncoder.finish`"),
        WRITING("log: the block written (page cache)", "`store/log/SegmentAppender`"),
        CHAIN("log: its SHA-256; columns emptied", "`store/log/BlockHash`"),
        HOT("rows of the hot index, published", "`store/index/Indexer`, `HotWriter`"),
        WHOLE("**whole path, measured as one**", "");

        private final String text;
        private final String where;

        Step(String text, String where) {
            this.text = text;
            this.where = where;
        }
    }

    ReaderAnatomy() throws IOException {
        for (Step step : Step.values()) {
            samples.put(step, new Samples());
        }
        for (Stage.Reach reach : Stage.Reach.values()) {
            stages.put(reach, new Stage(reach, 1, 1, RING_BYTES));
        }
    }

    void measure(int rounds) throws IOException {
        Stage whole = stages.get(Stage.Reach.LOG);
        long recordsBefore = whole.records();
        long indexBefore = whole.indexBytes();
        for (int round = -WARM_ROUNDS; round < rounds; round++) {
            if (round == 0) {
                // While the first hot segment grows: it is replaced when it is full. Room is made ahead, by steps of 1 MiB.
                bytes.put(Step.HOT, perRecord(whole.indexBytes() - indexBefore, whole.records() - recordsBefore));
            }
            round(round >= 0);
        }
        bytes.put(Step.WALK, RING_RECORD_BYTES);
        bytes.put(Step.GRAPH, String.format(Locale.ROOT, "(%.2f nodes and edges)", stages.get(Stage.Reach.GRAPH).eventsPerRecord()));
    }

    private void round(boolean counts) {
        Map<Stage.Reach, Double> ns = new EnumMap<>(Stage.Reach.class);
        stages.forEach((reach, stage) -> ns.put(reach, stage.round(ROUND_RECORDS, BATCH, counts)));
        LogBlocks.Spent blocks = stages.get(Stage.Reach.COLUMNS).blocks().take();
        if (!counts) {
            return;
        }
        samples.get(Step.WALK).add(ns.get(Stage.Reach.WALK));
        samples.get(Step.ORDER).add(ns.get(Stage.Reach.ORDER) - ns.get(Stage.Reach.WALK));
        samples.get(Step.GRAPH).add(ns.get(Stage.Reach.GRAPH) - ns.get(Stage.Reach.ORDER));
        samples.get(Step.COLUMNS).add(ns.get(Stage.Reach.COLUMNS) - ns.get(Stage.Reach.GRAPH));
        samples.get(Step.COMPRESSION).add((double) blocks.compressing() / ROUND_RECORDS);
        samples.get(Step.WRITING).add((double) blocks.writing() / ROUND_RECORDS);
        samples.get(Step.CHAIN).add((double) blocks.chaining() / ROUND_RECORDS);
        samples.get(Step.HOT).add(ns.get(Stage.Reach.LOG) - ns.get(Stage.Reach.COLUMNS) - (double) blocks.ns() / ROUND_RECORDS);
        samples.get(Step.WHOLE).add(ns.get(Stage.Reach.LOG));
        bytes.put(Step.COLUMNS, perRecord(blocks.payloadBytes(), ROUND_RECORDS));
        bytes.put(Step.COMPRESSION, perRecord(blocks.blockBytes(), ROUND_RECORDS));
    }

    void print() {
        System.out.println("| for the reader, per record | ns of CPU time | part of the whole | bytes | in |");
        System.out.println("|---|---|---|---|---|");
        double whole = samples.get(Step.WHOLE).median();
        for (Step step : Step.values()) {
            Samples taken = samples.get(step);
            System.out.printf(Locale.ROOT, "| %s | %s | %.0f %% | %s | %s |%n", step.text, taken.text(1), 100 * taken.median() / whole,
                    bytes.getOrDefault(step, ""), step.where);
        }
    }

    private static String perRecord(long bytes, long records) {
        return String.format(Locale.ROOT, "%.1f", (double) bytes / records);
    }

    @Override
    public void close() throws IOException {
        for (Stage stage : stages.values()) {
            stage.close();
        }
    }
}
