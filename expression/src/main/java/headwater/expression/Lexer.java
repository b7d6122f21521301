// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import headwater.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Takes a text apart into words. Blanks, and comments from {@code //} to the end of a line, are between them. */
final class Lexer {
    private static final String[] SYMBOLS = {"&&", "||", "==", "!=", "<=", ">=", "<>", "=~", "..", "(", ")", "[", "]",
            "{", "}", "<", ">",
        "=", "!", "+", "-", "*", "/", "%", "?", ":", ",", ".", "|", "$"};

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** All words, the last of kind {@link Kind#END}. */
    static List<Token> tokens(String text) throws ExpressionException {
        if (text.length() > Parser.MAX_LENGTH) {
            throw new ExpressionException(text, Parser.MAX_LENGTH, "too long: characters=" + text.length() + ", max="
                    + Parser.MAX_LENGTH);
        }
        Lexer lexer = new Lexer(text);
        while (lexer.next()) {
            // Each call adds one.
        }
        return lexer.tokens;
    }

    private boolean next() throws ExpressionException {
        skip();
        if (at == text.length()) {
            add(Kind.END, "", 0, at);
            return false;
        }
        int start = at;
        char c = text.charAt(at);
        if (isNameStart(c)) {
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            add(Kind.NAME, text.substring(start, at), 0, start);
        } else if (c == '`') {
            quotedName();
        } else if (isDigit(c)) {
            number();
        } else if (c == '"' || c == '\'') {
            string(c);
        } else {
            symbol();
        }
        return true;
    }

    private void skip() {
        while (at < text.length()) {
            if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                return;
            }
        }
    }

    private void quotedName() throws ExpressionException {
        int end = text.indexOf('`', at + 1);
        if (end < 0 || end == at + 1) {
            throw new ExpressionException(text, at, "a name that begins with ` ends with `");
        }
        int start = at;
        at = end + 1;
        add(Kind.NAME, text.substring(start + 1, end), 0, start);
    }

    private void number() throws ExpressionException {
        int start = at;
        boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
        at += hex ? 2 : 0;
        int digits = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || hex && Character.digit(text.charAt(at), 16) >= 0
                && text.charAt(at) < 128)) {
            at++;
        }
        long value;
        try {
            value = Long.parseLong(text.substring(digits, at), hex ? 16 : 10);
        } catch (NumberFormatException e) {
            throw new ExpressionException(text, start, "not a number of 64 bits: " + shown(text.substring(start, at)));
        }
        if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            throw new ExpressionException(text, start,
                    "numbers have no fraction here: write it in a smaller unit, such as 1500MB for 1.5GB");
        }
        int unitStart = at;
        while (!hex && at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        unit(start, value, text.substring(unitStart, at));
    }

    private void unit(int start, long value, String unit) throws ExpressionException {
        Long factor = unit.isEmpty() ? Long.valueOf(1) : Units.SIZES.get(unit);
        Kind kind = Kind.INT;
        if (factor == null) {
            factor = Units.DURATIONS.get(unit);
            kind = Kind.DURATION;
        }
        if (factor == null) {
            throw new ExpressionException(text, start, "unknown unit: " + shown(unit) + ", want one of "
                    + String.join(" ", Units.SIZES.keySet()) + ", or " + String.join(" ", Units.DURATIONS.keySet())
                    + "; a name cannot begin with a digit");
        }
        if (Math.multiplyHigh(value, factor) != 0 || value * factor < 0) {
            throw new ExpressionException(text, start, "not a number of 64 bits: " + shown(text.substring(start, at)));
        }
        add(kind, text.substring(start, at), value * factor, start);
    }

    private void string(char quote) throws ExpressionException {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\n') {
                break;
            }
            if (c == '\\') {
                escape(value);
            } else {
                value.append(c);
            }
        }
        if (at >= text.length() || text.charAt(at) != quote) {
            throw new ExpressionException(text, start, "this string has no end: close it with " + quote);
        }
        at++;
        add(Kind.STRING, value.toString(), 0, start);
    }

    private void escape(StringBuilder value) throws ExpressionException {
        int start = at - 1;
        char c = at < text.length() ? text.charAt(at++) : 0;
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case '\\', '"', '\'', '`' -> value.append(c);
            // A byte that is not UTF-8, as answers show it: it stays four characters.
            case 'x' -> value.append("\\x");
            case 'u' -> {
                int end = at + 4;
                if (end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]{4}")) {
                    throw new ExpressionException(text, start, "\\u wants four hexadecimal digits");
                }
                value.append((char) Integer.parseInt(text, at, end, 16));
                at = end;
            }
            default -> throw new ExpressionException(text, start,
                    "unknown escape in a string: write \\\\ for a backslash"
                    + " (known: \\n \\t \\r \\\\ \\\" \\' \\xNN \\uNNNN)");
        }
    }

    private void symbol() throws ExpressionException {
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                int start = at;
                at += symbol.length();
                add(Kind.SYMBOL, symbol, 0, start);
                return;
            }
        }
        int c = text.codePointAt(at);
        throw new ExpressionException(text, at, "unexpected character: " + (c == '&' ? "&, did you mean &&?"
                : Character.isISOControl(c) ? "code=" + c : Character.toString(c) + "; text stands in quotes"));
    }

    private void add(Kind kind, String word, long number, int start) {
        tokens.add(new Token(kind, word, number, start, at));
    }

    private static String shown(String word) {
        return word.length() <= 40 ? word : word.substring(0, 40) + "…";
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c);
    }
}
