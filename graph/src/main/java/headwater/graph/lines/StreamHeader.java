// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands at the beginning of a stream to the journal: identifier, unit, priority, and four switches, a line each, written at once.
 * A stream that was open before the record began has none to be seen.
 *
 * @param fields what it claims of the lines that follow
 * @param bytes how long it is
 */
public record StreamHeader(Map<String, String> fields, int bytes) {
    private static final int LINES = 7;
    private static final int BYTES_MAX = 1024;

    /** The header at the beginning of what was written first, null if there is none. */
    public static StreamHeader of(byte[] written) {
        String[] lines = new String[LINES];
        int from = 0;
        for (int i = 0; i < LINES; i++) {
            int end = from;
            while (end < written.length && end < BYTES_MAX && written[end] != '\n') {
                end++;
            }
            if (end >= written.length || end >= BYTES_MAX) {
                return null;
            }
            lines[i] = new String(written, from, end - from, java.nio.charset.StandardCharsets.UTF_8);
            from = end + 1;
        }
        if (!lines[2].matches("[0-9]{1,3}")) {
            return null;
        }
        for (int i = 3; i < LINES; i++) {
            if (!lines[i].equals("0") && !lines[i].equals("1")) {
                return null;
            }
        }
        Map<String, String> fields = new LinkedHashMap<>();
        if (!lines[0].isEmpty()) {
            fields.put("tag", SaidLine.cut(lines[0]));
        }
        if (!lines[1].isEmpty()) {
            fields.put("claimed_unit", SaidLine.cut(lines[1]));
        }
        fields.put("priority", lines[2]);
        return new StreamHeader(fields, from);
    }
}
