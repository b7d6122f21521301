// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

/** What the process's status says. */
public final class ExitCode {
    /** The question was answered, or the work was done. */
    public static final int ANSWERED = 0;
    /** Nothing was found. */
    public static final int NOTHING = 1;
    /** The command line was wrong. */
    public static final int WRONG_USE = 2;
    /** The store is damaged, or of a version that this build cannot read. */
    public static final int DAMAGED = 3;
    /** Capture (or what else was asked) is not possible here. */
    public static final int NOT_POSSIBLE = 4;
    /** A fault of Headwater itself, as sysexits(3) has it. */
    public static final int FAULT = 70;

    /** Ctrl-C: what was found until then was answered. As shells have it: 128 and the number of the signal. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {
    }
}
