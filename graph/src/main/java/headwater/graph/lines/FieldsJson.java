// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.Map;

/** Fields as one JSON object of strings. */
public final class FieldsJson {
    private FieldsJson() {
    }

    public static String of(Map<String, String> fields) {
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> {
            string(json.length() == 1 ? json : json.append(','), name);
            string(json.append(':'), value);
        });
        return json.append('}').toString();
    }

    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                json.append(String.format("\\u%04x", (int) c));
            } else if (Character.isSurrogate(c) && !isPair(text, i)) {
                // One half was cut off.
                json.append('\uFFFD');
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static boolean isPair(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at)) ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
