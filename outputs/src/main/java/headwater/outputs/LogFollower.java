// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.store.Store;
import headwater.store.StoreDroppedException;
import headwater.store.log.LogReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Writes a store from its beginning to a stream, and goes on as it grows. Keeps no position: it is for whoever watches. */
public final class LogFollower {
    private static final long POLL_MS = 100;

    private LogFollower() {
    }

    /**
     * Writes documents, a line each, and flushes after each block of the log. When retention drops what comes next, it goes on from
     * where the log begins then.
     *
     * @param duplicate whether both ends stand again before each edge, where the format leaves it open
     * @param said takes a line for whoever watches: that something was dropped before it was written
     * @param goesOn asked whenever the end of the log is reached; false to return
     * @throws headwater.store.StoreException if there is no store, or it cannot be read
     */
    public static void follow(Path store, OutputFormat format, boolean duplicate, OutputStream out, Consumer<String> said,
            BooleanSupplier goesOn) throws IOException {
        try (Store open = Store.openForReading(store)) {
            LogReader log = open.log();
            Views views = new Views(Store.openForReading(store));
            Mark from = Mark.at(log.start());
            while (true) {
                try (OutputFeed feed = new OutputFeed(log, views, format, duplicate, from, LiveGraph.MOST_ROWS)) {
                    follow(feed, out, goesOn);
                    return;
                } catch (StoreDroppedException e) {
                    from = Mark.at(log.start());
                    said.accept("gap: what comes next was dropped by retention: going on at block=" + from.position().block() + ", edges="
                            + from.position().edges());
                }
            }
        }
    }

    private static void follow(OutputFeed feed, OutputStream out, BooleanSupplier goesOn) throws IOException {
        while (true) {
            boolean last = !goesOn.getAsBoolean();
            boolean some = false;
            try {
                while (feed.block(position -> true, (document, after) -> out.write(document.lines()))) {
                    some = true;
                    out.flush();
                }
            } catch (IndexBehindException e) {
                pause();
                continue;
            }
            if (last) {
                return;
            }
            if (!some) {
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while following a log", e);
        }
    }
}
