// SPDX-License-Identifier: Apache-2.0
package headwater.capture.ring;

import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A ring in plain memory, written as the kernel writes one ({@link RingLayout}). */
final class FakeRing {
    private final long bytes;
    private final MemorySegment consumer = MemorySegment.ofArray(new long[(int) RingLayout.PAGE_BYTES / 8]);
    private final MemorySegment producer;
    private final Lane lane;
    private long end;

    /** @param start where the positions begin, as if so much had gone through already */
    FakeRing(long bytes, long start) {
        this.bytes = bytes;
        producer = MemorySegment.ofArray(new long[(int) (RingLayout.PAGE_BYTES + 2 * bytes) / 8]);
        end = start;
        producer.set(ValueLayout.JAVA_LONG, 0, end);
        consumer.set(ValueLayout.JAVA_LONG, 0, end);
        lane = new Lane(consumer, producer, bytes);
    }

    Lane lane() {
        return lane;
    }

    boolean hasRoom() {
        return end + RingLayout.span(RecordLayout.FLOW_BYTES) - released() <= bytes;
    }

    /** A flow's record, reserved and filled, but not submitted; its position. */
    long reserve(long time, long state, long fromState) {
        if (!hasRoom()) {
            throw new IllegalStateException("ring is full: end=" + end + ", released=" + released());
        }
        long position = end;
        long at = RingLayout.DATA + (position & bytes - 1);
        producer.set(ValueLayout.JAVA_INT, at, RecordLayout.FLOW_BYTES | RingLayout.BUSY);
        long payload = at + RingLayout.HEADER_BYTES;
        producer.asSlice(payload, RecordLayout.FLOW_BYTES).fill((byte) 0);
        producer.set(ValueLayout.JAVA_LONG, payload + RecordLayout.TIME, time);
        producer.set(ValueLayout.JAVA_BYTE, payload + RecordLayout.TYPE, (byte) RecordType.FLOW);
        producer.set(ValueLayout.JAVA_LONG, payload + RecordLayout.STATE, state);
        producer.set(ValueLayout.JAVA_LONG, payload + RecordLayout.FROM_STATE, fromState);
        end += RingLayout.span(RecordLayout.FLOW_BYTES);
        producer.set(ValueLayout.JAVA_LONG, 0, end);
        return position;
    }

    void submit(long position) {
        header(position, RecordLayout.FLOW_BYTES);
    }

    void discard(long position) {
        header(position, RecordLayout.FLOW_BYTES | RingLayout.DISCARDED);
    }

    void write(long time, long state, long fromState) {
        submit(reserve(time, state, fromState));
    }

    private void header(long position, int header) {
        producer.set(ValueLayout.JAVA_INT, RingLayout.DATA + (position & bytes - 1), header);
    }

    /** How far the reader has given memory back. */
    long released() {
        return consumer.get(ValueLayout.JAVA_LONG, 0);
    }

    long end() {
        return end;
    }
}
