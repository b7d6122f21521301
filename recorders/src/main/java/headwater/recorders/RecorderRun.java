// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.outputs.Mark;
import headwater.outputs.OutputStatus.State;
import headwater.outputs.PositionFile;
import headwater.outputs.Rate;
import headwater.outputs.Stop;
import headwater.store.log.LogBlock;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One recorder at work: a thread that follows the log at the target's pace. What fails is tried again, ever more slowly
 * up to half a minute, from where the target says it is.
 */
final class RecorderRun implements Runnable {
    private static final long POLL_MS = 200;
    private static final long FIRST_RETRY_MS = 100;
    private static final long LAST_RETRY_MS = 30_000;
    private static final long HURRIED_RETRY_MS = 1_000;
    private static final long KEEP_INTERVAL_NS = 10_000_000_000L;

    private final RecorderSpec spec;
    private final Recorder recorder;
    private final LogReader log;
    private final PositionFile hint;
    private final Predicate<LogPosition> durable;
    private final Consumer<String> said;
    private final Stop stop = new Stop();
    private final Rate rate = new Rate(System.nanoTime());
    private volatile State state = State.OPENING;
    /** What the target is known to have; null until it was asked. */
    private volatile LogPosition committed;
    private volatile long recorded;
    private volatile String lastError = "";
    private volatile boolean hurries;
    private LogPosition taken;
    private long firstTakenNs;
    private long untold;
    private long hintedNs;
    private long retryMs = FIRST_RETRY_MS;

    RecorderRun(RecorderSpec spec, Recorder recorder, LogReader log, PositionFile hint, Predicate<LogPosition> durable,
            Consumer<String> said) {
        this.spec = spec;
        this.recorder = recorder;
        this.log = log;
        this.hint = hint;
        this.durable = durable;
        this.said = said;
    }

    /** Until it is stopped. */
    @Override
    public void run() {
        try {
            while (!stop.requested()) {
                try {
                    pump();
                } catch (Stop.StoppedException e) {
                    break;
                } catch (IOException | RuntimeException e) {
                    // Client libraries throw what they like, and nothing else of this process hangs on it.
                    retry(e);
                }
            }
        } catch (Stop.StoppedException e) {
            // Waiting for the next try was cut short.
        } catch (Error e) {
            failed(e);
            throw e;
        } finally {
            keepHint(true);
            recorder.close();
            state = State.STOPPED;
        }
    }

    /** Until something fails, or it is to stop. */
    private void pump() throws IOException {
        state = State.OPENING;
        taken = position(recorder.open(log.store(), stop));
        committed = taken;
        untold = 0;
        state = State.SENDING;
        while (true) {
            boolean some = take();
            if (untold > 0 && due(some)) {
                commit();
            }
            if (stop.requested()) {
                // In order: what was taken is not taken again.
                if (untold > 0) {
                    commit();
                }
                return;
            }
            if (some) {
                state = State.SENDING;
            } else {
                state = untold > 0 ? State.SENDING : State.CAUGHT_UP;
                recorder.idle();
                pause();
            }
        }
    }

    /** As {@link Stop#pause}, but comes back when it is to stop. */
    private void pause() {
        try {
            stop.pause(POLL_MS);
        } catch (Stop.StoppedException e) {
            // Seen by the caller, who has something to finish.
        }
    }

    private boolean due(boolean some) {
        CommitRule rule = recorder.commitRule();
        long events = taken.nodes() - committed.nodes() + taken.edges() - committed.edges();
        return events >= rule.events() || untold >= rule.events()
                || !some && (hurries || System.nanoTime() - firstTakenNs >= rule.waitMs() * 1_000_000L);
    }

    /** The next block, if there is one. */
    private boolean take() throws IOException {
        LogBlock[] next = new LogBlock[1];
        LogPosition after = log.readBlock(taken, durable, block -> next[0] = block);
        if (next[0] == null) {
            return false;
        }
        if (untold > 0 && recorder.parted(next[0])) {
            commit();
        }
        recorder.take(next[0], stop);
        if (untold == 0) {
            firstTakenNs = System.nanoTime();
        }
        untold += next[0].events();
        taken = after;
        return true;
    }

    private void commit() throws IOException {
        recorder.commit(new Recorded(taken.block(), taken.hash()), stop);
        long count = taken.nodes() - committed.nodes() + taken.edges() - committed.edges();
        committed = taken;
        recorded += count;
        rate.add(count, System.nanoTime());
        untold = 0;
        retryMs = FIRST_RETRY_MS;
        keepHint(false);
    }

    /** Where in the log to go on. */
    private LogPosition position(Recorded has) throws IOException {
        LogPosition start = log.start();
        if (has.blocks() < start.block()) {
            said.accept("recorder " + spec.name() + ": gap: the log no longer has what comes next: blocks="
                    + has.blocks()
                    + ", going on at block=" + start.block());
            return start;
        }
        LogPosition near = nearest(has, start);
        LogPosition there = near.block() == has.blocks() ? near : log.scan(near, at -> at.block() < has.blocks());
        if (there.block() != has.blocks() || !there.hash().equals(has.hash())) {
            throw new IOException("the target has another history of this store, as after the log was cut or put back from a copy:"
                    + " target has blocks=" + has.blocks() + ", hash=" + has.hash() + "; the log has there blocks="
                    + there.block()
                    + ", hash=" + there.hash() + "; record into an empty target");
        }
        return there;
    }

    /** A place in the log not after what the target has, so that not all has to be read to find it. */
    private LogPosition nearest(Recorded has, LogPosition start) {
        LogPosition known = committed;
        if (known == null) {
            Mark kept = hint.read();
            known = kept == null ? null : kept.position();
        }
        return known != null && known.block() <= has.blocks() && known.block() > start.block() && log.holds(known)
                ? known : start;
    }

    private void retry(Exception e) throws Stop.StoppedException {
        recorder.close();
        failed(e);
        state = State.RETRYING;
        for (long waited = 0; waited < retryMs && !(hurries && waited >= HURRIED_RETRY_MS); waited += POLL_MS) {
            stop.pause(Math.min(POLL_MS, retryMs - waited));
        }
        retryMs = Math.min(LAST_RETRY_MS, 2 * retryMs);
    }

    private void failed(Throwable e) {
        String error = e.getMessage() == null ? e.toString() : e.getMessage().strip();
        if (!error.equals(lastError)) {
            said.accept("recorder " + spec.name() + ": " + error);
        }
        lastError = error;
    }

    private void keepHint(boolean now) {
        if (committed == null || !now && System.nanoTime() - hintedNs < KEEP_INTERVAL_NS) {
            return;
        }
        try {
            hint.write(Mark.at(committed));
        } catch (IOException e) {
            // The target knows; without this the next start only takes longer.
        }
        hintedNs = System.nanoTime();
    }

    /** From now on it commits whenever the log has no more, and tries again within a second. Any thread may call. */
    void hurry() {
        hurries = true;
    }

    /** Ends it; the thread is over soon after. Any thread may call. */
    void stop() {
        stop.now();
    }

    /** How it goes. Any thread may call. */
    RecorderStatus status(LogPosition head) {
        LogPosition at = committed;
        long blocks = at == null ? 0 : at.block();
        long behind = head.nodes() + head.edges() - (at == null ? 0 : at.nodes() + at.edges());
        return new RecorderStatus(spec.name(), spec.kind(), state, blocks, Math.max(0, head.block() - blocks),
                Math.max(0, behind),
                recorded, rate.perSecond(System.nanoTime()), lastError);
    }
}
