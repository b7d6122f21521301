// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What really happened: every flow, in its order. What an object holds is found by going back over them. */
final class Truth {
    private final List<int[]> flows = new ArrayList<>();
    private int things;

    int thing() {
        return things++;
    }

    int things() {
        return things;
    }

    int now() {
        return flows.size();
    }

    void flow(int from, int to) {
        flows.add(new int[] {from, to});
    }

    /** All that had flowed into {@code thing} when the first {@code until} flows had happened, itself not counted. */
    BitSet ancestors(int thing, int until) {
        BitSet holds = new BitSet();
        holds.set(thing);
        for (int i = until - 1; i >= 0; i--) {
            if (holds.get(flows.get(i)[1])) {
                holds.set(flows.get(i)[0]);
            }
        }
        holds.clear(thing);
        return holds;
    }
}
