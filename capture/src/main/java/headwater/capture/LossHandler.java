// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

/** Is told what the kernel side could not record. */
@FunctionalInterface
public interface LossHandler {
    /* Numbers of enum loss (bpf/record.h), counted by the programs. */
    /** A ring was full. */
    int RING_FULL = 0;
    /** There was no memory for an object's entry in a map. */
    int MAP_FULL = 1;
    /** Arguments or paths could not be read. */
    int UNREADABLE = 2;
    /** A system call of the 32-bit ABI was made. */
    int FOREIGN_ABI = 3;
    /** Given up, to leave room for more important records. */
    int SHED = 4;
    /** Not counted in the kernel: records arrived whose cause never did. */
    int CAUSE_MISSING = 5;
    /** Not counted by a program: the kernel did not run one that would have recorded a flow. */
    int HOOK_SKIPPED = 6;

    /**
     * @param cause one of the numbers above
     * @param recordClass what kind of record: one of {@link headwater.record.RecordClass}
     * @param cpu where it was counted, -1 if not on one CPU
     * @param fromNs start of the interval, nanoseconds since boot
     * @param toNs its end
     * @param count how many in it
     */
    void lost(int cause, int recordClass, int cpu, long fromNs, long toNs, long count);
}
