// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.record.LaneLayout;
import headwater.record.RecordClass;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the CPUs count, and what of it was reported. */
final class LaneCounters {
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
        lanes = arena.allocate((long) LaneLayout.BYTES * cpus, 8);
        reported = new long[cpus * LaneLayout.CAUSES * RecordClass.COUNT];
    }

    /** Takes the counters as they are now. */
    void read() {
        object.get(map, key, lanes);
    }

    /** Reports what had been lost by the last {@link #read} and was not reported before. */
    void report(long fromNs, long toNs, LossHandler handler) {
        int slot = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            for (int cause = 0; cause < LaneLayout.CAUSES; cause++) {
                for (int recordClass = 0; recordClass < RecordClass.COUNT; recordClass++) {
                    long count = at(cpu, LaneLayout.lost(cause, recordClass));
                    long before = reported[slot];
                    if (count != before) {
                        reported[slot] = count;
                        handler.lost(cause, recordClass, cpu, fromNs, toNs, count - before);
                    }
                    slot++;
                }
            }
        }
    }

    /** The sum over all CPUs of one counter, as of the last {@link #read}. */
    long sum(int counter) {
        long sum = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            sum += at(cpu, counter);
        }
        return sum;
    }

    private long at(int cpu, int counter) {
        return lanes.get(ValueLayout.JAVA_LONG, (long) cpu * LaneLayout.BYTES + counter);
    }
}
