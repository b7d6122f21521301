// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.outputs.OutputSpec;
import headwater.outputs.OutputStatus;
import headwater.outputs.Outputs;
import headwater.recorders.RecorderSpec;
import headwater.recorders.RecorderStatus;
import headwater.recorders.Recorders;
import headwater.store.Store;
import java.time.Duration;
import java.util.List;

/** The outputs and recorders of a daemon, which may be replaced by others while it records. Any thread may call. */
final class Following implements AutoCloseable {
    private final Store store;
    private List<OutputSpec> outputSpecs = List.of();
    private List<RecorderSpec> recorderSpecs = List.of();
    private Outputs outputs;
    private Recorders recorders;

    Following(Store store) {
        this.store = store;
    }

    /**
     * From now on these. Those that run go on if they are the same; else they end, and go on where they were if they come again.
     *
     * @throws IllegalArgumentException if one cannot be as it is asked for; then those before go on
     */
    synchronized void replace(List<OutputSpec> wantedOutputs, List<RecorderSpec> wantedRecorders) {
        List<OutputSpec> before = outputSpecs;
        output(wantedOutputs);
        try {
            record(wantedRecorders);
        } catch (IllegalArgumentException e) {
            output(before);
            throw e;
        }
    }

    private void output(List<OutputSpec> wanted) {
        if (wanted.equals(outputSpecs)) {
            return;
        }
        List<OutputSpec> before = outputSpecs;
        endOutputs();
        try {
            beginOutputs(wanted);
        } catch (IllegalArgumentException e) {
            beginOutputs(before);
            throw e;
        }
    }

    private void record(List<RecorderSpec> wanted) {
        if (wanted.equals(recorderSpecs)) {
            return;
        }
        List<RecorderSpec> before = recorderSpecs;
        endRecorders();
        try {
            beginRecorders(wanted);
        } catch (IllegalArgumentException e) {
            beginRecorders(before);
            throw e;
        }
    }

    private void beginOutputs(List<OutputSpec> wanted) {
        outputs = wanted.isEmpty() ? null : Precedence.without(
                () -> Outputs.start(store.path(), wanted, Outputs.durable(store.writer()), Following::say));
        outputSpecs = List.copyOf(wanted);
    }

    private void beginRecorders(List<RecorderSpec> wanted) {
        recorders = wanted.isEmpty() ? null : Precedence.without(
                () -> Recorders.start(store.path(), wanted, Outputs.durable(store.writer()), Following::say));
        recorderSpecs = List.copyOf(wanted);
    }

    private static void say(String line) {
        System.err.println("headwater: " + line);
    }

    private void endOutputs() {
        if (outputs != null) {
            outputs.close();
            outputs = null;
        }
        outputSpecs = List.of();
    }

    private void endRecorders() {
        if (recorders != null) {
            recorders.close();
            recorders = null;
        }
        recorderSpecs = List.of();
    }

    /** What follows has to be readable without what went before. */
    synchronized void forget() {
        if (outputs != null) {
            outputs.forget();
        }
        if (recorders != null) {
            recorders.forget();
        }
    }

    /** How the outputs go; empty if there are none. */
    synchronized List<OutputStatus> status() {
        return outputs == null ? List.of() : outputs.status();
    }

    /** How the recorders go; empty if there are none. */
    synchronized List<RecorderStatus> recorders() {
        return recorders == null ? List.of() : recorders.status();
    }

    /** Waits until all have handed on what the log has now, but not longer than {@code time}. */
    synchronized void await(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        if (outputs != null) {
            outputs.await(time);
        }
        if (recorders != null) {
            recorders.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    @Override
    public synchronized void close() {
        endOutputs();
        endRecorders();
    }
}
