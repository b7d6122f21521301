// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Locale;

/** What a target is marked with. */
public enum Mark {
    /** What it does and what is done to it is recorded, though {@code all} is off. */
    TRACK,
    /** As {@link #TRACK}, and its marks and taint pass to what its information flows into. */
    PROPAGATE,
    /** Nothing of it is recorded. */
    OPAQUE,
    /** As {@link #TRACK}, with the bytes of its packets. */
    RECORD;

    /** The name that people use, which is the key in the file. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
