// SPDX-License-Identifier: Apache-2.0
package headwater.capture.ring;

import headwater.capture.kernel.Libc;
import headwater.record.RecordLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The ring of one CPU, read in place: the records that have come but were not handed on yet, in the order of their time.
 * They stay where the kernel wrote them until {@link #release}. Used by one thread.
 */
final class Lane {
    private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final long mask;

    /* Records seen and not handed on: a queue in two arrays of the same power-of-two length, sorted by time. */
    private long[] times = new long[1024];
    private long[] positions = new long[1024];
    private int head;
    private int tail;
    /** From here on the queue is in the order of the ring; not before the head. */
    private int disorderEnd;

    private long scanned;
    private long released;
    private long completeNs;

    /**
     * @param consumer the page with our position
     * @param producer the page with the kernel's position, and behind it the data, and its beginning again
     * @param bytes size of the ring, a power of two
     */
    Lane(MemorySegment consumer, MemorySegment producer, long bytes) {
        this.consumer = consumer;
        this.producer = producer;
        data = producer.asSlice(RingLayout.DATA);
        mask = bytes - 1;
        scanned = (long) POSITION.getAcquire(consumer, 0L);
        released = scanned;
    }

    /**
     * Maps a ring; unmapped when {@code arena} closes.
     *
     * @param bytes size of the ring, a power of two
     */
    static Lane map(Arena arena, int fd, long bytes) {
        return new Lane(
                Libc.mmap(arena, fd, RingLayout.CONSUMER_MAP_OFFSET, RingLayout.PAGE_BYTES, Libc.PROT_READ | Libc.PROT_WRITE),
                Libc.mmap(arena, fd, RingLayout.PRODUCER_MAP_OFFSET, RingLayout.mappedBytes(bytes), Libc.PROT_READ),
                bytes);
    }

    /**
     * Looks for new records.
     *
     * @param nowNs the time at which this poll of all lanes began. Records reserved after the producer position is read here
     *     are stamped after it, so once the lane is seen through, no record older than {@code nowNs} can follow.
     * @return how many have come
     */
    int poll(long nowNs) {
        long end = (long) POSITION.getAcquire(producer, 0L);
        long at = scanned;
        int found = 0;
        while (at < end) {
            long offset = at & mask;
            int header = (int) LENGTH.getAcquire(data, offset);
            if ((header & RingLayout.BUSY) != 0) {
                scanned = at;
                return found;
            }
            int length = header & RingLayout.LENGTH;
            if ((header & RingLayout.DISCARDED) == 0) {
                add(RecordLayout.time(data, offset + RingLayout.HEADER_BYTES), at);
                found++;
            }
            at += RingLayout.span(length);
        }
        scanned = at;
        completeNs = nowNs;
        return found;
    }

    private void add(long time, long position) {
        if (tail - head == times.length) {
            grow();
        }
        int slots = times.length - 1;
        int at = tail++;
        // A program that is preempted between reserving and stamping leaves a record whose place is before its time.
        while (at != head && times[at - 1 & slots] > time) {
            times[at & slots] = times[at - 1 & slots];
            positions[at & slots] = positions[at - 1 & slots];
            disorderEnd = tail;
            at--;
        }
        times[at & slots] = time;
        positions[at & slots] = position;
    }

    private void grow() {
        int old = times.length;
        long[] newTimes = new long[old * 2];
        long[] newPositions = new long[old * 2];
        for (int i = 0; i < old; i++) {
            newTimes[i] = times[head + i & old - 1];
            newPositions[i] = positions[head + i & old - 1];
        }
        times = newTimes;
        positions = newPositions;
        disorderEnd -= head;
        head = 0;
        tail = old;
    }

    /** Whether a place in the ring was reserved that no poll has seen through. */
    boolean hasCome() {
        return (long) POSITION.getAcquire(producer, 0L) != scanned;
    }

    boolean isEmpty() {
        return head == tail;
    }

    /** Time of the oldest record; {@link Long#MAX_VALUE} if there is none. */
    long headTimeNs() {
        return head == tail ? Long.MAX_VALUE : times[head & times.length - 1];
    }

    /** Every record older than this has been seen. */
    long completeNs() {
        return completeNs;
    }

    /** The memory that the records lie in; offsets are those of {@link #headOffset}. */
    MemorySegment data() {
        return data;
    }

    /** Offset of the oldest record's payload. */
    long headOffset() {
        return (positions[head & positions.length - 1] & mask) + RingLayout.HEADER_BYTES;
    }

    int headLength() {
        return (int) LENGTH.getAcquire(data, positions[head & positions.length - 1] & mask) & RingLayout.LENGTH;
    }

    /** Takes the oldest record out of the queue; its memory stays valid until {@link #release}. */
    void next() {
        head++;
    }

    /** Gives the memory of all records handed on back to the kernel. */
    void release() {
        long free = scanned;
        if (disorderEnd - head < 0) {
            disorderEnd = head;
        }
        if (head != tail) {
            free = positions[head & positions.length - 1];
            for (int i = head + 1; i - disorderEnd < 0; i++) {
                free = Math.min(free, positions[i & positions.length - 1]);
            }
        }
        // The kernel reads this page at each reservation: a write that says nothing new would take it away from there.
        if (free != released) {
            POSITION.setRelease(consumer, 0L, free);
            released = free;
        }
    }

    /** Bytes between what the kernel has written and what was given back to it. */
    long backlogBytes() {
        return (long) POSITION.getAcquire(producer, 0L) - (long) POSITION.getAcquire(consumer, 0L);
    }
}
