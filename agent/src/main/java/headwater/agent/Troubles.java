// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.util.EnumMap;
import java.util.Map;

/**
 * What is wrong with a recording that goes on and has lost nothing yet, by where it comes from: that the log can be written again ends
 * nothing else. Changed by the recording thread, read by any.
 */
final class Troubles {
    /** Where it comes from. */
    enum Source { LOG, MARKS_WRITTEN, MARKS_FOUND, INDEX }

    private final Map<Source, String> now = new EnumMap<>(Source.class);
    private volatile String text = "";

    /** @param trouble the thing, the value and the next step; empty if there is none any more */
    void put(Source source, String trouble) {
        String before = trouble.isEmpty() ? now.remove(source) : now.put(source, trouble);
        if (!trouble.equals(before == null ? "" : before)) {
            text = String.join("; ", now.values());
        }
    }

    /** All there is, empty if nothing. */
    String text() {
        return text;
    }

    /** What of it is from here, empty if nothing. By the recording thread. */
    String of(Source source) {
        return now.getOrDefault(source, "");
    }
}
