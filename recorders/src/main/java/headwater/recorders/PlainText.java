// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Bytes as text for targets that take nothing but UTF-8 without NUL, where Linux has bytes of any kind. */
public final class PlainText {
    private PlainText() {
    }

    /** True if the bytes are UTF-8 and have no NUL: then they are the text. */
    public static boolean isPlain(byte[] bytes) {
        boolean ascii = true;
        for (byte b : bytes) {
            if (b == 0) {
                return false;
            }
            ascii &= b > 0;
        }
        if (ascii) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The text, with {@code \xNN} for each byte that is no UTF-8, or NUL. */
    public static String of(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(4 * bytes.length + 8);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        while (from.hasRemaining()) {
            CoderResult result = decoder.decode(from, to, true);
            for (int i = 0; result.isError() && i < result.length(); i++) {
                to.put(escape(from.get()));
            }
        }
        String text = to.flip().toString();
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "\\x00");
    }

    private static String escape(byte b) {
        return String.format("\\x%02x", b & 0xff);
    }
}
