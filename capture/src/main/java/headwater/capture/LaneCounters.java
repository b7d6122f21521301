// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What each CPU counts ({@code struct lane} of {@code bpf/record.h}): eight-byte numbers, CPU after CPU.
 *
 * <pre>
 *   0        8        16                      48
 *   +--------+--------+------- 4 x 8 ---------+
 *   | objects| states | lost, by kind         |
 *   +--------+--------+-----------------------+
 * </pre>
 */
final class LaneCounters {
    private static final int LOST = 16;
    private static final int LOSS_KINDS = 4;
    private static final int LANE_BYTES = 48;

    private final BpfObject object;
    private final int map;
    private final int cpus;
    private final MemorySegment key;
    private final MemorySegment lanes;
    private final long[] reported;

    LaneCounters(Arena arena, BpfObject object, int cpus) {
        this.object = object;
        this.cpus = cpus;
        map = object.mapDescriptor("lanes");
        key = arena.allocate(4);
        lanes = arena.allocate((long) LANE_BYTES * cpus, 8);
        reported = new long[cpus * LOSS_KINDS];
    }

    /** Reports what has been lost since the last call. */
    void report(long fromNs, long toNs, LossHandler handler) {
        object.get(map, key, lanes);
        for (int cpu = 0; cpu < cpus; cpu++) {
            for (int kind = 0; kind < LOSS_KINDS; kind++) {
                long count = lanes.get(ValueLayout.JAVA_LONG, (long) cpu * LANE_BYTES + LOST + 8L * kind);
                long before = reported[cpu * LOSS_KINDS + kind];
                if (count != before) {
                    reported[cpu * LOSS_KINDS + kind] = count;
                    handler.lost(kind, cpu, fromNs, toNs, count - before);
                }
            }
        }
    }
}
