// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Text on its way out, a piece at a time. */
final class Lines {
    private static final int FLUSH_CHARS = 1 << 16;

    private final OutputStream out;
    private final StringBuilder text = new StringBuilder();

    Lines(OutputStream out) {
        this.out = out;
    }

    Lines add(String piece) {
        text.append(piece);
        if (text.length() > FLUSH_CHARS) {
            flush();
        }
        return this;
    }

    void flush() {
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        text.setLength(0);
    }
}
