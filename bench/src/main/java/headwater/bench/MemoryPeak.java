// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Watches how much anonymous memory this process has, in a thread of its own, until it is closed. */
final class MemoryPeak implements AutoCloseable {
    private final long everyMs;
    private final Thread thread = new Thread(this::watch, "memory-peak");
    private volatile boolean closed;
    private volatile double anonymousMib;

    private MemoryPeak(long everyMs) {
        this.everyMs = everyMs;
    }

    static MemoryPeak watch(long everyMs) {
        MemoryPeak peak = new MemoryPeak(everyMs);
        peak.thread.setDaemon(true);
        peak.thread.start();
        return peak;
    }

    /** The most that was seen so far, MiB. */
    double anonymousMib() {
        return anonymousMib;
    }

    private void watch() {
        while (!closed) {
            try {
                anonymousMib = Math.max(anonymousMib, Meter.statusMib("RssAnon"));
                Thread.sleep(everyMs);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
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
