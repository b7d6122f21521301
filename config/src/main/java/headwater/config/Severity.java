// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Locale;

/** What a {@link Problem} does to the file that has it. */
public enum Severity {
    /** The file is refused. */
    ERROR,
    /** The file is taken; what the problem says of one line holds. */
    WARNING;

    /** The name that people see. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
