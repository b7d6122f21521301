// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.StoreDamagedException;
import headwater.store.StoreDroppedException;
import headwater.store.index.Manifest.Entry;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.log.MalformedPayloadException;
import headwater.store.retention.CarriedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the graph of a log by way of the segments beside it: sealed ones, then the hot ones of a writer that lives, and in memory
 * whatever part of the log none of them has. If that is much, and nobody else is at it, it is sealed first; if somebody is, the graph ends
 * where it would be too much, and says so ({@link StoreView#isBehind}). A segment that is
 * damaged, of another store, or of a log that has changed since, is passed over and said so ({@link StoreView#notices}). For one
 * thread; several processes may do it at once.
 */
public final class Index {
    /** Bytes of log that no segment covers from which on opening seals them first: reading these takes some 10 ms. */
    static final long SEAL_BYTES = 1 << 19;
    /** Some million nodes and edges. */
    private static final long FAR_BYTES = 8 << 20;
    /** As many as a hot segment has. */
    private static final long MOST_REPLAYED = Indexer.HOT_EVENTS;
    private static final int TRIES = 100;

    private final LogReader log;
    private final Path directory;
    private final long mostReplayed;
    private final long farBytes;

    /** @param directory where segments are, or would be */
    public Index(LogReader log, Path directory) {
        this(log, directory, MOST_REPLAYED, FAR_BYTES);
    }

    /**
     * @param mostReplayed nodes and edges that are read into memory while another process is about to seal them
     * @param farBytes bytes of log that are too much to try it
     */
    Index(LogReader log, Path directory, long mostReplayed, long farBytes) {
        this.log = log;
        this.directory = directory;
        this.mostReplayed = mostReplayed;
        this.farBytes = farBytes;
    }

    /**
     * The graph as the log has it now; or as it had it a while ago, if its writer leaves indexing for later.
     *
     * @throws headwater.store.StoreDamagedException if the log is damaged where it has to be read
     */
    public StoreView open() {
        return open(mostReplayed);
    }

    /**
     * As {@link #open}, if the graph has the first {@code blocks} blocks of the log then; null while another process has yet to seal them,
     * which is found without reading much.
     */
    public StoreView openCovering(long blocks) {
        try {
            LogPosition end = indexed();
            if (end.block() < blocks && log.bytesFrom(end) >= farBytes && !seal(new ArrayList<>(), false)) {
                return null;
            }
        } catch (StoreDroppedException | IOException e) {
            // Opening says what there is to say.
        }
        StoreView view = open();
        if (view.position().block() < blocks) {
            view.close();
            return null;
        }
        return view;
    }

    /** Up to where segments have the log without a hole. */
    private LogPosition indexed() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            LogPosition at = log.start();
            List<Segment> found = new ArrayList<>();
            sealed(manifest(new ArrayList<>()), at, arena, found, new ArrayList<>());
            hot(arena, at, found);
            for (Segment segment : found) {
                if (!segment.start.sameHistory(at)) {
                    break;
                }
                at = segment.end;
            }
            return at;
        }
    }

    /** The graph as the log has it now, all of it: what nobody has sealed is read into memory, however much it is. */
    public StoreView openWhole() {
        return open(Long.MAX_VALUE);
    }

    /** @param most how much is read into memory of what another process seals */
    private StoreView open(long most) {
        List<String> mended = new ArrayList<>();
        long replayed = Long.MAX_VALUE;
        try {
            if (uncovered() >= SEAL_BYTES && !seal(mended, false)) {
                replayed = most;
            }
        } catch (StoreDroppedException e) {
            mended.add("index is not whole, as the beginning of the log was dropped meanwhile: directory=" + directory);
        } catch (IOException e) {
            mended.add("index cannot be written, and questions take longer: directory=" + directory + ", cause=" + e.getMessage()
                    + "; make room, or make the directory writable");
        }
        for (int i = 0; i < TRIES; i++) {
            try {
                StoreView view = load(mended, replayed);
                if (view != null) {
                    return view;
                }
            } catch (StoreDroppedException e) {
                // What was to be read was dropped meanwhile; the log begins later now.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException("index cannot be read: directory=" + directory + ", cause=" + e
                        + "; delete the directory, and the index is made again from the log", e);
            }
        }
        throw new UncheckedIOException(new IOException("index changes faster than it can be opened: directory=" + directory
                + ", tries=" + TRIES + "; ask again"));
    }

    /**
     * Seals all that the log has, so that the next one to open the store need not. Does nothing while another writes.
     *
     * @throws UncheckedIOException if it cannot be written; the store is none the worse
     */
    public void refresh() {
        try {
            seal(new ArrayList<>(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("index cannot be written: directory=" + directory + ", cause=" + e
                    + "; make room, or make the directory writable", e);
        }
    }

    /** False if another process is at it. */
    private boolean seal(List<String> notices, boolean all) throws IOException {
        if (!Files.isWritable(directory)) {
            return true;
        }
        try (IndexLock lock = IndexLock.tryTake(directory)) {
            if (lock == null) {
                return false;
            }
            SealedFiles sealed = new SealedFiles(log, directory, SealedFiles.MOST_ROWS);
            sealed.load();
            if (!sealed.notices().isEmpty() || all) {
                sealed.save();
            }
            sealed.cover(Long.MAX_VALUE);
            sealed.deleteHot();
            sealed.merge(Long.MAX_VALUE, () -> false);
            notices.addAll(sealed.notices());
            return true;
        }
    }

    /** How many bytes of log have no sealed segment that could be used, by what the manifest and the directory say. */
    private long uncovered() throws IOException {
        if (!Files.isWritable(directory)) {
            return 0;
        }
        try {
            Manifest manifest = Manifest.read(directory, log.store());
            if (!manifest.entries().isEmpty() && manifest.entries().getFirst().start().block() < log.start().block()) {
                return SEAL_BYTES;
            }
            for (Entry entry : manifest.entries()) {
                Path path = entry.path(directory);
                if (Files.notExists(path) || !entry.isUnchanged(directory)) {
                    return SEAL_BYTES;
                }
            }
            if (!manifest.entries().isEmpty()) {
                LogPosition end = manifest.entries().getLast().end();
                return log.holds(end) ? log.bytesFrom(end) : log.bytesFrom(log.start());
            }
            return log.bytesFrom(log.start());
        } catch (MalformedPayloadException | NoSuchFileException e) {
            return SEAL_BYTES;
        }
    }

    /** True if reading what is not sealed into memory would take long, or much memory. */
    public boolean isFarBehind() {
        try {
            return uncovered() >= farBytes;
        } catch (IOException e) {
            return false;
        }
    }

    /** Puts a view together; null if the segments were exchanged meanwhile. */
    private StoreView load(List<String> mended, long most) throws IOException {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            List<String> notices = new ArrayList<>(mended);
            List<Segment> found = new ArrayList<>();
            LogPosition first = log.start();
            Manifest manifest = manifest(notices);
            if (!sealed(manifest, first, arena, found, notices)) {
                return null;
            }
            boolean live = hot(arena, first, found);
            if (hasChanged(manifest)) {
                return null;
            }
            List<Segment> segments = new ArrayList<>();
            Joined joined = join(first, found, segments, live, most);
            if (first.block() > 0 && !carried(first, arena, segments)) {
                return null;
            }
            StoreView view = new StoreView(arena, segments, joined.end, notices, joined.behind);
            done = true;
            return view;
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    private Manifest manifest(List<String> notices) throws IOException {
        try {
            return Manifest.read(directory, log.store());
        } catch (MalformedPayloadException e) {
            notices.add("index is not used: its manifest is damaged: directory=" + directory + ", cause=" + e.getMessage());
            return Manifest.empty(log.store());
        }
    }

    private boolean sealed(Manifest manifest, LogPosition first, Arena arena, List<Segment> found, List<String> notices) throws IOException {
        for (Entry entry : manifest.entries()) {
            Path path = entry.path(directory);
            if (entry.start().block() < first.block()) {
                continue;
            }
            try {
                SealedSegment segment = SealedSegment.open(path, log.store(), !entry.isUnchanged(directory), arena);
                if (!segment.start.sameHistory(entry.start()) || !segment.end.sameHistory(entry.end())) {
                    throw new MalformedPayloadException("it is of another range");
                }
                found.add(segment);
            } catch (MalformedPayloadException e) {
                notices.add("part of the index is not used: a segment is damaged: file=" + path + ", cause=" + e.getMessage());
            } catch (NoSuchFileException e) {
                if (hasChanged(manifest)) {
                    return false;
                }
                notices.add("part of the index is not used: a segment is missing: file=" + path);
            }
        }
        while (!found.isEmpty() && !log.holds(found.getLast().end)) {
            found.removeLast();
        }
        return true;
    }

    private boolean hasChanged(Manifest manifest) throws IOException {
        try {
            return !Manifest.read(directory, log.store()).equals(manifest);
        } catch (MalformedPayloadException e) {
            return !manifest.entries().isEmpty();
        }
    }

    /** Adds the hot segments that follow on the sealed ones; true if the last of them is being written to. */
    private boolean hot(Arena arena, LogPosition first, List<Segment> found) throws IOException {
        boolean live = false;
        for (Path path : SealedFiles.hotFiles(directory)) {
            try {
                HotFile.Opened opened = HotFile.open(path, log.store(), arena);
                boolean follows = opened != null && opened.segment().start.block() >= first.block() && (found.isEmpty()
                        || opened.segment().start.block() >= found.getLast().end.block()) && log.holds(opened.segment().end);
                if (follows) {
                    found.add(opened.segment());
                    live = !opened.complete();
                }
            } catch (NoSuchFileException e) {
                // It was sealed meanwhile: what it had is read from the log, or found sealed if the manifest was read late enough.
            }
        }
        return live;
    }

    /**
     * Up to where segments go.
     *
     * @param behind true if the log goes on, but that would have been too much to read
     */
    private record Joined(LogPosition end, boolean behind) {
    }

    /** Fills the holes between segments, and what is missing at the end, from the log, as long as that is not too much. */
    private Joined join(LogPosition first, List<Segment> found, List<Segment> segments, boolean live, long most) {
        LogPosition at = first;
        for (Segment segment : found) {
            if (segment.start.block() > at.block()) {
                at = replay(at, segment.start.block(), most, segments);
                if (at.block() < segment.start.block()) {
                    return new Joined(at, true);
                }
            }
            if (!segment.start.sameHistory(at)) {
                live = false;
                break;
            }
            segments.add(segment);
            at = segment.end;
        }
        if (live) {
            return new Joined(at, false);
        }
        LogPosition end = replay(at, Long.MAX_VALUE, most, segments);
        return new Joined(end, rows(end) - rows(at) >= most && log.bytesFrom(end) > 0);
    }

    private static long rows(LogPosition position) {
        return position.nodes() + position.edges();
    }

    /** Puts before the others what is still known of the dropped beginning; false if more was dropped meanwhile. */
    private boolean carried(LogPosition first, Arena arena, List<Segment> segments) throws IOException {
        CarriedFile carried;
        try {
            carried = CarriedFile.open(log.directory(), first.segment(), log.store(), arena);
        } catch (NoSuchFileException e) {
            if (log.start().block() != first.block()) {
                return false;
            }
            throw new StoreDamagedException(log.directory().resolve(e.getFile()), 0, 0,
                    "what was carried of the dropped beginning is not there");
        }
        if (!carried.end().sameHistory(first)) {
            throw new StoreDamagedException(log.directory(), 0, 0, "what was carried is not of what was dropped: segment=" + first.segment());
        }
        segments.addFirst(new CarriedSegment(log.store(), carried));
        return true;
    }

    private LogPosition replay(LogPosition from, long until, long most, List<Segment> segments) {
        HotTables hot = HotTables.inMemory();
        IndexFormat.putPosition(hot.header, HotFormat.START_AT, from);
        try (HotWriter writer = new HotWriter(hot, from)) {
            LogPosition end = log.replay(from, next -> next.block() < until && rows(next) - rows(from) < most, writer);
            if (end.block() > from.block()) {
                writer.publish(end);
                segments.add(HotSegment.newest(hot.header, hot.tables));
            }
            return end;
        }
    }
}
