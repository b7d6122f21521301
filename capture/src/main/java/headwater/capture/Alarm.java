// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.Epoll;
import headwater.capture.kernel.Libc;
import headwater.capture.ring.Order;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The reader's sleep: it says so in {@code wakes} of bpf/flow.h, and the next record of any ring wakes it. While it looks at the rings by
 * itself, records wake nobody.
 */
final class Alarm implements AutoCloseable {
    private static final VarHandle WAKES = ValueLayout.JAVA_LONG.varHandle();
    private static final int PAGE = 4096;
    /* uapi/linux/bpf.h */
    private static final long BPF_RB_NO_WAKEUP = 1;
    private static final long BPF_RB_FORCE_WAKEUP = 2;

    private final Epoll epoll = new Epoll();
    private final MemorySegment wakes;
    private final Order order;

    /**
     * @param order of what is in the rings, asked by the thread that sleeps
     * @param wakes descriptor of the map of the section {@code .data.wakes}
     * @param rings descriptors of the rings
     */
    Alarm(Arena arena, Order order, int wakes, int[] rings) {
        this.order = order;
        try {
            this.wakes = Libc.mmap(arena, wakes, 0, PAGE, Libc.PROT_READ | Libc.PROT_WRITE);
            for (int ring : rings) {
                epoll.add(ring);
            }
        } catch (RuntimeException | Error e) {
            epoll.close();
            throw e;
        }
    }

    /**
     * Sleeps until there is a record, somebody calls {@link #wake}, or the time is over; not at all if something has come that nobody
     * was to be woken for. A record that is stored at the very moment may be seen only when the time is over: its CPU can have read the
     * flag before its place in the ring could be seen here.
     *
     * @return false if it did not sleep, as something is there
     */
    boolean sleep(int atMostMs) {
        WAKES.setVolatile(wakes, 0L, BPF_RB_FORCE_WAKEUP);
        try {
            if (!order.isQuiet()) {
                return false;
            }
            epoll.await(atMostMs);
            return true;
        } finally {
            WAKES.setRelease(wakes, 0L, BPF_RB_NO_WAKEUP);
        }
    }

    /** By any thread. */
    void wake() {
        epoll.ring();
    }

    @Override
    public void close() {
        epoll.close();
    }
}
