// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.Map;

/**
 * One line, as a process said it.
 *
 * @param text without what its protocol puts around it
 * @param fields what the protocol says beside the text, as the process claims it
 */
public record SaidLine(String text, Map<String, String> fields) {
    /** How many fields are kept, and how many characters of each. */
    public static final int FIELDS_MAX = 32;
    public static final int FIELD_CHARS_MAX = 1024;

    /** A line that is nothing but text. */
    public static SaidLine of(String text) {
        return new SaidLine(text, Map.of());
    }

    static String cut(String value) {
        return value.length() <= FIELD_CHARS_MAX ? value : value.substring(0, FIELD_CHARS_MAX);
    }
}
