// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.log.MalformedPayloadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opens the graph of a log by way of the index files beside it, and writes those. An index file that is damaged, of
 * another store, or of a log that has changed since, is passed over as if it were not there. For one thread; several
 * processes may do it at once, for files are put in place whole.
 */
public final class Index {
    /** Rows beyond the index from which on opening writes a new one: replaying these takes some 10 ms. */
    static final long REBUILD_ROWS = 1 << 16;
    /** … unless the index is more than this many times as large: then writing it costs more than it saves. */
    static final long REBUILD_RATIO = 8;

    private final LogReader log;
    private final Path directory;

    /** @param directory where index files are, or would be */
    public Index(LogReader log, Path directory) {
        this.log = log;
        this.directory = directory;
    }

    /**
     * The graph as the log has it now. If much of the log is beyond the newest index, a new one is written on the way.
     */
    public StoreView open() {
        Loaded loaded = load();
        long beyond = loaded.tables.rows();
        long all = loaded.tables.nodeCount() + (long) loaded.tables.edgeCount();
        if (beyond >= REBUILD_ROWS && beyond * REBUILD_RATIO >= all && Files.isWritable(directory)) {
            try {
                rebuild(loaded);
                Loaded fresh = load();
                loaded.arena.close();
                loaded = fresh;
            } catch (UncheckedIOException e) {
                // A full disk must not keep anyone from reading: what is loaded is whole without the file.
            }
        }
        return new StoreView(loaded.arena, loaded.base, loaded.tables, loaded.position);
    }

    /**
     * Brings the index file up to the end of the log.
     *
     * @throws UncheckedIOException if it cannot be written; the store is none the worse
     */
    public void refresh() {
        Loaded loaded = load();
        try {
            boolean current = loaded.base != null && loaded.base.position().sameHistory(loaded.position);
            if (!current) {
                rebuild(loaded);
            }
        } finally {
            loaded.arena.close();
        }
    }

    /** The newest right index, null if there is none, and what the log says beyond it, up to {@code position}. */
    private record Loaded(Arena arena, MappedIndex base, GraphTables tables, LogPosition position) {
    }

    private Loaded load() {
        for (Path file : files()) {
            Arena arena = Arena.ofShared();
            try {
                MappedIndex base = MappedIndex.open(file, arena);
                if (base.store().equals(log.store()) && log.holds(base.position())) {
                    GraphTables tables = new GraphTables(arena, base.nodes(), base.edges(), base.objects(),
                            base.sessions(), base.gaps());
                    return replay(arena, base, tables, base.position());
                }
            } catch (IOException | MalformedPayloadException e) {
                // Damaged, or gone because a newer one replaced it: the log knows everything that it knew.
            }
            arena.close();
        }
        Arena arena = Arena.ofShared();
        return replay(arena, null, new GraphTables(arena, 0, 0, 0, List.of(), List.of()), log.start());
    }

    private Loaded replay(Arena arena, MappedIndex base, GraphTables tables, LogPosition from) {
        try {
            return new Loaded(arena, base, tables, log.replay(from, tables));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Writes the index of the whole log, from what is loaded if that is the whole. */
    private void rebuild(Loaded loaded) {
        try {
            if (loaded.base == null) {
                dropOlder(IndexWriter.write(directory, log.store(), loaded.position, loaded.tables));
                return;
            }
            try (Arena arena = Arena.ofShared()) {
                GraphTables tables = new GraphTables(arena, 0, 0, 0, List.of(), List.of());
                LogPosition end = log.replay(tables);
                dropOlder(IndexWriter.write(directory, log.store(), end, tables));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("index cannot be written: directory=" + directory + ", cause=" + e
                    + "; make room, or make the directory writable", e);
        }
    }

    /** Deletes the index files that {@code written} replaces, and what crashes left of unfinished ones. */
    private void dropOlder(Path written) throws IOException {
        for (Path file : files()) {
            if (!file.equals(written)) {
                Files.deleteIfExists(file);
            }
        }
        IndexWriter.deleteAbandoned(directory);
    }

    /** Index files, newest first. */
    private List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(IndexFormat.SUFFIX))
                    .sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("index directory cannot be read: directory=" + directory + ", cause=" + e,
                    e);
        }
    }
}
