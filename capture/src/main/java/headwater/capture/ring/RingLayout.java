// SPDX-License-Identifier: Apache-2.0
package headwater.capture.ring;

/**
 * The kernel's BPF ring buffer as it is mapped (kernel/bpf/ringbuf.c): positions count bytes from the ring's beginning of
 * time, never wrapping; a position masked by the size is an offset into the data. The data is mapped twice in a row, so a
 * record that wraps is still contiguous.
 *
 * <pre>
 *   map offset 0        4096         8192            8192 + size      8192 + 2 size
 *              +-----------+------------+----------------+----------------+
 *              | consumer  | producer   |  data          |  data again    |
 *              +-----------+------------+----------------+----------------+
 *               position,   position,     read-only
 *               ours        read-only
 *
 *   record     0           4            8
 *              +-----------+------------+-----------+
 *              | B D length| page offset|  payload  |  padded to 8 bytes
 *              +-----------+------------+-----------+
 *               B = being written, D = discarded
 * </pre>
 */
public final class RingLayout {
    public static final long PAGE_BYTES = 4096;
    public static final long CONSUMER_MAP_OFFSET = 0;
    public static final long PRODUCER_MAP_OFFSET = PAGE_BYTES;
    /** Offset of the data in a mapping that starts at {@link #PRODUCER_MAP_OFFSET}. */
    public static final long DATA = PAGE_BYTES;
    public static final int HEADER_BYTES = 8;
    /** More than any record has, header and all (bpf/record.h): so far the data has to be mapped beyond its end. */
    public static final int LONGEST_SPAN = 1 << 16;
    public static final int BUSY = 1 << 31;
    public static final int DISCARDED = 1 << 30;
    public static final int LENGTH = ~(BUSY | DISCARDED);

    private RingLayout() {
    }

    /**
     * How much is to be mapped at {@link #PRODUCER_MAP_OFFSET}. Not the whole second copy of the data: each page of it that is mapped counts
     * as resident memory of the process, touched or not.
     *
     * @param bytes size of the ring
     */
    public static long mappedBytes(long bytes) {
        return DATA + bytes + Math.min(bytes, LONGEST_SPAN);
    }

    /** Bytes that a record with {@code length} bytes of payload takes in the ring. */
    public static long span(int length) {
        return (length + HEADER_BYTES + 7L) & ~7L;
    }
}
