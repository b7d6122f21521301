// SPDX-License-Identifier: Apache-2.0
package headwater.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.record.KernelId;
import headwater.record.RecordHandler;
import headwater.record.RecordLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final long RING_BYTES = 4096;

    private final List<Long> times = new ArrayList<>();
    private long now = 1;

    private Order order(RecordHandler handler, FakeRing... rings) {
        return new Order(Arrays.stream(rings).map(FakeRing::lane).toArray(Lane[]::new), handler, () -> now);
    }

    private Order order(FakeRing... rings) {
        return order((record, at, length) -> {
            assertEquals(RecordLayout.FLOW_BYTES, length);
            times.add(RecordLayout.time(record, at));
        }, rings);
    }

    private static FakeRing ring() {
        return new FakeRing(RING_BYTES, 0);
    }

    private static long state(int cpu, long number) {
        return (long) cpu << 48 | number;
    }

    @Test
    void shouldMergeByTimeAndGiveTheMemoryBack() {
        FakeRing a = ring();
        FakeRing b = ring();
        Order order = order(a, b);
        a.write(1, 0, 0);
        a.write(4, 0, 0);
        b.write(2, 0, 0);
        b.write(3, 0, 0);
        now = 10;
        assertTrue(order.poll() > 0);
        assertEquals(List.of(1L, 2L, 3L, 4L), times);
        assertEquals(a.end(), a.released());
        assertEquals(b.end(), b.released());
        assertEquals(0, order.poll());
        assertEquals(0, order.backlogBytes());
    }

    @Test
    void shouldKeepThePlaceOfWhatIsPutBetween() {
        FakeRing a = ring();
        FakeRing b = ring();
        Order order = order(a, b);
        now = 10;
        order.poll();
        long waiting = a.reserve(11, 0, 0);
        b.write(12, 0, 0);
        now = 13;
        order.putNow(time -> times.add(-time));
        b.write(14, 0, 0);
        now = 20;
        order.poll();
        assertEquals(List.of(), times, "a record that is older may still come");
        a.submit(waiting);
        order.poll();
        assertEquals(List.of(11L, 12L, -13L, 14L), times);
        now = 21;
        order.putNow(time -> times.add(-time));
        assertEquals(1, order.poll(), "without any record");
        now = 22;
        order.putNow(time -> times.add(-time));
        order.finish();
        assertEquals(List.of(-21L, -22L), times.subList(4, 6));
    }

    @Test
    void shouldWaitForAPlaceThatIsNotFilledYet() {
        FakeRing a = ring();
        FakeRing b = ring();
        Order order = order(a, b);
        now = 10;
        order.poll();
        long waiting = a.reserve(11, 0, 0);
        b.write(12, 0, 0);
        now = 20;
        order.poll();
        assertEquals(List.of(), times, "a record that is older may still come");
        a.submit(waiting);
        order.poll();
        assertEquals(List.of(11L, 12L), times);
    }

    @Test
    void shouldPassOverWhatWasDiscarded() {
        FakeRing a = ring();
        Order order = order(a);
        a.discard(a.reserve(1, 0, 0));
        a.write(2, 0, 0);
        now = 10;
        order.poll();
        assertEquals(List.of(2L), times);
        assertEquals(a.end(), a.released());
    }

    @Test
    void shouldSortPlacesThatAreOlderThanTheirTimes() {
        FakeRing a = ring();
        Order order = order(a);
        a.write(5, 0, 0);
        a.write(3, 0, 0);
        a.write(4, 0, 0);
        now = 5;
        order.poll();
        assertEquals(List.of(3L, 4L), times);
        assertEquals(0, a.released(), "the first place still holds a record");
        now = 6;
        order.poll();
        assertEquals(List.of(3L, 4L, 5L), times);
        assertEquals(a.end(), a.released());
    }

    @Test
    void shouldHandOnACauseBeforeAnEffectWithAnEarlierTime() {
        FakeRing a = ring();
        FakeRing b = ring();
        Order order = order(a, b);
        a.write(7, state(0, 1), 0);
        b.write(5, state(1, 1), state(0, 1));
        now = 10;
        order.poll();
        assertEquals(List.of(7L, 5L), times);
        assertEquals(1, order.reordered());
        assertEquals(0, order.causesMissing());
    }

    @Test
    void shouldCountACauseThatNeverCame() {
        FakeRing a = ring();
        FakeRing b = ring();
        Order order = order(a, b);
        b.write(5, state(1, 1), state(0, 3));
        b.write(6, state(1, 2), state(0, 2));
        b.write(7, state(1, 3), state(40_000, 1));
        now = 10;
        order.poll();
        assertEquals(List.of(5L, 6L, 7L), times);
        assertEquals(1, order.causesMissing());
    }

    @Test
    void shouldNotRepeatARecordOverWhichTheHandlerFailed() {
        FakeRing a = ring();
        Order order = order((record, at, length) -> {
            times.add(RecordLayout.time(record, at));
            if (times.size() == 1) {
                throw new IllegalStateException("first");
            }
        }, a);
        a.write(1, 0, 0);
        a.write(2, 0, 0);
        now = 10;
        assertThrows(IllegalStateException.class, order::poll);
        order.poll();
        assertEquals(List.of(1L, 2L), times);
        assertEquals(a.end(), a.released());
    }

    @Test
    void shouldHandOnEverythingAtTheEnd() {
        FakeRing a = ring();
        Order order = order(a);
        now = 10;
        a.write(10, 0, 0);
        a.write(12, 0, 0);
        order.finish();
        assertEquals(List.of(10L, 12L), times);
    }

    /** Clocks that differ a little between CPUs, rings that wrap, places filled late: nothing lost, no effect before its cause. */
    @RepeatedTest(20)
    void shouldLoseNothingAndKeepCausesFirst() {
        long seed = System.nanoTime();
        System.out.println("OrderTest: seed=" + seed);
        Random random = new Random(seed);
        int cpus = 1 + random.nextInt(5);
        boolean skewed = random.nextBoolean();
        FakeRing[] rings = new FakeRing[cpus];
        long[] skews = new long[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            rings[cpu] = new FakeRing(RING_BYTES, 8L * random.nextInt(1 << 20));
            skews[cpu] = skewed ? random.nextInt(7) : 0;
        }
        Set<Long> seen = new HashSet<>();
        Order order = order((record, at, length) -> {
            long cause = RecordLayout.fromState(record, at);
            assertTrue(cause == 0 || seen.contains(cause), () -> "effect first: cause=" + KernelId.text(cause) + ", seed=" + seed);
            assertTrue(seen.add(RecordLayout.state(record, at)), () -> "a record came twice: seed=" + seed);
        }, rings);
        List<Long> states = new ArrayList<>(List.of(0L));
        long[] numbers = new long[cpus];
        List<Deque<Long>> late = new ArrayList<>();
        for (int cpu = 0; cpu < cpus; cpu++) {
            late.add(new ArrayDeque<>());
        }
        for (int step = 0; step < 5_000; step++) {
            int cpu = random.nextInt(cpus);
            now += 10;
            if (random.nextInt(20) == 0 || !rings[cpu].hasRoom()) {
                submitAll(rings, late);
                order.poll();
            }
            if (!rings[cpu].hasRoom()) {
                now += 10;
                order.poll();
            }
            long cause = states.get(states.size() - 1 - random.nextInt(Math.min(8, states.size())));
            long state = state(cpu, ++numbers[cpu]);
            long position = rings[cpu].reserve(now + skews[cpu], state, cause);
            // Where clocks differ, a late place could pass for a cause that is lost: there each is filled at once.
            if (!skewed && random.nextInt(4) == 0) {
                late.get(cpu).add(position);
            } else {
                rings[cpu].submit(position);
            }
            states.add(state);
            if (random.nextInt(30) == 0) {
                order.poll();
            }
        }
        submitAll(rings, late);
        now += 100;
        order.finish();
        assertEquals(states.size() - 1, seen.size(), () -> "records lost: seed=" + seed);
        assertEquals(0, order.causesMissing(), () -> "seed=" + seed);
        assertEquals(states.size() - 1, order.handedOn());
    }

    private static void submitAll(FakeRing[] rings, List<Deque<Long>> late) {
        for (int cpu = 0; cpu < rings.length; cpu++) {
            while (!late.get(cpu).isEmpty()) {
                rings[cpu].submit(late.get(cpu).remove());
            }
        }
    }
}
