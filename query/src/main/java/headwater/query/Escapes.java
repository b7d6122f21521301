// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes as text and back. Linux names are bytes in no declared encoding: what is valid UTF-8 stands as it is, and every
 * other byte is written {@code \xNN}. A backslash stands for itself, except before {@code x} and two hexadecimal
 * digits, where it is written {@code \x5c}; so {@link #toBytes} gives back what {@link #toText} was given.
 */
public final class Escapes {
    private static final HexFormat HEX = HexFormat.of();

    private Escapes() {
    }

    /** The text for machines: only bytes that are not UTF-8 are escaped. */
    public static String toText(byte[] bytes) {
        return decode(bytes, false);
    }

    /** The text for a terminal or a line of its own: control characters and newlines are escaped as well. */
    public static String toLine(byte[] bytes) {
        return decode(bytes, true);
    }

    /** As {@link #toLine(byte[])}, of a text. */
    public static String toLine(String text) {
        return decode(text.getBytes(StandardCharsets.UTF_8), true);
    }

    /** The bytes that {@code text} stands for: UTF-8, with {@code \xNN} for one byte. */
    public static byte[] toBytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 8);
        int from = 0;
        for (int i = 0; i + 3 < text.length(); i++) {
            if (isEscape(text, i)) {
                bytes.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                bytes.write(HexFormat.fromHexDigits(text, i + 2, i + 4));
                from = i + 4;
                i += 3;
            }
        }
        bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static String decode(byte[] bytes, boolean line) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        StringBuilder text = new StringBuilder(bytes.length + 8);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            append(text, out.flip(), line);
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                escape(text, in.get() & 0xff);
            }
            decoder.reset();
        }
    }

    private static void append(StringBuilder text, CharBuffer chars, boolean line) {
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (line && Character.isISOControl(c)) {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    escape(text, b & 0xff);
                }
            } else if (c == '\\' && isEscape(chars, i)) {
                escape(text, c);
            } else {
                text.append(c);
            }
        }
    }

    private static boolean isEscape(CharSequence text, int at) {
        return at + 3 < text.length() && text.charAt(at) == '\\' && text.charAt(at + 1) == 'x'
                && HexFormat.isHexDigit(text.charAt(at + 2)) && HexFormat.isHexDigit(text.charAt(at + 3));
    }

    private static void escape(StringBuilder text, int value) {
        text.append("\\x").append(HEX.toHexDigits((byte) value));
    }
}
