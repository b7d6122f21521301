// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.util.Locale;

/** What is attached, and what it does with the measured process. In the order in which {@link CallCosts} goes through them. */
public enum Level {
    OFF("off"),
    /** One program that does nothing, at the hook or tracepoint that most calls pass. */
    FLOOR_ONE("one empty program"),
    /** A program that does nothing in the place of each program that the front-end attaches. */
    FLOOR("all programs empty"),
    ATTACHED("not followed"),
    /** Followed, and all of it is recorded: what a process of a whole-system recording pays. */
    FOLLOWED("whole system"),
    /** Followed, but only what is tracked is recorded, and nothing is. */
    UNTRACKED("selective, untracked"),
    /** The same, and some file is tracked: whatever the process touches has to be looked at. */
    UNTRACKED_LOOKS("selective, untracked, a file is tracked"),
    /** Only what is tracked is recorded, and this process is. */
    TRACKED("selective, tracked");

    private final String text;

    Level(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }

    /** For files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
