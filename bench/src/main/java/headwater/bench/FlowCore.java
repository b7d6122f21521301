// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.lang.foreign.Arena;

/**
 * What the flow core itself takes, without a system call around it: a BPF program records in a loop, and the loop alone. ns of wall time
 * for each turn; of an even mixture of reads and writes, all of them new.
 */
record FlowCore(Samples recording, Samples loop) {
    private static final int RECORDS = 4_096;
    private static final int RING_BYTES = 1 << 20;

    /**
     * Measures it on the first CPU.
     *
     * @param warm rounds that do not count
     * @param rounds that do
     */
    static FlowCore measure(int warm, int rounds) {
        FlowCore core = new FlowCore(new Samples(), new Samples());
        try (Producer producer = new Producer(1, 1, RING_BYTES); Arena arena = Arena.ofShared()) {
            DirectWalk walk = new DirectWalk(arena, producer.rings()[0], RING_BYTES);
            walk.drain();
            for (int round = -warm; round < rounds; round++) {
                long start = System.nanoTime();
                producer.run("fill", 0, RECORDS);
                long middle = System.nanoTime();
                producer.run("loop", 0, RECORDS);
                long end = System.nanoTime();
                if (walk.drain() != RECORDS) {
                    throw new IllegalStateException("not every flow was recorded: want=" + RECORDS);
                }
                if (round >= 0) {
                    core.recording.add((double) (middle - start) / RECORDS);
                    core.loop.add((double) (end - middle) / RECORDS);
                }
            }
        }
        return core;
    }
}
