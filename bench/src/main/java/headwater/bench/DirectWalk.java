// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.kernel.Libc;
import headwater.capture.ring.RingLayout;
import headwater.record.RecordLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The least that a reader of a ring can do: goes from record to record, looks at each one's time, and gives the memory back.
 * What {@link headwater.capture.ring.Order} costs on top is the price of one order across CPUs. One thread.
 */
final class DirectWalk {
    private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final long mask;
    private long times;

    DirectWalk(Arena arena, int descriptor, long bytes) {
        consumer = Libc.mmap(arena, descriptor, RingLayout.CONSUMER_MAP_OFFSET, RingLayout.PAGE_BYTES,
                Libc.PROT_READ | Libc.PROT_WRITE);
        producer = Libc.mmap(arena, descriptor, RingLayout.PRODUCER_MAP_OFFSET, RingLayout.mappedBytes(bytes),
                Libc.PROT_READ);
        data = producer.asSlice(RingLayout.DATA);
        mask = bytes - 1;
    }

    /** Returns how many records it passed. */
    int drain() {
        long at = (long) POSITION.getAcquire(consumer, 0L);
        long end = (long) POSITION.getAcquire(producer, 0L);
        long sum = 0;
        int count = 0;
        while (at < end) {
            int header = (int) LENGTH.getAcquire(data, at & mask);
            if ((header & RingLayout.BUSY) != 0) {
                break;
            }
            sum += RecordLayout.time(data, (at & mask) + RingLayout.HEADER_BYTES);
            at += RingLayout.span(header & RingLayout.LENGTH);
            count++;
        }
        POSITION.setRelease(consumer, 0L, at);
        times += sum;
        return count;
    }

    /** The sum of all times: so that no compiler can leave the look at them out. */
    long times() {
        return times;
    }
}
