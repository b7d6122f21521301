// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import headwater.bench.Level;
import java.util.Locale;

/** Which figure. Of operations: instructions of one, with nothing attached or added to that; of programs: sizes. */
public enum Measure {
    /** Not judged: it is the kernel's, and the measure for how exact the others are. */
    OFF(Level.OFF),
    ATTACHED(Level.ATTACHED),
    UNTRACKED(Level.UNTRACKED),
    /** Of an operation whose flows are not new, that is suppression; of the others ({@code new_…}), recording. */
    FOLLOWED(Level.FOLLOWED),
    /** Instructions that the verifier went through. */
    VERIFIED(null),
    /** Instructions after the verifier. */
    INSTRUCTIONS(null),
    /** Bytes of machine code. */
    MACHINE_BYTES(null);

    private final Level level;

    Measure(Level level) {
        this.level = level;
    }

    /** The level at which an operation is measured; null for programs. */
    Level level() {
        return level;
    }

    boolean isOfProgram() {
        return level == null;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The measure of this word.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Measure ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
