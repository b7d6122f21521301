// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * Something that the record missed.
 *
 * @param cause what was lost, and why
 * @param cpu the CPU on which it was counted, -1 if it is not of one CPU
 * @param fromNs start of the interval in which it happened, nanoseconds since the Unix epoch
 * @param toNs its end
 * @param count how many records (or objects, by cause); 0 if unknown
 */
public record Gap(Cause cause, int cpu, long fromNs, long toNs, long count) {
    /** Why something is missing. The code is stable. */
    public enum Cause {
        /** A ring was full: flows are missing. */
        RING_FULL(1, "the ring was full"),
        /** A kernel map was full: an object could not be followed. */
        MAP_FULL(2, "a kernel map was full"),
        /** A name, argument list or other kernel memory could not be read. */
        UNREADABLE(3, "kernel or user memory could not be read"),
        /** A system call of another ABI (32-bit) was made, which the front-end does not follow. */
        FOREIGN_ABI(4, "a 32-bit system call was not followed"),
        /** The capture ended without closing: what followed is not in the record. */
        UNCLEAN_END(5, "the capture ended without closing"),
        /** The log could not take events (a full disk, an I/O error). */
        LOG_REFUSED(6, "the log could not be written"),
        /** Records arrived whose cause never came. */
        CAUSE_MISSING(7, "a record's cause was lost"),
        /** The kernel did not run a program that it should have run. */
        HOOK_SKIPPED(8, "the kernel skipped a hook");

        private final int code;
        private final String text;

        Cause(int code, String text) {
            this.code = code;
            this.text = text;
        }

        public int code() {
            return code;
        }

        /** A clause for people. */
        public String text() {
            return text;
        }

        /**
         * @throws IllegalArgumentException if no cause has {@code code}
         */
        public static Cause ofCode(int code) {
            for (Cause cause : values()) {
                if (cause.code == code) {
                    return cause;
                }
            }
            throw new IllegalArgumentException("unknown gap cause: code=" + code);
        }
    }
}
