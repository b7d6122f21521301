// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.GraphView;
import headwater.store.StoreDamagedException;
import headwater.store.keys.MalformedLineException;
import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.log.SegmentFile;
import headwater.store.seal.DropFile;
import headwater.store.seal.DropStatement;
import headwater.store.seal.Sealer;
import headwater.store.seal.Statement;
import headwater.store.seal.StatementFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Drops the beginning of a log: whole segments, under a signed statement. In this order, each step on the disk before the next: what is
 * carried is written; the statement is; the segments are deleted, the oldest first, and then what was carried before. A crash before the
 * statement leaves all as it was, but for a file that the next opening deletes; one after it leaves segments that readers pass over and the
 * next opening deletes.
 *
 * <p>Whoever calls has the store open for writing; one thread at a time.
 */
public final class Retention {
    private final Path directory;
    private final SegmentFile.Opener opener;

    /** @param directory the log's */
    public Retention(Path directory, SegmentFile.Opener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /**
     * What a policy says now; changes nothing.
     *
     * @param nowNs nanoseconds since the Unix epoch
     * @param views opens the graph of the log, if it has to be known what is important
     * @param known what the last plan said that keeps a segment, or null
     * @param stop asked now and then: true for a plan that names nothing
     */
    public RetentionPlan plan(RetentionPolicy policy, long nowNs, Supplier<? extends GraphView> views, RetentionPlan.Pin known,
            BooleanSupplier stop) throws IOException {
        try (Pins pins = new Pins(views, policy.important(), known, stop)) {
            return RetentionPlan.of(new LogReader(directory), policy, nowNs, pins);
        }
    }

    /**
     * Drops what a plan names.
     *
     * @param inUse what a capture into this store may speak of
     * @param stop asked now and then: true to leave all as it is
     * @return the statement; null if the plan names nothing, or it was to stop
     * @throws StoreDamagedException if the log is damaged; then nothing is dropped
     */
    public DropStatement drop(RetentionPlan plan, Sealer sealer, InUse inUse, BooleanSupplier stop) throws IOException {
        if (plan.segments() == 0) {
            return null;
        }
        LogReader log = new LogReader(directory);
        LogPosition start = log.start();
        LogPosition end = plan.end();
        Spoken spoken = new Spoken(end);
        inUse.each(spoken::object, spoken::node);
        log.replay(end, at -> !stop.getAsBoolean(), spoken);
        Gathering.Gathered gathered = Gathering.gather(log, end, before(log, start), spoken, stop);
        if (stop.getAsBoolean()) {
            return null;
        }
        long fromNs = Math.clamp(gathered.fromNs(), 0, end.timeNs());
        long firstNs = start.block() == 0 ? fromNs : Math.min(fromNs, log.dropped().fromNs());
        String carried = new CarriedWriter(gathered.carried()).write(directory, log.store(), end, firstNs, opener);
        Statement next = firstStatement(end);
        DropStatement.Range range = new DropStatement.Range(start.segment(), start.hash().toString(), fromNs, end);
        DropStatement statement = sealer.drop(new DropStatement.Draft(range, next.sequence(), next.before(), carried, plan.why()));
        delete(statement);
        return statement;
    }

    private Carried before(LogReader log, LogPosition start) throws IOException {
        if (start.block() == 0) {
            return new Carried();
        }
        try (Arena arena = Arena.ofConfined()) {
            return CarriedFile.open(directory, start.segment(), log.store(), arena).load();
        }
    }

    /** The first statement beside what is left. */
    private Statement firstStatement(LogPosition end) throws IOException {
        for (Path path : statementFiles()) {
            if (number(path) >= end.segment()) {
                String text = Files.readString(path, StandardCharsets.ISO_8859_1);
                int lineEnd = text.indexOf('\n');
                if (lineEnd > 0) {
                    try {
                        return Statement.parse(text.substring(0, lineEnd));
                    } catch (MalformedLineException e) {
                        throw new StoreDamagedException(path, 0, end.block(), e.getMessage());
                    }
                }
            }
        }
        throw new StoreDamagedException(directory.resolve(StatementFiles.name(end.segment())), 0, end.block(),
                "no signed statement would be left");
    }

    private List<Path> statementFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.getFileName().toString().matches("[0-9]{8}\\.hwseal")).sorted().toList();
        }
    }

    /**
     * Ends what a crash has interrupted: deletes segments that a statement says were dropped, and what was carried for one that was never
     * made. The caller holds the store's lock.
     *
     * @param nowMs names the copy of what a crash left of a statement, milliseconds since the Unix epoch
     * @throws StoreDamagedException if the statement is not right, or what it says is left is not there
     */
    public void finish(long nowMs) throws IOException {
        DropFile file = DropFile.read(directory);
        DropStatement last = file.last();
        int first = last == null ? 1 : last.range().end().segment();
        Path needed = directory.resolve(LogFormat.segmentName(first));
        if (Files.notExists(needed) && hasSegments()) {
            // Before anything is deleted: what is missing may be the statement.
            throw new StoreDamagedException(needed, 0, last == null ? 0 : last.range().end().block(),
                    "the segment is not there, and no statement says that it was dropped");
        }
        Path carried = directory.resolve(CarriedFormat.name(first));
        if (last != null && Files.notExists(carried)) {
            throw new StoreDamagedException(carried, 0, 0, "what was carried of the dropped beginning is not there");
        }
        file.cut(opener, nowMs);
        delete(last);
    }

    private boolean hasSegments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(path -> path.getFileName().toString().matches("[0-9]{8}\\.hwlog"));
        }
    }

    /**
     * Deletes all that {@code last} says was dropped, and then every carried file but its own: one that reads meanwhile knows by a segment
     * that is gone that the log begins later now, and does not miss what was carried for it.
     */
    private void delete(DropStatement last) throws IOException {
        int first = last == null ? 1 : last.range().end().segment();
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(path -> isGone(path, first)).sorted(Comparator.comparing(Retention::isCarried).thenComparing(path -> path))
                    .toList();
        }
        for (Path file : files) {
            opener.delete(file);
        }
        if (!files.isEmpty()) {
            opener.syncDirectory(directory);
        }
    }

    /** Segments, statements and put aside ends from before segment {@code first}, and what was carried for another. */
    private static boolean isGone(Path path, int first) {
        String name = path.getFileName().toString();
        int carriedFor = CarriedFormat.segment(name);
        if (carriedFor > 0) {
            return carriedFor != first;
        }
        return name.matches("[0-9]{8}\\.(hwlog|hwseal|tail-.*)") && number(path) < first;
    }

    private static boolean isCarried(Path path) {
        return CarriedFormat.segment(path.getFileName().toString()) > 0;
    }

    private static int number(Path path) {
        return Integer.parseInt(path.getFileName().toString().substring(0, 8));
    }
}
