// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cuts what processes write into lines. A line that is not ended yet waits for the rest of it, for each process and log apart, so that
 * nobody's bytes become part of another's line. A line ends after {@value #LINE_BYTES_MAX} bytes: what follows up to its newline is left
 * out. At most {@value #WAITING_MAX} lines wait; of more, the eldest are handed on as they are.
 */
public final class LineCutter {
    public static final int LINE_BYTES_MAX = 8192;
    private static final int WAITING_MAX = 4096;

    /** Whose lines, in which log. */
    public record Source(int process, long log) {
    }

    /** Takes lines. */
    @FunctionalInterface
    public interface Sink {
        /** @param cut true if there was more to it */
        void line(Source source, byte[] line, boolean cut);
    }

    private static final class Waiting {
        private byte[] bytes = new byte[64];
        private int length;
        private boolean cut;

        private void add(byte[] more, int from, int count) {
            int fits = Math.min(count, LINE_BYTES_MAX - length);
            if (length + fits > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(LINE_BYTES_MAX, Math.max(2 * bytes.length, length + fits)));
            }
            System.arraycopy(more, from, bytes, length, fits);
            length += fits;
            cut |= fits < count;
        }
    }

    private final Map<Source, Waiting> waiting = new LinkedHashMap<>(64, 0.75f, true);

    /**
     * Takes what was written.
     *
     * @param missing true if more was written than was seen: the last line is cut
     */
    public void written(Source source, byte[] bytes, boolean missing, Sink sink) {
        Waiting line = waiting.remove(source);
        if (line == null) {
            line = new Waiting();
        }
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line.add(bytes, from, i - from);
                hand(source, line, sink);
                line = new Waiting();
                from = i + 1;
            }
        }
        line.add(bytes, from, bytes.length - from);
        if (missing) {
            line.cut = true;
            hand(source, line, sink);
            return;
        }
        if (line.length > 0) {
            waiting.put(source, line);
            if (waiting.size() > WAITING_MAX) {
                Map.Entry<Source, Waiting> eldest = waiting.entrySet().iterator().next();
                waiting.remove(eldest.getKey());
                eldest.getValue().cut = true;
                hand(eldest.getKey(), eldest.getValue(), sink);
            }
        }
    }

    private static void hand(Source source, Waiting line, Sink sink) {
        if (line.length > 0) {
            sink.line(source, Arrays.copyOf(line.bytes, line.length), line.cut);
        }
    }

    /** True if a line of it is not ended yet. */
    public boolean waits(Source source) {
        return waiting.containsKey(source);
    }

    /** The process has ended: what it had begun is all there will be. */
    public void ended(int process, Sink sink) {
        if (waiting.isEmpty()) {
            return;
        }
        for (Source source : waiting.keySet().stream().filter(one -> one.process == process).toList()) {
            hand(source, waiting.remove(source), sink);
        }
    }

    /** Nothing more comes. */
    public void finish(Sink sink) {
        waiting.forEach((source, line) -> hand(source, line, sink));
        waiting.clear();
    }
}
