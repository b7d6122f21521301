// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is sent to the journal's own socket: fields one after the other, each {@code KEY=value\n}, or, if the value is not one line,
 * {@code KEY\n}, its length (8 bytes, little-endian), the value, {@code \n}. {@code MESSAGE} is the text. What is cut off or is no field
 * ends the message; what came before it counts.
 */
public final class JournalMessage {
    private static final int KEY_MAX = 64;
    private static final int LENGTH_BYTES = 8;

    private JournalMessage() {
    }

    /** Reads one message. */
    public static SaidLine parse(byte[] message) {
        Map<String, String> fields = new LinkedHashMap<>();
        String text = "";
        int at = 0;
        while (at < message.length) {
            int keyEnd = at;
            while (keyEnd < message.length && keyEnd - at <= KEY_MAX && message[keyEnd] != '=' && message[keyEnd] != '\n') {
                keyEnd++;
            }
            if (keyEnd >= message.length || keyEnd - at > KEY_MAX) {
                break;
            }
            int from;
            int length;
            if (message[keyEnd] == '=') {
                from = keyEnd + 1;
                length = lineEnd(message, from) - from;
            } else {
                from = keyEnd + 1 + LENGTH_BYTES;
                if (from > message.length) {
                    break;
                }
                long told = ByteBuffer.wrap(message, keyEnd + 1, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
                length = Math.clamp(told < 0 ? Long.MAX_VALUE : told, 0, message.length - from);
            }
            String key = new String(message, at, keyEnd - at, StandardCharsets.ISO_8859_1);
            String value = new String(message, from, length, StandardCharsets.UTF_8);
            if (key.equals("MESSAGE")) {
                text = text.isEmpty() ? value : text;
            } else if (isKey(key) && fields.size() < SaidLine.FIELDS_MAX) {
                fields.putIfAbsent(key.toLowerCase(Locale.ROOT), SaidLine.cut(value));
            }
            at = from + length + 1;
        }
        return new SaidLine(text, fields);
    }

    private static int lineEnd(byte[] message, int from) {
        int end = from;
        while (end < message.length && message[end] != '\n') {
            end++;
        }
        return end;
    }

    /** As the journal takes them: those with an underscore before them are for itself to give. */
    private static boolean isKey(String key) {
        return !key.isEmpty() && key.charAt(0) != '_' && key.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_');
    }
}
