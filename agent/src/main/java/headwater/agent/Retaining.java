// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowdConfig;
import headwater.query.NodeFilter;
import headwater.store.Store;
import headwater.store.StoreException;
import headwater.store.retention.Importance;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import headwater.store.seal.DropFile;
import headwater.store.seal.DropStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Drops what a daemon's configuration no longer keeps: looks once a minute, and when that says something else, in a thread of its own, which
 * reads the log but never holds up who records; that one is asked once in each drop what it has in use, which takes it some milliseconds.
 */
final class Retaining implements AutoCloseable {
    private static final long LOOK_INTERVAL_NS = 60_000_000_000L;
    /** How long a change of the configuration waits. */
    private static final long CHANGE_INTERVAL_NS = 500_000_000;

    private final Store store;
    private final Administration administration;
    private final Supplier<CamflowdConfig.Retention> wanted;
    private final long intervalNs;
    private final Thread thread = new Thread(this::run, "headwater-retain");
    private volatile boolean closed;
    private volatile long lettingGo;
    private volatile String trouble = "";
    private volatile RetentionPlan.Pin pin;
    private volatile DropStatement last;

    /**
     * What is kept, and how that goes.
     *
     * @param policy in words, empty if everything is kept
     * @param pin what keeps the log's first segment, though it is older than the rest is kept; null if nothing does
     * @param last the newest statement of what was dropped, null if nothing was
     * @param trouble why nothing could be dropped when it was last tried, empty if all is well
     */
    record Status(String policy, RetentionPlan.Pin pin, DropStatement last, String trouble) {
        static final Status NONE = new Status("", null, null, "");
    }

    private Retaining(Store store, Administration administration, Supplier<CamflowdConfig.Retention> wanted, long intervalNs) {
        this.store = store;
        this.administration = administration;
        this.wanted = wanted;
        this.intervalNs = intervalNs;
    }

    /** Begins to look, at once and then every minute. From now on segments have the size that is wanted. */
    static Retaining start(Store store, Administration administration, Supplier<CamflowdConfig.Retention> wanted) {
        return start(store, administration, wanted, LOOK_INTERVAL_NS);
    }

    static Retaining start(Store store, Administration administration, Supplier<CamflowdConfig.Retention> wanted, long intervalNs) {
        Retaining retaining = new Retaining(store, administration, wanted, intervalNs);
        store.writer().segmentBytes(wanted.get().segmentBytes());
        retaining.thread.setDaemon(true);
        retaining.thread.setPriority(Thread.MIN_PRIORITY);
        retaining.thread.start();
        return retaining;
    }

    /** Objects below this number are being let go: a session that begins now must not find them. 0 if none are. */
    long lettingGo() {
        return lettingGo;
    }

    /** Why nothing could be dropped when it last tried, empty if all is well. */
    String trouble() {
        return trouble;
    }

    /** Any thread may ask. */
    Status status() {
        CamflowdConfig.Retention bounds = wanted.get();
        boolean all = bounds.keepsAll();
        return new Status(all ? "" : bounds.text(), all ? null : pin, last, trouble);
    }

    private void run() {
        boolean begun = false;
        while (!closed) {
            CamflowdConfig.Retention bounds = wanted.get();
            try {
                if (!begun) {
                    last = DropFile.read(store.log().directory()).last();
                    begun = true;
                }
                look(bounds);
                trouble = "";
            } catch (StoreException | UncheckedIOException e) {
                told(e.getMessage());
            } catch (IOException e) {
                told("what was dropped cannot be read: " + e);
            } catch (RuntimeException e) {
                told("a fault of Headwater itself: " + e);
            } finally {
                lettingGo = 0;
            }
            await(bounds);
        }
    }

    /** Until it is time to look again, or something else than {@code bounds} is wanted. */
    private void await(CamflowdConfig.Retention bounds) {
        long looked = System.nanoTime();
        for (long left = intervalNs; left > 0 && !closed && wanted.get().equals(bounds); left = looked + intervalNs - System.nanoTime()) {
            LockSupport.parkNanos(this, Math.min(left, CHANGE_INTERVAL_NS));
        }
    }

    private void told(String error) {
        if (!closed && !error.equals(trouble)) {
            System.err.println("headwater: retention: " + error);
        }
        trouble = error;
    }

    private void look(CamflowdConfig.Retention bounds) {
        store.writer().segmentBytes(bounds.segmentBytes());
        if (bounds.keepsAll()) {
            pin = null;
            return;
        }
        Instant now = Instant.now();
        RetentionPlan plan = store.retentionPlan(policy(bounds), now.getEpochSecond() * 1_000_000_000L + now.getNano(), pin, () -> closed);
        pin = plan.pin();
        if (plan.segments() == 0) {
            return;
        }
        long beforeObject = plan.end().objects();
        lettingGo = beforeObject;
        DropStatement statement = store.drop(plan, (objects, nodes) -> inUse(beforeObject, objects, nodes), () -> closed);
        if (statement != null) {
            last = statement;
            System.err.println("headwater: retention: dropped segments " + statement.range().firstSegment() + " to "
                    + statement.range().lastSegment() + ", " + plan.bytes() + " bytes, all up to "
                    + Instant.EPOCH.plusNanos(statement.range().end().timeNs()) + ": why=" + statement.why().text());
        }
    }

    private static RetentionPolicy policy(CamflowdConfig.Retention bounds) {
        Optional<NodeFilter> important = bounds.importantNodes();
        return new RetentionPolicy(ageNs(bounds.ageSeconds()), bounds.sizeBytes() == 0 ? RetentionPolicy.UNBOUNDED : bounds.sizeBytes(),
                important.isPresent() ? important.get()::on : Importance.NONE, ageNs(bounds.importantAgeSeconds()));
    }

    private static long ageNs(long seconds) {
        return seconds == 0 ? RetentionPolicy.UNBOUNDED : TimeUnit.SECONDS.toNanos(seconds);
    }

    private void inUse(long beforeObject, LongConsumer objects, LongConsumer nodes) {
        try {
            administration.inUse(beforeObject, objects, nodes);
        } catch (Administration.RefusedException e) {
            throw new StoreException("what is in use could not be asked: " + e.getMessage());
        }
    }

    /** Ends; a drop that is under way and not signed yet is given up. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                // It may wait for whoever records, who may be the one that closes.
                administration.close();
                thread.join(20);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
