// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.outputs.OutputSpec;
import headwater.outputs.OutputStatus;
import headwater.outputs.Outputs;
import headwater.store.Store;
import java.time.Duration;
import java.util.List;

/** The outputs of a daemon, which may be replaced by others while it records. Any thread may call. */
final class Following implements AutoCloseable {
    private final Store store;
    private List<OutputSpec> specs = List.of();
    private Outputs outputs;

    Following(Store store) {
        this.store = store;
    }

    /**
     * From now on these. Those that run go on if they are the same; else they end, and go on where they were if they come again.
     *
     * @throws IllegalArgumentException if one cannot be as it is asked for; then those before go on
     */
    synchronized void replace(List<OutputSpec> wanted) {
        if (wanted.equals(specs)) {
            return;
        }
        List<OutputSpec> before = specs;
        end();
        try {
            begin(wanted);
        } catch (IllegalArgumentException e) {
            begin(before);
            throw e;
        }
    }

    private void begin(List<OutputSpec> wanted) {
        outputs = wanted.isEmpty() ? null : Outputs.start(store.path(), wanted, Outputs.durable(store.writer()),
                line -> System.err.println("headwater: " + line));
        specs = List.copyOf(wanted);
    }

    private void end() {
        if (outputs != null) {
            outputs.close();
            outputs = null;
        }
        specs = List.of();
    }

    /** What follows has to be readable without what went before. */
    synchronized void forget() {
        if (outputs != null) {
            outputs.forget();
        }
    }

    /** How they go; empty if there are none. */
    synchronized List<OutputStatus> status() {
        return outputs == null ? List.of() : outputs.status();
    }

    /** Waits until all have handed on what the log has now, but not longer than {@code time}. */
    synchronized void await(Duration time) {
        if (outputs != null) {
            outputs.await(time);
        }
    }

    @Override
    public synchronized void close() {
        end();
    }
}
