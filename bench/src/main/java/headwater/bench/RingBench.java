// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;

/**
 * What a record costs between its ring and the log. The stages of the path alternate, round after round, in one JVM.
 * Arguments: {@code [ROUNDS]}, or {@code profile SECONDS}: the whole path only, for a profiler.
 */
public final class RingBench {
    private static final int WARM_ROUNDS = 8;
    private static final int ROUND_RECORDS = 65_536;
    private static final int SMALL_BATCH = 1_024;
    /** Rings of a machine of some size. */
    private static final int MANY_LANES = 64;
    /** A flow record and its header in the ring, bytes. */
    private static final int RECORD_SPAN = 72;
    private static final int PROFILE_BATCH = 16_384;

    private RingBench() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 2 && arguments[0].equals("profile")) {
            profile(Integer.parseInt(arguments[1]));
            return;
        }
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        FlowCore core = FlowCore.measure(WARM_ROUNDS, 4 * rounds);
        System.out.printf(Locale.ROOT, "The flow core, recording (BPF, no system call around it): %s ns per record; the loop"
                + " alone %s ns.%n%n", core.recording().text(1), core.loop().text(1));
        System.out.println("| ns of CPU time per record | rings | in use | records per poll and ring | median (lowest–highest) |"
                + " heap bytes |");
        System.out.println("|---|---|---|---|---|---|");
        int all = Runtime.getRuntime().availableProcessors();
        measure(1, 1, SMALL_BATCH, rounds);
        measure(all, all, SMALL_BATCH, rounds);
        measure(all, all, ROUND_RECORDS, rounds);
        measure(all, Math.max(all, MANY_LANES), SMALL_BATCH, rounds);
    }

    private static void measure(int cpus, int lanes, int batch, int rounds) throws IOException {
        // As large as the batch needs, for many of them must fit into memory.
        int ringBytes = Math.max(1 << 20, Integer.highestOneBit(batch * RECORD_SPAN) << 1);
        Map<Stage.Reach, Stage> stages = new EnumMap<>(Stage.Reach.class);
        // Whose batches are small enough for one block only.
        for (Stage.Reach reach : EnumSet.complementOf(EnumSet.of(Stage.Reach.COLUMNS))) {
            stages.put(reach, new Stage(reach, cpus, lanes, ringBytes));
        }
        for (int round = -WARM_ROUNDS; round < rounds; round++) {
            for (Stage stage : stages.values()) {
                stage.round(ROUND_RECORDS, batch, round >= 0);
            }
        }
        for (Map.Entry<Stage.Reach, Stage> entry : stages.entrySet()) {
            Stage stage = entry.getValue();
            System.out.printf(Locale.ROOT, "| %s | %d | %d | %,d | %s | %.2f |%n", entry.getKey().text(), lanes, cpus,
                    batch, stage.ns().text(1), stage.allocated().median());
        }
        double events = stages.get(Stage.Reach.GRAPH).eventsPerRecord();
        double bytes = stages.get(Stage.Reach.LOG).bytesPerRecord();
        System.err.printf(Locale.ROOT, "events per record %.2f, log bytes per record %.1f, per event %.1f%n", events, bytes,
                bytes / events);
        for (Stage stage : stages.values()) {
            stage.close();
        }
    }

    /** Fills in another thread, so that a profile of this one holds nothing but the path. */
    private static void profile(int seconds) throws IOException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int cpus = Runtime.getRuntime().availableProcessors();
        try (Stage stage = new Stage(Stage.Reach.LOG, cpus, cpus, 16 << 20)) {
            while (System.nanoTime() < end) {
                try {
                    Thread.ofPlatform().name("producer").start(() -> stage.fill(PROFILE_BATCH)).join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                stage.drain();
            }
        }
    }
}
