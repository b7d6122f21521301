// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import com.sun.management.OperatingSystemMXBean;
import headwater.store.StoreDamagedException;
import headwater.store.index.Manifest.Entry;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.log.MalformedPayloadException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Makes, merges and deletes the sealed segments of an index, whose {@link IndexLock} the caller holds. All of them are made from the log:
 * what seals a hot segment, merges segments and mends a lost one is the same. One thread at a time.
 */
final class SealedFiles {
    /**
     * Most sealed segments after a merge: with the one that is written to, and one or two that wait to be sealed, a question looks into
     * ten or so.
     */
    static final int MOST_SEGMENTS = 7;
    /** Rows after which a segment that is made of a long range ends, and another begins. */
    static final long MOST_ROWS = 16L << 20;
    /** Memory that a row takes while a segment is made. */
    private static final long ROW_BYTES = 20;
    /** The part of the machine's memory that a merge may take. */
    private static final long MEMORY_PART = 32;
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

    private final LogReader log;
    private final Path directory;
    private final long mostRows;
    private List<Entry> entries = List.of();
    private final List<String> notices = new ArrayList<>();

    SealedFiles(LogReader log, Path directory, long mostRows) {
        this.log = log;
        this.directory = directory;
        this.mostRows = mostRows;
    }

    /** What was found to be wrong, for people. */
    List<String> notices() {
        return notices;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Takes up what is there and right. What is not is as if it were not there; {@link #cover} makes it anew. */
    void load() throws IOException {
        List<Entry> right = new ArrayList<>();
        Manifest manifest = Manifest.empty(log.store());
        try {
            manifest = Manifest.read(directory, log.store());
        } catch (MalformedPayloadException e) {
            notices.add("index is rebuilt: its manifest cannot be used: directory=" + directory + ", cause=" + e.getMessage());
        }
        for (Entry entry : manifest.entries()) {
            Entry checked = checked(entry);
            if (checked != null) {
                right.add(checked);
            }
        }
        while (!right.isEmpty() && !log.holds(right.getLast().end())) {
            right.removeLast();
        }
        entries = List.copyOf(right);
    }

    /** Lets go of segments that have anything of what was dropped from the log; what else they had is sealed anew. */
    private void letGoOfDropped() throws IOException {
        long first = log.start().block();
        int count = 0;
        while (count < entries.size() && entries.get(count).start().block() < first) {
            count++;
        }
        if (count > 0) {
            replace(0, count, List.of());
        }
    }

    private Entry checked(Entry entry) throws IOException {
        Path path = entry.path(directory);
        try (Arena arena = Arena.ofConfined()) {
            boolean unchanged = entry.isUnchanged(directory);
            SealedSegment segment = SealedSegment.open(path, log.store(), !unchanged, arena);
            if (!segment.start.sameHistory(entry.start()) || !segment.end.sameHistory(entry.end())) {
                throw new MalformedPayloadException("it is of another range");
            }
            return unchanged ? entry : Entry.of(directory, entry.start(), entry.end(), entry.rows());
        } catch (NoSuchFileException e) {
            notices.add("part of the index is rebuilt: a segment is missing: file=" + path);
        } catch (MalformedPayloadException e) {
            notices.add("part of the index is rebuilt: a segment is damaged: file=" + path + ", cause=" + e.getMessage());
        }
        return null;
    }

    /**
     * Seals all of the log that is not sealed, up to block {@code end}.
     *
     * @throws StoreDamagedException if the log is damaged there
     */
    void cover(long end) throws IOException {
        letGoOfDropped();
        LogPosition at = log.start();
        for (int i = 0; i < entries.size(); i++) {
            Entry next = entries.get(i);
            while (at.block() < next.start().block()) {
                at = seal(at, next.start().block(), i++);
            }
            if (!at.sameHistory(next.start())) {
                // The log is not the one that this and the later ones were made of.
                replace(i, entries.size(), List.of());
                break;
            }
            at = next.end();
        }
        while (at.block() < end) {
            LogPosition sealed = seal(at, end, entries.size());
            if (sealed.block() == at.block()) {
                return;
            }
            at = sealed;
        }
    }

    /** Seals from {@code at} on, and puts the entry in place {@code place}; returns where the segment ends. */
    private LogPosition seal(LogPosition at, long end, int place) throws IOException {
        try (SealedWriter writer = new SealedWriter(at)) {
            LogPosition to = log.replay(at, next -> next.block() < end && writer.rows() < mostRows, writer);
            if (to.block() == at.block()) {
                if (end != Long.MAX_VALUE) {
                    throw new IOException("log does not reach as far as its index: block=" + at.block() + ", want=" + end);
                }
                return to;
            }
            writer.write(directory, log.store(), to);
            replace(place, place, List.of(Entry.of(directory, at, to, writer.rows())));
            return to;
        }
    }

    /** Rows of the largest segment that a merge is to make on this machine. */
    private static long mostMerged() {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return Math.max(2 * MOST_ROWS, memory / MEMORY_PART / ROW_BYTES);
    }

    /**
     * Merges neighbours, the smallest first, until there are few enough, or the next merge would have more than {@code most} rows, or take
     * too much memory.
     *
     * @param leave asked before each merge: true to leave the others for later
     */
    void merge(long most, BooleanSupplier leave) throws IOException {
        while (!leave.getAsBoolean() && mergeOnce(entries, most)) {
            // Again.
        }
    }

    private boolean mergeOnce(List<Entry> before, long most) throws IOException {
        if (before.size() <= MOST_SEGMENTS) {
            return false;
        }
        int best = 0;
        for (int i = 1; i + 1 < before.size(); i++) {
            if (sum(before, i) < sum(before, best)) {
                best = i;
            }
        }
        if (sum(before, best) > Math.min(most, mostMerged())) {
            return false;
        }
        LogPosition start = before.get(best).start();
        LogPosition end = before.get(best + 1).end();
        try (SealedWriter writer = new SealedWriter(start)) {
            LogPosition to = log.replay(start, next -> next.block() < end.block(), writer);
            if (!to.sameHistory(end)) {
                throw new IOException("log does not hold what its index was made of: block=" + to.block() + ", want=" + end.block());
            }
            writer.write(directory, log.store(), end);
            replace(best, best + 2, List.of(Entry.of(directory, start, end, writer.rows())));
        }
        return true;
    }

    private static long sum(List<Entry> entries, int i) {
        return entries.get(i).rows() + entries.get(i + 1).rows();
    }

    private void replace(int from, int to, Collection<Entry> by) throws IOException {
        List<Entry> changed = new ArrayList<>(entries);
        changed.subList(from, to).clear();
        changed.addAll(from, by);
        new Manifest(log.store(), changed).write(directory);
        entries = List.copyOf(changed);
        deleteUnused();
    }

    /** Writes the manifest as it is taken to be now. */
    void save() throws IOException {
        replace(0, 0, List.of());
    }

    /** Deletes sealed segments that the manifest does not name, indexes of older formats, and what crashes left unfinished. */
    private void deleteUnused() throws IOException {
        Set<Path> used = new HashSet<>();
        entries.forEach(entry -> used.add(entry.path(directory)));
        Instant limit = Instant.now().minus(ABANDONED_AFTER);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean unused = name.endsWith(IndexFormat.SEALED_SUFFIX) && !used.contains(file) || name.endsWith(".hwidx");
                boolean abandoned = name.endsWith(IndexFormat.UNFINISHED_SUFFIX)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(limit);
                if (unused || abandoned) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Deletes the hot segments, all of whose writers are gone: the log has what they had. */
    void deleteHot() throws IOException {
        for (Path file : hotFiles(directory)) {
            Files.deleteIfExists(file);
        }
    }

    /** The files of hot segments, in the order of the log. */
    static List<Path> hotFiles(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + IndexFormat.HOT_SUFFIX)) {
                files.forEach(found::add);
            }
        }
        found.sort(null);
        return found;
    }
}
