// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * Something that the record missed.
 *
 * @param cause why it was lost
 * @param kind what kind of record
 * @param cpu the CPU on which it was counted, -1 if it is not of one CPU
 * @param fromNs start of the interval in which it happened, nanoseconds since the Unix epoch
 * @param toNs its end
 * @param count how many records (or objects, by cause); 0 if unknown
 */
public record Gap(Cause cause, Kind kind, int cpu, long fromNs, long toNs, long count) {
    /** What is missing may be of any kind. */
    public Gap(Cause cause, int cpu, long fromNs, long toNs, long count) {
        this(cause, Kind.ANY, cpu, fromNs, toNs, count);
    }

    /**
     * True if flows may be missing that came after the interval: a process, file or socket that could not be introduced, or a
     * hook that did not run, can leave later flows unseen or in the wrong place. A read or write that was lost is lost by
     * itself.
     */
    public boolean lasting() {
        return switch (cause) {
            case RING_FULL, SHED -> switch (kind) {
                case NAME, ACCESS, TRANSFER, LINE -> false;
                case ANY, PROCESS, OBJECT, CONNECTION -> true;
            };
            case UNREADABLE, UNCLEAN_END, LOG_REFUSED, LIMITED, NOT_IMPORTED, NOT_INDEXED -> false;
            case MAP_FULL, FOREIGN_ABI, CAUSE_MISSING, HOOK_SKIPPED -> true;
        };
    }

    /** What kind of record is missing, the most important first. The code is stable. */
    public enum Kind {
        /** Not known, or of any kind. */
        ANY(0, "records of any kind"),
        /** Processes begun and ended, programs executed. */
        PROCESS(1, "processes and programs"),
        /** Files, sockets and remote ends met for the first time, with the flows that they were met by. */
        OBJECT(2, "files and sockets newly met"),
        /** Sockets made, connected, bound, accepted. */
        CONNECTION(3, "connections"),
        /** Names and arguments; links, renames, removals. */
        NAME(4, "names, renames and removals"),
        /** Files opened, made, mapped, cut. */
        ACCESS(5, "opens and mappings"),
        /** Bytes read, written, sent, received. */
        TRANSFER(6, "reads and writes"),
        /** Lines of logs that would have been annotations. No flow is missing. */
        LINE(7, "lines of logs");

        private final int code;
        private final String text;

        Kind(int code, String text) {
            this.code = code;
            this.text = text;
        }

        public int code() {
            return code;
        }

        /** A noun for people, in the plural. */
        public String text() {
            return text;
        }

        /**
         * @throws IllegalArgumentException if no kind has {@code code}
         */
        public static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("unknown gap kind: code=" + code);
        }
    }

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
        HOOK_SKIPPED(8, "the kernel skipped a hook"),
        /** A ring was filling, and less important records gave way. */
        SHED(9, "the ring was filling, and less important records gave way"),
        /** A user's processes wrote more than is kept. */
        LIMITED(10, "more came than is kept of one user"),
        /** Imported evidence had statements that could not be read, or that name what it nowhere says. */
        NOT_IMPORTED(20, "imported evidence could not be read"),
        /** The log has it, and the index not yet; of a view, never in a log. */
        NOT_INDEXED(21, "the index is behind; ask again");

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
