// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

/** Is told what the kernel side could not record. */
@FunctionalInterface
public interface LossHandler {
    /** A number of {@code enum loss}: a ring was full. */
    int RING_FULL = 0;
    int MAP_FULL = 1;
    int UNREADABLE = 2;
    int FOREIGN_ABI = 3;
    /** Not counted in the kernel: records arrived whose cause never did. */
    int CAUSE_MISSING = 4;

    /** Not counted by a program: the kernel did not run one that would have recorded a flow. */
    int HOOK_SKIPPED = 5;

    /**
     * @param kind one of the numbers above
     * @param cpu where it was counted, -1 if not on one CPU
     * @param fromNs start of the interval, nanoseconds since boot
     * @param toNs its end
     * @param count how many in it
     */
    void lost(int kind, int cpu, long fromNs, long toNs, long count);
}
