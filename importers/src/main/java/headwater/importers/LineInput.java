// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A stream, line by line, with a limit to what is held: of a line that is longer only its beginning is given. For one
 * thread.
 */
final class LineInput {
    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[1 << 16];
    private final Deque<byte[]> peeked = new ArrayDeque<>();
    private int from;
    private int to;
    private long line;
    private boolean cut;

    /** @param in stays the caller's */
    LineInput(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** The next line without its end, null after the last. */
    byte[] next() throws IOException {
        byte[] next = peeked.isEmpty() ? read() : peeked.poll();
        line += next == null ? 0 : 1;
        return next;
    }

    /** The line after the last that {@link #next} gave, and may give again; null if there is none. */
    byte[] peek() throws IOException {
        if (peeked.isEmpty()) {
            byte[] next = read();
            if (next == null) {
                return null;
            }
            peeked.add(next);
        }
        return peeked.peek();
    }

    /** The number of the line that {@link #next} gave last, from 1. */
    long line() {
        return line;
    }

    /** True if the line that was read last was longer than the limit; the rest of it follows as another. */
    boolean wasCut() {
        return cut;
    }

    /** All from {@code line} on, which {@link #next} gave last, as one stream. */
    InputStream from(byte[] given) {
        InputStream whole = new ByteArrayInputStream(given);
        if (!cut || !peeked.isEmpty()) {
            whole = new SequenceInputStream(whole, new ByteArrayInputStream(new byte[] {'\n'}));
        }
        while (!peeked.isEmpty()) {
            whole = new SequenceInputStream(whole, new ByteArrayInputStream(peeked.poll()));
            if (!cut) {
                whole = new SequenceInputStream(whole, new ByteArrayInputStream(new byte[] {'\n'}));
            }
        }
        whole = new SequenceInputStream(whole, new ByteArrayInputStream(buffer, from, to - from));
        return new SequenceInputStream(whole, in);
    }

    private byte[] read() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        cut = false;
        boolean any = false;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(in.read(buffer), 0);
                if (to == 0) {
                    return any ? bytes.toByteArray() : null;
                }
            }
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            int part = Math.min(end - from, maxBytes - bytes.size());
            bytes.write(buffer, from, part);
            from += part;
            if (from < end) {
                cut = true;
                return bytes.toByteArray();
            }
            if (end < to) {
                from = end + 1;
                return bytes.toByteArray();
            }
        }
    }
}
