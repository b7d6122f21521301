// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.store.Store;
import headwater.store.StoreException;
import headwater.store.index.StoreView;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Asks a store, from another process than its writer's and in a thread of its own, how old the newest edge is that a question sees: the
 * time from the kernel's stamp of that edge until the view is open, on which {@code ancestors} and the others walk.
 */
final class Freshness implements AutoCloseable {
    private static final long EVERY_MS = 100;

    private final Path store;
    private final Samples agesMs = new Samples();
    private final Thread thread = new Thread(this::ask, "freshness");
    private volatile boolean closed;
    private long newest = -1;

    private Freshness(Path store) {
        this.store = store;
    }

    static Freshness watch(Path store) {
        Freshness freshness = new Freshness(store);
        freshness.thread.start();
        return freshness;
    }

    private void ask() {
        while (!closed) {
            try {
                if (Files.isDirectory(store.resolve("log"))) {
                    look();
                }
                Thread.sleep(EVERY_MS);
            } catch (StoreException | UncheckedIOException e) {
                // It is being made, or deleted.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look() {
        try (Store asked = Store.openForReading(store); StoreView view = asked.view()) {
            Instant now = Instant.now();
            long edge = view.edges() - 1;
            // Without a new edge since the last question the generator is not running: its age says nothing, unless there are newer ones.
            if (newest >= 0 && (edge > newest || view.isBehind())) {
                agesMs.add((now.getEpochSecond() * 1e9 + now.getNano() - view.edge(edge).timeNs()) / 1e6);
            }
            newest = edge;
        }
    }

    /** Ages of what was new, ms; after {@link #close}. */
    Samples agesMs() {
        return agesMs;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
