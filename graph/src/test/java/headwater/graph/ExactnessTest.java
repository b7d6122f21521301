// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Of whatever happens on a machine, the graph that is drawn of the records that were not left out tells the same
 * ancestors as the whole truth: no more, no less, at the end and at every moment before.
 */
class ExactnessTest {
    private static final int RUNS = Integer.getInteger("headwater.runs", 2500);
    private static final int STEPS = 120;

    /**
     * A version that was an object's newest when {@code flows} flows had happened and {@code edges} edges were drawn.
     */
    private record Moment(int thing, int node, int flows, int edges) {
    }

    @Test
    void tellsTheTruthOfEveryObjectAndVersion() {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        System.out.println("ExactnessTest: headwater.seed=" + seed);
        int suppressed = 0;
        int flows = 0;
        for (int run = 0; run < RUNS; run++) {
            Machine machine = new Machine(new Random(seed + run), false);
            String difference = difference(machine, new Random(~(seed + run)));
            assertEquals("", difference, "headwater.seed=" + (seed + run));
            machine.graph.assertAcyclic();
            assertTrue(machine.graph.gaps.isEmpty());
            suppressed += machine.suppressed;
            flows += machine.truth.now();
        }
        /* A rule that left nothing out would pass too. */
        assertTrue(suppressed > flows / 20, "left out " + suppressed + " of " + flows);
        System.out.println("ExactnessTest: runs=" + RUNS + ", flows=" + flows + ", leftOut=" + suppressed);
    }

    @Test
    void noticesARuleThatLeavesOutTooMuch() {
        long seed = 1;
        int noticed = 0;
        for (int run = 0; run < 50; run++) {
            noticed += difference(new Machine(new Random(seed + run), true), new Random(run)).isEmpty() ? 0 : 1;
        }
        assertTrue(noticed > 25, "noticed in " + noticed + " of 50 runs");
    }

    private static String difference(Machine machine, Random random) {
        List<Moment> moments = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            machine.step();
            if (random.nextInt(8) == 0) {
                moment(machine, random.nextInt(machine.truth.things()), moments);
            }
        }
        for (int thing = 0; thing < machine.truth.things(); thing++) {
            moment(machine, thing, moments);
        }
        for (Moment moment : moments) {
            String difference = difference(machine, moment);
            if (!difference.isEmpty()) {
                return difference;
            }
        }
        return "";
    }

    private static void moment(Machine machine, int thing, List<Moment> moments) {
        int object = machine.objects.get(thing);
        if (object >= 0) {
            int node = machine.graph.newestNode.get(object);
            moments.add(new Moment(thing, node, machine.truth.now(), machine.graph.edges.size()));
        }
    }

    private static String difference(Machine machine, Moment moment) {
        BitSet want = new BitSet();
        machine.truth.ancestors(moment.thing, moment.flows).stream()
                .forEach(thing -> want.set(machine.objects.get(thing)));
        BitSet got = machine.graph.ancestors(moment.node, moment.edges);
        for (int object = got.nextSetBit(0); object >= 0; object = got.nextSetBit(object + 1)) {
            switch (machine.graph.kinds.get(object)) {
                case FILE, PIPE, SOCKET, PROCESS_MEMORY -> {
                }
                default -> got.clear(object);
            }
        }
        return want.equals(got) ? "" : "thing " + moment.thing + " after " + moment.flows + " flows: want " + want
                + ", got " + got;
    }
}
