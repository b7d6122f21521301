// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.FlowOp;

/**
 * The rule by which the kernel side leaves flows out, as bpf/flow.h has it: each flow that is recorded gives the sink a
 * new state, and a sink remembers a few of the states that it has taken, in slots that collide.
 */
final class KernelRule {
    private static final long OPENED = 1L << 63;
    private static final int CPUS = 2;

    /** An object in the kernel's maps. */
    static final class Held {
        final long id;
        long state;
        final long[] seen;

        Held(long id, long state, int slots) {
            this.id = id;
            this.state = state;
            seen = new long[slots];
        }
    }

    private final long[] objects = new long[CPUS];
    private final long[] states = new long[CPUS];
    /** True breaks the rule: a recorded flow leaves the sink's state as it was. */
    private final boolean keepsState;
    int cpu;

    KernelRule(boolean keepsState) {
        this.keepsState = keepsState;
    }

    long newId() {
        return (long) cpu << 48 | ++objects[cpu];
    }

    private long newState() {
        return (long) cpu << 48 | ++states[cpu];
    }

    Held newProcess() {
        return new Held(newId(), newState(), 32);
    }

    Held newInode() {
        return new Held(newId(), newState(), 4);
    }

    /** True if the flow is recorded. */
    boolean flow(Held from, Held to, int op) {
        int slots = to.seen.length;
        long remember = from.state;
        int slot = slot(from.state, slots);
        boolean recorded = to.seen[slot] != from.state;
        if (recorded && (op == FlowOp.OPEN || op == FlowOp.ACCEPT)) {
            remember |= OPENED;
            slot = slot(from.state + slots / 2, slots);
            recorded = to.seen[slot] != remember;
        }
        if (recorded) {
            if (!keepsState) {
                to.state = newState();
            }
            to.seen[slot] = remember;
        }
        return recorded;
    }

    private static int slot(long state, int slots) {
        return (int) (state ^ state >>> 48) & slots - 1;
    }
}
