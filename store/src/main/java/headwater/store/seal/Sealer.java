// SPDX-License-Identifier: Apache-2.0
package headwater.store.seal;

import headwater.store.StoreDamagedException;
import headwater.store.keys.KeyFolder;
import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.LogWriter;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Signs the log: makes a {@link Statement} of what is durable at least each {@link #PERIOD_NS} while there is something
 * new, at the end of each segment, when it is asked to, and at the close of the store. In a thread of its own, for a
 * signature takes a millisecond and a sync some more. Only what is durable is signed, so that no crash can take away
 * what a statement names.
 *
 * <p>If it cannot sign or write, the log goes on; {@link Status#trouble} says why, and it tries again each second.
 */
public final class Sealer implements AutoCloseable {
    /** The longest that a durable block waits for a signature, but for signing and writing it. */
    public static final long PERIOD_NS = 750_000_000;

    private final LogWriter writer;
    private final Path log;
    private final SegmentFile.Opener opener;
    private final KeyFolder keys;
    private final StatementFiles files;
    private final Clock clock;
    private final UUID boot;
    private final Thread thread = new Thread(this::run, "headwater-seal");
    private volatile Status status;
    private volatile boolean closed;
    private LogPosition finished;

    /**
     * How it goes.
     *
     * @param key id of the key that signs
     * @param sequence of the newest statement
     * @param blocks that it covers
     * @param wallNs when it was made, nanoseconds since the Unix epoch
     * @param trouble why nothing is signed at the moment, empty if all is well
     */
    public record Status(String key, long sequence, long blocks, long wallNs, String trouble) {
    }

    private Sealer(LogWriter writer, Path log, SegmentFile.Opener opener, KeyFolder keys, StatementFiles files, Clock clock) {
        this.writer = writer;
        this.log = log;
        this.opener = opener;
        this.keys = keys;
        this.files = files;
        this.clock = clock;
        this.boot = bootId();
    }

    /**
     * Opens the statements of a store that was just opened for writing, makes its first key and its first statement if
     * there is none, and says what it found unsigned. Nothing runs until {@link #start}.
     *
     * @param store the store's folder
     * @param writer of its log, at the end of it
     * @throws StoreDamagedException if the log lacks what was signed, or statements are missing
     * @throws IOException if keys or statements cannot be read or written
     */
    public static Sealer open(Path store, LogWriter writer, SegmentFile.Opener opener, Clock clock) throws IOException {
        Path log = store.resolve("log");
        long nowMs = clock.millis();
        StatementFiles files = StatementFiles.open(log, opener, nowMs);
        KeyFolder keys = KeyFolder.open(store.resolve("keys"), writer.store(), opener, nowMs);
        Sealer sealer = new Sealer(writer, log, opener, keys, files, clock);
        LogPosition end = writer.durable();
        Statement last = files.last();
        if (last == null) {
            if (!keys.isEmpty() && end.block() > 0) {
                throw new StoreDamagedException(log.resolve(StatementFiles.name(1)), 0, 0,
                        "the store has a key, but no signed statement is left of its log");
            }
            if (keys.isEmpty()) {
                keys.rotate(0, sealer.now().wallNs());
            }
            sealer.sign(Statement.Kind.FIRST, end);
            return sealer;
        }
        requireSame(log, last, end, keys);
        if (end.block() > last.blocks()) {
            sealer.sign(Statement.Kind.FOUND, end);
        }
        sealer.status = sealer.status("");
        return sealer;
    }

    private static void requireSame(Path log, Statement last, LogPosition end, KeyFolder keys) throws StoreDamagedException {
        Path segment = log.resolve(LogFormat.segmentName(end.segment()));
        if (keys.isEmpty()) {
            throw new StoreDamagedException(log.resolveSibling("keys").resolve("chain"), 0, 0, "the keys of this store are gone");
        }
        if (last.blocks() > end.block()) {
            throw new StoreDamagedException(segment, end.offset(), end.block(), "the log ends here, but more was signed: blocks="
                    + last.blocks() + ", statement=" + last.sequence());
        }
        if (last.blocks() == end.block() && !last.hash().equals(end.hash().toString())) {
            throw new StoreDamagedException(segment, end.before(), end.block() - 1, "the last block is not the one that was signed: statement="
                    + last.sequence());
        }
    }

    /** Begins to sign by itself. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** How it goes; any thread may ask. */
    public Status status() {
        return status;
    }

    /** Asks for a statement of what is durable now; does not wait. Any thread may ask. */
    public void sealNow() {
        LockSupport.unpark(thread);
    }

    /** Takes a new key into use: the next statement is signed with it. Any thread may call. */
    public synchronized void rotate() throws IOException {
        keys.rotate(files.last().sequence() + 1, now().wallNs());
        status = status("");
    }

    /**
     * Signs what is durable and not signed.
     *
     * @return false if it could not; {@link Status#trouble} says why
     */
    public boolean work() {
        return work(Statement.Kind.HEAD);
    }

    /**
     * Makes a statement of what is dropped; it is on the disk when this returns, and nothing of it was deleted yet. Any thread may call.
     *
     * @throws IOException if it cannot be signed or written; then nothing may be deleted
     */
    public synchronized DropStatement drop(DropStatement.Draft draft) throws IOException {
        DropFile file = DropFile.read(log);
        file.cut(opener, clock.millis());
        DropStatement statement = DropStatement.sign(writer.store(), file.last(), keys.current(), files.last().sequence() + 1, draft,
                now().wallNs());
        file.append(statement, opener);
        return statement;
    }

    private synchronized boolean work(Statement.Kind kind) {
        LogPosition durable = writer.durable();
        try {
            if (finished == null) {
                finished = writer.pollFinished();
            }
            while (finished != null) {
                // A statement of more than the segment may be out already, if its end was signed as a head.
                if (finished.block() > files.last().blocks()) {
                    sign(Statement.Kind.SEGMENT, finished);
                }
                finished = writer.pollFinished();
            }
            if (durable.block() > files.last().blocks()) {
                sign(kind, durable);
            }
            if (!status.trouble.isEmpty()) {
                status = status("");
            }
            return true;
        } catch (IOException e) {
            status = status("cannot sign: cause=" + e.getMessage() + "; make room or mend the disk");
            return false;
        }
    }

    private void sign(Statement.Kind kind, LogPosition at) throws IOException {
        files.append(Statement.sign(kind, writer.store(), files.last(), keys.current(), at, now()));
        writer.windows().signed(at.block());
        status = status("");
    }

    private Status status(String trouble) {
        Statement last = files.last();
        return new Status(keys.current().publicKey().id(), last.sequence(), last.blocks(), last.wallNs(), trouble);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, PERIOD_NS);
            if (closed) {
                return;
            }
            try {
                work();
            } catch (RuntimeException e) {
                status = status("cannot sign: a fault of Headwater itself: " + e);
            }
        }
    }

    private Statement.Moment now() {
        Instant wall = clock.instant();
        return new Statement.Moment(boot, upMs(), wall.getEpochSecond() * 1_000_000_000L + wall.getNano());
    }

    private static UUID bootId() {
        try {
            return UUID.fromString(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        } catch (IOException | IllegalArgumentException e) {
            return new UUID(0, 0);
        }
    }

    private static long upMs() {
        try {
            String text = Files.readString(Path.of("/proc/uptime"));
            return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1000);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** Signs what the log has at its end, and ends. The writer has been closed before. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        work(Statement.Kind.STOP);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
