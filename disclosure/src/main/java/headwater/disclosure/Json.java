// SPDX-License-Identifier: Apache-2.0
package headwater.disclosure;

import java.util.LinkedHashMap;
import java.util.Map;

/** As much JSON as this protocol has: scalars written, and objects of strings, booleans, numbers and such objects read. */
final class Json {
    private static final int DEPTH_MAX = 8;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static String quoted(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /**
     * @throws IllegalArgumentException if a value is no string, number or boolean
     */
    static String object(Map<String, ?> members) {
        StringBuilder json = new StringBuilder("{");
        members.forEach((key, value) -> {
            json.append(json.length() == 1 ? "" : ",").append(quoted(key)).append(':');
            switch (value) {
                case CharSequence words -> json.append(quoted(words.toString()));
                case Integer number -> json.append(number);
                case Long number -> json.append(number);
                case Double number when Double.isFinite(number) -> json.append(number);
                case Boolean truth -> json.append(truth);
                default -> throw new IllegalArgumentException("an attribute is a string, an int, a long, a finite double or a boolean: key="
                        + key + ", value=" + value);
            }
        });
        return json.append('}').toString();
    }

    /**
     * Reads one object: its members are strings, booleans, numbers (as {@link Double}), null, or such objects.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Map<String, Object> read(String text) {
        Json json = new Json(text);
        Map<String, Object> members = json.members(0);
        json.space();
        if (json.at != text.length()) {
            throw json.wrong();
        }
        return members;
    }

    private Map<String, Object> members(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        take('{');
        space();
        if (peek() == '}') {
            at++;
            return members;
        }
        while (true) {
            space();
            String key = string();
            take(':');
            members.put(key, value(depth + 1));
            space();
            if (peek() == '}') {
                at++;
                return members;
            }
            take(',');
        }
    }

    private Object value(int depth) {
        space();
        char c = peek();
        if (c == '{' && depth < DEPTH_MAX) {
            return members(depth);
        }
        if (c == '"') {
            return string();
        }
        int start = at;
        while (at < text.length() && ",} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> number(word);
        };
    }

    private Double number(String word) {
        if (!word.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw wrong();
        }
        return Double.valueOf(word);
    }

    private String string() {
        take('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escape = peek();
            at++;
            switch (escape) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'u' -> value.append(unit());
                default -> value.append(escape);
            }
        }
        at++;
        return value.toString();
    }

    private char unit() {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
            throw wrong();
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }

    private void take(char wanted) {
        space();
        if (peek() != wanted) {
            throw wrong();
        }
        at++;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("not the JSON that is wanted: at=" + at + ", text=" + text);
    }
}
