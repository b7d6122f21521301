// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import java.util.Set;

/**
 * The annotations of a line for SPADE's reporter DSL: {@code key:value}, a blank before each. There, tokens end at a blank and keys at a
 * colon that has no backslash before it, and {@code id}, {@code type}, {@code from} and {@code to} are no annotations.
 *
 * <p>A backslash goes before each blank and colon. What the syntax cannot say at all, line ends and a backslash at the end of a value,
 * is written as elsewhere what cannot be written: {@code \xNN}.
 */
final class SpadeDslText extends CamflowText {
    private static final Set<String> WORDS = Set.of("id", "type", "from", "to");

    private final StringBuilder text;

    SpadeDslText(StringBuilder text) {
        super(text);
        this.text = text;
    }

    @Override
    void open() {
        // A line has no brackets.
    }

    @Override
    void close() {
        // Nor here.
    }

    @Override
    CamflowText raw(String key, String json) {
        return string(key, json.length() > 1 && json.charAt(0) == '"' ? json.substring(1, json.length() - 1) : json);
    }

    @Override
    CamflowText string(String key, String value) {
        text.append(' ');
        token(WORDS.contains(key) ? "cf:" + key : key);
        text.append(':');
        token(value);
        return this;
    }

    private void token(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            switch (c) {
                case ' ', ':' -> text.append('\\').append(c);
                case '\n' -> text.append("\\x0a");
                case '\r' -> text.append("\\x0d");
                case '\0' -> text.append("\\x00");
                case '\\' -> text.append(i == token.length() - 1 ? "\\x5c" : "\\");
                default -> text.append(c);
            }
        }
    }
}
