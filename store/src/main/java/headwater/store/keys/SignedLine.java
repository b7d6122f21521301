// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The grammar that all signed lines have in common. A line is a word, then fields in a fixed order, each after one space;
 * the signature is of all bytes before {@code " sig="}.
 *
 * <pre>
 * Line  --> word { ' ' name '=' value } ' ' 'sig=' base64      then a line feed, which is not part of it
 * value --> printing ASCII characters other than the space, one or more
 * </pre>
 *
 * There is one way only to write each value, so that a line with the same meaning has the same bytes.
 */
public final class SignedLine {
    /** Most bytes of a line. */
    public static final int MAX_BYTES = 2048;

    private final String word;
    private final String line;
    private int at;

    /**
     * Begins to read a line.
     *
     * @throws MalformedLineException if it cannot be one that begins with {@code word}
     */
    public SignedLine(String line, String word) throws MalformedLineException {
        this.word = word;
        this.line = line;
        if (line.length() > MAX_BYTES || !line.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new MalformedLineException("not a " + word + " line: it is too long, or not all of it is text");
        }
        if (!line.startsWith(word + " ")) {
            throw new MalformedLineException("not a " + word + " line: it begins with another word");
        }
        at = word.length();
    }

    /** The value of the next field, which must be {@code name}. */
    public String take(String name) throws MalformedLineException {
        String start = " " + name + "=";
        if (!line.startsWith(start, at)) {
            throw new MalformedLineException("field is missing, or not in its place: line=" + word + ", field=" + name);
        }
        int from = at + start.length();
        int to = line.indexOf(' ', from);
        at = to < 0 ? line.length() : to;
        if (at == from) {
            throw new MalformedLineException("field is empty: line=" + word + ", field=" + name);
        }
        return line.substring(from, at);
    }

    /** A number from 0. */
    public long takeNumber(String name) throws MalformedLineException {
        String text = take(name);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && Long.toString(number).equals(text)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new MalformedLineException("not a number: line=" + word + ", field=" + name + ", value=" + text);
    }

    /** So many bytes in lower-case hexadecimal, as text. */
    public String takeHex(String name, int bytes) throws MalformedLineException {
        String text = take(name);
        if (text.length() != 2 * bytes || !text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new MalformedLineException("not " + bytes + " bytes in hexadecimal: line=" + word + ", field=" + name);
        }
        return text;
    }

    /** A signature of 64 bytes. */
    public byte[] takeSignature(String name) throws MalformedLineException {
        String text = take(name);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == 64 && Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new MalformedLineException("not a signature: line=" + word + ", field=" + name);
    }

    /** Nothing may follow. */
    public void end() throws MalformedLineException {
        if (at != line.length()) {
            throw new MalformedLineException("something stands after the last field: line=" + word);
        }
    }

    /** The bytes that are signed: all before {@code " sig="}. */
    public static byte[] message(String line) {
        int end = line.indexOf(" sig=");
        return (end < 0 ? line : line.substring(0, end)).getBytes(StandardCharsets.US_ASCII);
    }

    /** The SHA-256 of a line without its line feed, hexadecimal: by which the line after it names it. */
    public static String hash(String line) {
        try {
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
