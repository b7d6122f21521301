// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent to /dev/log. glibc's syslog(3) sends {@code <PRI>Mmm dd hh:mm:ss tag[pid]: text}; others send what RFC 5424 says,
 * {@code <PRI>1 time host tag pid message-id structured-data text}. Whatever part is not as it should be, is text.
 */
public final class SyslogMessage {
    /** {@code Mmm dd hh:mm:ss} and a blank. */
    private static final int OLD_TIME = 16;

    private SyslogMessage() {
    }

    /** Reads one message; a NUL or newline at its end is not of it. */
    public static SaidLine parse(String message) {
        String rest = message;
        while (!rest.isEmpty() && (rest.endsWith("\0") || rest.endsWith("\n"))) {
            rest = rest.substring(0, rest.length() - 1);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        int end = rest.startsWith("<") ? rest.indexOf('>') : -1;
        if (end > 1 && end <= 4 && isNumber(rest.substring(1, end))) {
            fields.put("priority", rest.substring(1, end));
            rest = rest.substring(end + 1);
        }
        if (rest.startsWith("1 ") && !fields.isEmpty()) {
            String text = modern(rest, fields);
            if (text != null) {
                return new SaidLine(text, fields);
            }
        }
        rest = rest.substring(oldTime(rest));
        return new SaidLine(tagged(rest, fields), fields);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The text, null if this is no message of RFC 5424. */
    private static String modern(String rest, Map<String, String> fields) {
        String[] words = rest.split(" ", 7);
        if (words.length < 7) {
            return null;
        }
        String data = words[6];
        String text;
        if (data.equals("-") || data.startsWith("- ")) {
            text = data.length() < 2 ? "" : data.substring(2);
        } else {
            int end = dataEnd(data);
            if (end < 0) {
                return null;
            }
            text = data.substring(end).stripLeading();
        }
        put(fields, "tag", words[3]);
        put(fields, "claimed_pid", words[4]);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static void put(Map<String, String> fields, String name, String value) {
        if (!value.equals("-") && !value.isEmpty()) {
            fields.put(name, SaidLine.cut(value));
        }
    }

    /** Behind the last bracket of the structured data; -1 if it does not end. */
    private static int dataEnd(String data) {
        boolean quoted = false;
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ']' && (i + 1 == data.length() || data.charAt(i + 1) != '[')) {
                return i + 1;
            } else if (i == 0 && c != '[') {
                return -1;
            }
        }
        return -1;
    }

    /** How long the time at the beginning is; 0 if there is none. */
    private static int oldTime(String text) {
        boolean is = text.length() >= OLD_TIME && Character.isUpperCase(text.charAt(0)) && text.charAt(3) == ' '
                && text.charAt(6) == ' ' && text.charAt(9) == ':' && text.charAt(12) == ':' && text.charAt(15) == ' ';
        return is ? OLD_TIME : 0;
    }

    /** {@code tag[pid]: text} or {@code tag: text}. */
    private static String tagged(String text, Map<String, String> fields) {
        int end = 0;
        while (end < text.length() && end <= 256 && text.charAt(end) != ':' && text.charAt(end) != '[' && text.charAt(end) > ' ') {
            end++;
        }
        if (end == 0 || end >= text.length() || end > 256 || text.charAt(end) <= ' ') {
            return text;
        }
        int colon = end;
        if (text.charAt(end) == '[') {
            int close = text.indexOf(']', end);
            if (close < 0 || close - end > 32 || close + 1 >= text.length() || text.charAt(close + 1) != ':') {
                return text;
            }
            put(fields, "claimed_pid", text.substring(end + 1, close));
            colon = close + 1;
        }
        put(fields, "tag", text.substring(0, end));
        String said = text.substring(colon + 1);
        return said.startsWith(" ") ? said.substring(1) : said;
    }
}
