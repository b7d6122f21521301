// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.kernel.BpfObject;
import headwater.record.KernelObjects;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Fills real rings through the flow core, without any system call of a followed process: BPF programs that are run on demand,
 * on the CPU whose ring they fill. One thread.
 */
final class Producer implements AutoCloseable {
    /** Records of a CPU in a row: how finely the CPUs' records interleave in time. */
    private static final int RUN = 32;

    private final BpfObject object = new BpfObject("bench", KernelObjects.read("bench"));
    private final Arena arena = Arena.ofShared();
    private final MemorySegment context = arena.allocate(8, 8);
    private final int cpus;
    private final int[] rings;

    /**
     * @param cpus how many CPUs, from 0 on
     * @param lanes how many rings, at least one for each CPU; the others stay empty
     * @param ringBytes size of each ring, a power of two
     */
    Producer(int cpus, int lanes, int ringBytes) {
        this.cpus = cpus;
        object.select(program -> program.family().equals("raw_tp"));
        object.load();
        rings = new int[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            rings[lane] = object.addRing("rings", lane, ringBytes);
        }
        for (int cpu = 0; cpu < cpus; cpu++) {
            run("introduce", cpu, cpu == 0 ? 1 : 0);
        }
    }

    /** The descriptors of the rings, by CPU. */
    int[] rings() {
        return rings.clone();
    }

    /** Makes {@code records} flows on each CPU, in turns. */
    void fill(int records) {
        for (int left = records; left > 0; left -= RUN) {
            for (int cpu = 0; cpu < cpus; cpu++) {
                run("fill", cpu, Math.min(RUN, left));
            }
        }
    }

    /** Runs one of the object's programs with one argument. */
    void run(String name, int cpu, long argument) {
        context.set(ValueLayout.JAVA_LONG, 0, argument);
        for (BpfObject.Program program : object.programs()) {
            if (program.name().equals(name)) {
                object.runOn(cpu, program, context);
                return;
            }
        }
        throw new IllegalArgumentException("no such program: name=" + name);
    }

    @Override
    public void close() {
        object.close();
        arena.close();
    }
}
