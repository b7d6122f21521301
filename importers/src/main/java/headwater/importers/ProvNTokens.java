// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The words and signs of PROV-N, one after another, in memory that one of them takes. For one thread. */
final class ProvNTokens {
    private static final int TOKEN_MAX = 1 << 20;

    /** What a token is. */
    enum Kind { NAME, NUMBER, STRING, QUALIFIED, URI, OPEN, CLOSE, OPEN_ATTRIBUTES, CLOSE_ATTRIBUTES, COMMA, SEMICOLON,
            EQUALS, NONE, END }

    /**
     * @param text without quotes
     * @param type of a string: a data type, {@code @} and a language, or empty
     */
    record Token(Kind kind, String text, String type, Position at) {
        @Override
        public String toString() {
            return text.isEmpty() ? kind.toString() : kind + " " + (text.length() > 60 ? text.substring(0, 60) + "…"
                    : text);
        }
    }

    /** What stands there is not PROV-N. */
    static final class MalformedProvNException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Position at;

        MalformedProvNException(Position at, String message) {
            super(message);
            this.at = at;
        }

        Position at() {
            return at;
        }
    }

    private final InputStream in;
    private long line = 1;
    private long column;
    private int held = -2;
    private int last = '\n';

    ProvNTokens(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** Where the next byte stands. */
    Position position() {
        return new Position(line, column + (held == -2 ? 1 : 0));
    }

    private int read() throws IOException {
        if (held != -2) {
            int c = held;
            held = -2;
            return c;
        }
        int c = in.read();
        if (last == '\n') {
            line += column > 0 ? 1 : 0;
            column = 0;
        }
        column++;
        last = c;
        return c;
    }

    private int peek() throws IOException {
        if (held == -2) {
            held = read();
        }
        return held;
    }

    Token next() throws IOException, MalformedProvNException {
        skipBlanks();
        int c = read();
        Position at = new Position(line, column);
        return switch (c) {
            case -1 -> new Token(Kind.END, "", "", at);
            case '(' -> sign(Kind.OPEN, at);
            case ')' -> sign(Kind.CLOSE, at);
            case '[' -> sign(Kind.OPEN_ATTRIBUTES, at);
            case ']' -> sign(Kind.CLOSE_ATTRIBUTES, at);
            case ',' -> sign(Kind.COMMA, at);
            case ';' -> sign(Kind.SEMICOLON, at);
            case '=' -> sign(Kind.EQUALS, at);
            case '<' -> new Token(Kind.URI, until('>', at), "", at);
            case '\'' -> new Token(Kind.QUALIFIED, until('\'', at), "", at);
            case '"' -> string(at);
            case '-' -> isWord(peek()) ? word(c, at) : sign(Kind.NONE, at);
            default -> {
                if (!isWord(c)) {
                    throw new MalformedProvNException(at, "no sign of PROV-N: byte=" + c);
                }
                yield word(c, at);
            }
        };
    }

    private static Token sign(Kind kind, Position at) {
        return new Token(kind, "", "", at);
    }

    private void skipBlanks() throws IOException, MalformedProvNException {
        while (true) {
            int c = peek();
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                read();
            } else if (c == '/') {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() throws IOException, MalformedProvNException {
        read();
        Position at = new Position(line, column);
        int c = read();
        if (c == '/') {
            while (peek() != '\n' && peek() != -1) {
                read();
            }
        } else if (c == '*') {
            int before = 0;
            for (c = read(); !(before == '*' && c == '/'); c = read()) {
                if (c == -1) {
                    throw new MalformedProvNException(at, "a comment is not closed");
                }
                before = c;
            }
        } else {
            throw new MalformedProvNException(at, "a slash that begins no comment");
        }
    }

    /** Letters, digits and what a qualified name may hold; a backslash takes the sign after it. */
    private static boolean isWord(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
                || c != -1 && "_:./-+#%@~&?!$*\\".indexOf(c) >= 0;
    }

    private Token word(int first, Position at) throws IOException, MalformedProvNException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int c = first;
        while (true) {
            bytes.write(c);
            if (c == '\\') {
                bytes.write(Math.max(read(), 0));
            }
            if (bytes.size() > TOKEN_MAX) {
                throw new MalformedProvNException(at, "a word is too long: bytes=" + bytes.size());
            }
            if (!isWord(peek())) {
                break;
            }
            c = read();
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return new Token(text.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?") ? Kind.NUMBER : Kind.NAME, text, "",
                at);
    }

    private String until(int end, Position at) throws IOException, MalformedProvNException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int c = read(); c != end; c = read()) {
            if (c == -1 || c == '\n' || bytes.size() > TOKEN_MAX) {
                throw new MalformedProvNException(at, "a sign is not closed: want=" + (char) end);
            }
            bytes.write(c);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private Token string(Position at) throws IOException, MalformedProvNException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean three = false;
        int c = read();
        if (c == '"' && peek() == '"') {
            read();
            three = true;
            c = read();
        }
        int quotes = 0;
        while (three || c != '"') {
            if (c == -1 || bytes.size() > TOKEN_MAX || c == '\n' && !three) {
                throw new MalformedProvNException(at, "a string is not closed");
            }
            quotes = c == '"' ? quotes + 1 : 0;
            if (three && quotes == 3) {
                break;
            }
            bytes.write(c == '\\' ? escaped(read()) : c);
            c = read();
        }
        byte[] all = bytes.toByteArray();
        String text = new String(all, 0, three ? all.length - 2 : all.length, StandardCharsets.UTF_8);
        return new Token(Kind.STRING, text, type(at), at);
    }

    private static int escaped(int c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> Math.max(c, 0);
        };
    }

    private String type(Position at) throws IOException, MalformedProvNException {
        skipBlanks();
        if (peek() == '@') {
            String language = word(read(), at).text();
            skipBlanks();
            dataType(at);
            return language;
        }
        return dataType(at);
    }

    private String dataType(Position at) throws IOException, MalformedProvNException {
        if (peek() != '%') {
            return "";
        }
        read();
        if (read() != '%') {
            throw new MalformedProvNException(at, "a data type begins with %%");
        }
        skipBlanks();
        return word(read(), at).text();
    }

    /** Goes on to the next line that begins with a letter after its blanks. */
    void skipStatement() throws IOException {
        while (true) {
            while (peek() != '\n' && peek() != -1) {
                read();
            }
            while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
                read();
            }
            int c = peek();
            if (c == -1 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                return;
            }
        }
    }
}
