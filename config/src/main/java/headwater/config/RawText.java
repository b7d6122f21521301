// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text of a configuration file as its bytes. Most often that is UTF-8, but a path is whatever bytes the kernel takes, and is
 * handed on unchanged. Immutable.
 */
public final class RawText {
    /** One char for each byte. */
    private final String latin1;

    private RawText(String latin1) {
        this.latin1 = latin1;
    }

    public static RawText of(byte[] bytes) {
        return new RawText(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The UTF-8 of {@code text}. */
    public static RawText of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static RawText ofLatin1(String latin1) {
        return new RawText(latin1);
    }

    String latin1() {
        return latin1;
    }

    /** A fresh copy. */
    public byte[] bytes() {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    public boolean isEmpty() {
        return latin1.isEmpty();
    }

    public boolean startsWith(String ascii) {
        return latin1.startsWith(ascii);
    }

    /** The text, or null if the bytes are no UTF-8. */
    public String utf8() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes())).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** For people, safe on a terminal: control characters and bytes that are no UTF-8 are written {@code \xNN}. */
    @Override
    public String toString() {
        ByteBuffer in = ByteBuffer.wrap(bytes());
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        StringBuilder text = new StringBuilder(in.remaining());
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            appendPrintable(text, out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendEscaped(text, in.get());
            }
            decoder.reset();
        }
    }

    private static void appendPrintable(StringBuilder text, CharBuffer chars) {
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (Character.isISOControl(c)) {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    appendEscaped(text, b);
                }
            } else {
                text.append(c);
            }
        }
    }

    private static void appendEscaped(StringBuilder text, byte value) {
        text.append("\\x").append(HexFormat.of().toHexDigits(value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawText that && latin1.equals(that.latin1);
    }

    @Override
    public int hashCode() {
        return latin1.hashCode();
    }
}
