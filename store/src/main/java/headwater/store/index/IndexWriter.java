// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Gap;
import headwater.model.Session;
import headwater.store.index.IndexFormat.Section;
import headwater.store.log.ColumnBuffer;
import headwater.store.log.LogPosition;
import headwater.store.log.SessionCodec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes an index file from tables that hold the whole graph. For one thread. */
final class IndexWriter {
    private static final String UNFINISHED = ".tmp";
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

    private final GraphTables tables;
    private final SectionWriter to;

    private IndexWriter(GraphTables tables, SectionWriter to) {
        this.tables = tables;
        this.to = to;
    }

    /**
     * Writes the index of the log up to {@code position} into {@code directory}. It is there whole or not at all.
     *
     * @param tables all that the log says before {@code position}
     */
    static Path write(Path directory, UUID store, LogPosition position, GraphTables tables) throws IOException {
        Path target = directory.resolve(String.format("%016x", position.block()) + IndexFormat.SUFFIX);
        Path unfinished = Files.createTempFile(directory, "new-", UNFINISHED);
        try {
            FileChannel channel = FileChannel.open(unfinished, Set.of(StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (SectionWriter sections = new SectionWriter(channel)) {
                new IndexWriter(tables, sections).sections();
                sections.finish(header(store, position));
            }
            move(unfinished, target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return target;
    }

    /** Deletes unfinished files that are so old that nobody can be writing them any more. */
    static void deleteAbandoned(Path directory) throws IOException {
        Instant limit = Instant.now().minus(ABANDONED_AFTER);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "new-*" + UNFINISHED)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("index cannot be put in place: file=" + to + ", cause=" + e.getMessage(), e);
        }
    }

    private static MemorySegment header(UUID store, LogPosition position) {
        MemorySegment header = MemorySegment.ofArray(new byte[IndexFormat.HEADER_BYTES]);
        header.set(IndexFormat.LONG, IndexFormat.MAGIC_AT, IndexFormat.MAGIC);
        header.set(IndexFormat.INT, IndexFormat.VERSION_AT, IndexFormat.VERSION);
        header.set(IndexFormat.INT, IndexFormat.SECTIONS_AT, Section.COUNT);
        header.set(IndexFormat.LONG, IndexFormat.STORE_AT, store.getMostSignificantBits());
        header.set(IndexFormat.LONG, IndexFormat.STORE_AT + 8, store.getLeastSignificantBits());
        header.set(IndexFormat.INT, IndexFormat.SEGMENT_AT, position.segment());
        header.set(IndexFormat.INT, IndexFormat.FLAGS_AT, position.sessionOpen() ? 1 : 0);
        header.set(IndexFormat.LONG, IndexFormat.OFFSET_AT, position.offset());
        header.set(IndexFormat.LONG, IndexFormat.BLOCK_AT, position.block());
        header.set(IndexFormat.LONG, IndexFormat.NODES_AT, position.nodes());
        header.set(IndexFormat.LONG, IndexFormat.EDGES_AT, position.edges());
        header.set(IndexFormat.LONG, IndexFormat.OBJECTS_AT, position.objects());
        header.set(IndexFormat.LONG, IndexFormat.TIME_AT, position.timeNs());
        header.set(IndexFormat.LONG, IndexFormat.BEFORE_AT, position.before());
        position.hash().write(header, IndexFormat.HASH_AT);
        return header;
    }

    private void sections() throws IOException {
        int nodes = tables.nodeCount();
        int objects = tables.objectCount();
        int edges = tables.edgeCount();
        to.bytes(Section.NODES, tables.nodes.used());
        to.bytes(Section.OBJECT_KINDS,
                List.of(MemorySegment.ofArray(tables.kinds.array()).asSlice(0, tables.kinds.length())));
        groups(Section.VERSION_STARTS, Section.VERSIONS,
                Groups.of(objects, nodes, node -> tables.nodes.intAt(node, IndexFormat.NODE_OBJECT)));
        to.bytes(Section.EDGES, tables.edges.used());
        groups(Section.CAUSE_STARTS, Section.CAUSES,
                Groups.of(nodes, edges, edge -> tables.edges.intAt(edge, IndexFormat.EDGE_EFFECT)));
        groups(Section.EFFECT_STARTS, Section.EFFECTS,
                Groups.of(nodes, edges, edge -> tables.edges.intAt(edge, IndexFormat.EDGE_CAUSE)));
        attributes(objects);
        to.bytes(Section.STRINGS, List.of(tables.strings()));
        values();
        to.bytes(Section.SESSIONS, List.of(sessionBytes()));
        to.bytes(Section.GAPS, List.of(gapBytes()));
    }

    private void groups(Section starts, Section rows, Groups groups) throws IOException {
        to.ints(starts, groups.starts(), groups.starts().length);
        to.ints(rows, groups.rows(), groups.rows().length);
    }

    private void attributes(int objects) throws IOException {
        RowTable rows = tables.attributes;
        Groups byObject = Groups.of(objects, rows.rows(), row -> rows.intAt(row, GraphTables.ATTRIBUTE_OBJECT));
        int[] starts = new int[objects + 1];
        int[] newest = new int[rows.rows()];
        int count = 0;
        int[] rowOfCode = new int[128];
        Arrays.fill(rowOfCode, -1);
        for (int object = 0; object < objects; object++) {
            starts[object] = count;
            for (int i = byObject.starts()[object]; i < byObject.starts()[object + 1]; i++) {
                int row = byObject.rows()[i];
                rowOfCode[rows.intAt(row, IndexFormat.VALUE_CODE)] = row;
            }
            if (byObject.starts()[object] == byObject.starts()[object + 1]) {
                continue;
            }
            for (int code = 0; code < rowOfCode.length; code++) {
                if (rowOfCode[code] >= 0) {
                    newest[count++] = rowOfCode[code];
                    rowOfCode[code] = -1;
                }
            }
        }
        starts[objects] = count;
        to.ints(Section.ATTRIBUTE_STARTS, starts, starts.length);
        to.begin(Section.ATTRIBUTES);
        for (int i = 0; i < count; i++) {
            to.put(rows.segment(newest[i]), rows.at(newest[i]), IndexFormat.VALUE_BYTES);
        }
        to.end(Section.ATTRIBUTES);
    }

    private void values() throws IOException {
        RowTable rows = tables.attributes;
        DistinctValues values = new DistinctValues(tables);
        int[] valueOfRow = new int[rows.rows()];
        for (int row = 0; row < valueOfRow.length; row++) {
            valueOfRow[row] = values.number(row);
        }
        Groups byValue = Groups.of(values.count(), rows.rows(), row -> valueOfRow[row]);
        int[] starts = new int[values.count() + 1];
        int[] objects = new int[byValue.rows().length];
        int count = 0;
        for (int value = 0; value < values.count(); value++) {
            starts[value] = count;
            int from = count;
            for (int i = byValue.starts()[value]; i < byValue.starts()[value + 1]; i++) {
                objects[count++] = rows.intAt(byValue.rows()[i], GraphTables.ATTRIBUTE_OBJECT);
            }
            count = from + Ascending.sortUnique(objects, from, count);
        }
        starts[values.count()] = count;
        to.ints(Section.VALUE_SLOTS, values.slots(), values.slots().length);
        to.begin(Section.VALUES);
        for (int value = 0; value < values.count(); value++) {
            int row = values.row(value);
            to.put(rows.segment(row), rows.at(row), IndexFormat.VALUE_BYTES);
        }
        to.end(Section.VALUES);
        to.ints(Section.VALUE_STARTS, starts, starts.length);
        to.ints(Section.VALUE_OBJECTS, objects, count);
    }

    private MemorySegment sessionBytes() {
        ColumnBuffer bytes = new ColumnBuffer(64);
        for (Session session : tables.sessions) {
            bytes.putSigned(session.startNs());
            SessionCodec.put(bytes, session);
        }
        return MemorySegment.ofArray(bytes.array()).asSlice(0, bytes.length());
    }

    private MemorySegment gapBytes() {
        ColumnBuffer bytes = new ColumnBuffer(64);
        for (Gap gap : tables.gaps) {
            SessionCodec.put(bytes, gap);
        }
        return MemorySegment.ofArray(bytes.array()).asSlice(0, bytes.length());
    }
}
