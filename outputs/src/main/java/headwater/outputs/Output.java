// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.store.StoreDroppedException;
import headwater.store.StoreException;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One output: a thread that follows the log at its own pace. What fails is tried again, ever more slowly up to half a minute, from the
 * last mark that is safe; so everything arrives at least once.
 */
final class Output implements Runnable {
    private static final long POLL_MS = 200;
    private static final long FIRST_RETRY_MS = 100;
    private static final long LAST_RETRY_MS = 30_000;
    private static final long KEEP_INTERVAL_NS = 2_000_000_000L;
    /** Documents after which what was sent is made safe. */
    private static final int FLUSH_DOCUMENTS = 256;

    private final OutputSpec spec;
    private final Destination destination;
    private final LogReader log;
    private final Views views;
    private final PositionFile file;
    private final Predicate<LogPosition> durable;
    private final Consumer<String> said;
    private final Stop stop = new Stop();
    private final Rate rate = new Rate(System.nanoTime());
    private volatile OutputStatus.State state = OutputStatus.State.OPENING;
    private volatile Mark safe;
    private volatile long documents;
    private volatile long gaps;
    private volatile long recorded;
    private volatile String lastError = "";
    private volatile boolean forget;
    /** What was sent and, as far as one can tell, arrived: {@link #safe} or beyond. */
    private volatile Mark reached;
    /** Safe as soon as another document can be sent; null if nothing waits for that. */
    private Mark candidate;
    private Mark kept;
    private Mark counted;
    private long keptNs;
    private int unflushed;
    private long retryMs = FIRST_RETRY_MS;

    Output(OutputSpec spec, LogReader log, Views views, PositionFile file, Predicate<LogPosition> durable, Consumer<String> said) {
        this.spec = spec;
        this.destination = Drivers.destination(spec);
        this.log = log;
        this.views = views;
        this.file = file;
        this.durable = durable;
        this.said = said;
        this.safe = begin();
        this.reached = safe;
        this.kept = file.read() == null ? null : safe;
        destination.resume(kept == null ? "" : file.checkpoint());
    }

    /** Where to begin: at the position that was kept, if the log still has it. */
    private Mark begin() {
        Mark mark = file.read();
        if (mark == null) {
            return Mark.at(spec.setting(OutputSpec.FROM, "start").equals("now") ? log.scan(log.start()) : log.start());
        }
        if (log.holds(mark.position())) {
            return mark;
        }
        LogPosition there = log.scan(log.start(), at -> at.edges() < mark.edge() || at.nodes() < mark.position().nodes());
        said.accept("output " + spec.name() + ": gap: the log no longer has the place up to which it was sent: block="
                + mark.position().block() + ", edges=" + mark.edge() + ", going on at block=" + there.block() + ", edges="
                + there.edges());
        return Mark.at(there);
    }

    /** Until it is stopped. */
    @Override
    public void run() {
        // Where it begins, it goes on from, though nothing can be sent before the next start.
        keep(true);
        try {
            while (handOn()) {
                // What came next was dropped from the log; from where that begins now.
            }
        } catch (Stop.StoppedException e) {
            // Waiting for the next try was cut short.
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        } finally {
            keep(true);
            destination.close();
            state = OutputStatus.State.STOPPED;
        }
    }

    /** Hands on until it is stopped (false), or what comes next is dropped by retention (true). */
    private boolean handOn() throws Stop.StoppedException {
        try (OutputFeed feed = new OutputFeed(log, views, spec.format(), spec.duplicate(), safe, LiveGraph.MOST_ROWS)) {
            while (!stop.requested()) {
                try {
                    pump(feed);
                } catch (Stop.StoppedException e) {
                    return false;
                } catch (StoreDroppedException e) {
                    retry(e);
                    safe = Mark.at(log.start());
                    said.accept("output " + spec.name() + ": gap: what comes next was dropped by retention: going on at block="
                            + safe.position().block() + ", edges=" + safe.position().edges());
                    return true;
                } catch (IOException | UncheckedIOException | StoreException e) {
                    retry(e);
                }
            }
            return false;
        }
    }

    private void pump(OutputFeed feed) throws IOException {
        state = OutputStatus.State.OPENING;
        destination.open(stop);
        state = OutputStatus.State.SENDING;
        feed.rewind(safe);
        reached = safe;
        counted = safe;
        candidate = null;
        unflushed = 0;
        while (true) {
            if (forget) {
                forget = false;
                feed.forget();
            }
            boolean some;
            try {
                some = feed.block(durable, (document, after) -> send(feed, document, after));
            } catch (IndexBehindException e) {
                stop.pause(POLL_MS);
                continue;
            }
            gaps = feed.gaps();
            if (unflushed > 0) {
                flush(feed.mark());
            } else if (candidate != null) {
                candidate = feed.mark();
            } else {
                safe = feed.mark();
            }
            if (destination.begunAnew()) {
                feed.forget();
            }
            count(feed.mark());
            reached = feed.mark();
            keep(false);
            stop.check();
            if (!some) {
                state = OutputStatus.State.CAUGHT_UP;
                destination.idle();
                stop.pause(POLL_MS);
            } else {
                state = OutputStatus.State.SENDING;
            }
        }
    }

    private void count(Mark now) {
        long count = now.edge() - counted.edge() + now.position().nodes() - counted.position().nodes();
        if (count > 0) {
            recorded += count;
            rate.add(count, System.nanoTime());
        }
        counted = now;
    }

    private void send(OutputFeed feed, Document document, Mark after) throws IOException {
        destination.send(document, stop);
        if (candidate != null) {
            safe = candidate;
            candidate = null;
        }
        retryMs = FIRST_RETRY_MS;
        documents++;
        reached = after;
        boolean full = ++unflushed >= FLUSH_DOCUMENTS;
        if (full) {
            flush(after);
        }
        if (destination.begunAnew()) {
            feed.forget();
        }
        if (full) {
            stop.check();
        }
    }

    private void flush(Mark reached) throws IOException {
        boolean sure = destination.flush(stop);
        unflushed = 0;
        if (sure) {
            safe = reached;
            candidate = null;
        } else {
            candidate = reached;
        }
        destination.idle();
    }

    private void retry(Exception e) throws Stop.StoppedException {
        saveWhatStays();
        destination.close();
        failed(e);
        keep(false);
        state = OutputStatus.State.RETRYING;
        stop.pause(retryMs);
        retryMs = Math.min(LAST_RETRY_MS, 2 * retryMs);
    }

    /** So that what has arrived is not sent once more. */
    private void saveWhatStays() throws Stop.StoppedException {
        if (destination.keeps() && unflushed > 0) {
            try {
                flush(reached);
            } catch (Stop.StoppedException e) {
                throw e;
            } catch (IOException e) {
                // It cannot be made safe: then it is sent again.
            }
        }
        reached = safe;
    }

    private void failed(Throwable e) {
        String error = e.getMessage() == null ? e.toString() : e.getMessage();
        if (!error.equals(lastError)) {
            said.accept("output " + spec.name() + ": " + error);
        }
        lastError = error;
    }

    private void keep(boolean now) {
        if (safe.equals(kept) || !now && System.nanoTime() - keptNs < KEEP_INTERVAL_NS) {
            return;
        }
        try {
            file.write(safe, destination.checkpoint());
            kept = safe;
        } catch (IOException e) {
            // Then more is sent again after the next start; the store's disk is full, which others say too.
            failed(new IOException("position cannot be kept: file=" + file.path() + ", cause=" + e, e));
        }
        keptNs = System.nanoTime();
    }

    /** What follows has to be readable without what went before. Any thread may call. */
    void forget() {
        forget = true;
    }

    /** Ends it; the thread is over soon after. Any thread may call. */
    void stop() {
        stop.now();
    }

    /** How it goes. Any thread may call. */
    OutputStatus status(LogPosition head) {
        Mark mark = reached;
        long behind = Math.max(0, head.edges() - mark.edge()) + Math.max(0, head.nodes() - mark.position().nodes());
        return new OutputStatus(spec.name(), spec.destination(), spec.format(), state, behind, documents, mark.edge(), recorded,
                rate.perSecond(System.nanoTime()), gaps, lastError);
    }
}
