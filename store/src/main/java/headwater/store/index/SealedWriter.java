// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.StoreException;
import headwater.store.index.SealedFormat.Section;
import headwater.store.log.ColumnBuffer;
import headwater.store.log.LogPosition;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * Makes a sealed segment of the events of a range of the log. Columns are packed as events come; what is turned round (edges by node)
 * waits in memory outside the heap, some 20 bytes an edge. The thread that made it uses it.
 */
final class SealedWriter implements GraphSink, AutoCloseable {
    private final LogPosition start;
    private final long firstNode;
    private final long firstEdge;
    private final long firstObject;
    private int nodes;
    private int edges;
    private int objects;

    private final RankBitmap.Writer nodeFirst = new RankBitmap.Writer();
    private final PackedColumnWriter nodeObject = new PackedColumnWriter();
    private final PackedColumnWriter nodeVersion = new PackedColumnWriter();
    private final RunColumn.Writer nodeTime = new RunColumn.Writer();
    private final PackedColumnWriter nodeEdges = new PackedColumnWriter();
    private final GrowingBytes edgesBefore = new GrowingBytes(256);
    private final RunColumn.Writer objectKind = new RunColumn.Writer();
    private final RunColumn.Writer edgeRelation = new RunColumn.Writer();
    private final PackedColumnWriter edgeCause = new PackedColumnWriter();
    private final RunColumn.Writer edgeEffect = new RunColumn.Writer();
    private final RunColumn.Writer edgeTime = new RunColumn.Writer();
    private final RunColumn.Writer edgeTask = new RunColumn.Writer();
    private final RunColumn.Writer edgeFlags = new RunColumn.Writer();
    private final RunColumn.Writer edgeOffset = new RunColumn.Writer();
    private final Grouping versions = new Grouping();
    private final Grouping causes = new Grouping();
    private final Grouping effects = new Grouping();
    private final AttributeColumns attributes = new AttributeColumns();
    private final ColumnBuffer events = new ColumnBuffer(64);

    /** @param start of the range */
    SealedWriter(LogPosition start) {
        this.start = start;
        firstNode = start.nodes();
        firstEdge = start.edges();
        firstObject = start.objects();
    }

    /** How many nodes, edges and values of attributes it has had. */
    long rows() {
        return (long) nodes + edges + attributes.rows();
    }

    @Override
    public void sessionStart(Session session) {
        EventBytes.put(events, session);
    }

    @Override
    public void sessionEnd(long timeNs) {
        EventBytes.putEnd(events, timeNs);
    }

    @Override
    public void gap(Gap gap) {
        EventBytes.put(events, gap);
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        bound(node, nodes, "nodes");
        boolean first = object == firstObject + objects;
        nodeFirst.put(first);
        if (first) {
            objectKind.put(kind.code());
            objects++;
        } else {
            nodeObject.put(-object);
            versions.put(object - firstObject, object, nodes);
        }
        nodeVersion.put(version);
        nodeTime.put(timeNs);
        nodeEdges.put(edges);
        edgesBefore.putInt(edges);
        nodes++;
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        bound(edge, edges, "edges");
        edgeRelation.put(relation.code());
        edgeCause.put(-cause);
        edgeEffect.put(-effect);
        edgeTime.put(timeNs);
        edgeTask.put(-task);
        edgeFlags.put(flags);
        edgeOffset.put(offset);
        causes.put(effect - firstNode, effect, edges);
        effects.put(cause - firstNode, cause, edges);
        edges++;
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        attributes.put(object, attribute, value);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        attributes.put(object, attribute, bytes, offset, length);
    }

    /**
     * Writes the segment into {@code directory}. It is there whole or not at all.
     *
     * @param end of the range, all of whose events were given
     */
    Path write(Path directory, UUID store, LogPosition end) throws IOException {
        if (end.nodes() != firstNode + nodes || end.edges() != firstEdge + edges || end.objects() != firstObject + objects) {
            throw new IllegalStateException("segment does not have the range's events: nodes=" + nodes + ", edges=" + edges
                    + ", objects=" + objects + ", start=" + start + ", end=" + end);
        }
        Path target = directory.resolve(IndexFormat.sealedName(start, end));
        Path unfinished = Files.createTempFile(directory, "new-", IndexFormat.UNFINISHED_SUFFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
            try (SectionWriter sections = new SectionWriter(channel)) {
                sections(sections);
                sections.finish(header(store, end));
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return target;
    }

    private MemorySegment header(UUID store, LogPosition end) {
        MemorySegment header = MemorySegment.ofArray(new byte[SealedFormat.HEADER_BYTES]);
        header.set(IndexFormat.LONG, SealedFormat.MAGIC_AT, SealedFormat.MAGIC);
        header.set(IndexFormat.INT, SealedFormat.VERSION_AT, SealedFormat.VERSION);
        header.set(IndexFormat.INT, SealedFormat.SECTIONS_AT, Section.COUNT);
        header.set(IndexFormat.LONG, SealedFormat.STORE_AT, store.getMostSignificantBits());
        header.set(IndexFormat.LONG, SealedFormat.STORE_AT + 8, store.getLeastSignificantBits());
        IndexFormat.putPosition(header, SealedFormat.START_AT, start);
        IndexFormat.putPosition(header, SealedFormat.END_AT, end);
        return header;
    }

    private void sections(SectionWriter to) throws IOException {
        to.section(Section.NODE_FIRST, nodeFirst);
        to.section(Section.NODE_OBJECT, nodeObject);
        to.section(Section.NODE_VERSION, nodeVersion);
        to.section(Section.NODE_TIME, nodeTime);
        to.section(Section.NODE_EDGES, nodeEdges);
        to.section(Section.OBJECT_KIND, objectKind);
        to.section(Section.OBJECT_VERSIONS, versions.own(objects, key -> 0));
        to.section(Section.FOREIGN_OBJECTS, versions.foreignKeys());
        to.section(Section.FOREIGN_VERSIONS, versions.foreignLists());
        to.section(Section.EDGE_RELATION, edgeRelation);
        to.section(Section.EDGE_CAUSE, edgeCause);
        to.section(Section.EDGE_EFFECT, edgeEffect);
        to.section(Section.EDGE_TIME, edgeTime);
        to.section(Section.EDGE_TASK, edgeTask);
        to.section(Section.EDGE_FLAGS, edgeFlags);
        to.section(Section.EDGE_OFFSET, edgeOffset);
        to.section(Section.CAUSES, causes.own(nodes, edgesBefore::intAt));
        to.section(Section.EFFECTS, effects.own(nodes, edgesBefore::intAt));
        foreign(to, causes, Section.CAUSED, Section.CAUSED_FILTER, Section.CAUSED_CAUSES);
        foreign(to, effects, Section.CAUSING, Section.CAUSING_FILTER, Section.CAUSING_EFFECTS);
        attributes.write(to);
        to.bytes(Section.EVENTS, MemorySegment.ofArray(events.array()).asSlice(0, events.length()));
    }

    private static void foreign(SectionWriter to, Grouping grouping, Section keys, Section filter, Section lists) throws IOException {
        to.section(keys, grouping.foreignKeys());
        to.begin(filter);
        grouping.writeFilter(to);
        to.end(filter);
        to.section(lists, grouping.foreignLists());
    }

    private static void bound(long number, int row, String what) {
        if (number >= IndexFormat.MAX_NUMBER || row >= IndexFormat.MAX_ROWS) {
            throw new StoreException("store too large for this index: " + what + "=" + number + ", limit="
                    + IndexFormat.MAX_NUMBER + "; record into a new store");
        }
    }

    @Override
    public void close() {
        for (ColumnWriter column : new ColumnWriter[] {nodeFirst, nodeObject, nodeVersion, nodeTime, nodeEdges, objectKind, edgeRelation,
            edgeCause, edgeEffect, edgeTime, edgeTask, edgeFlags, edgeOffset}) {
            column.close();
        }
        edgesBefore.close();
        versions.close();
        causes.close();
        effects.close();
        attributes.close();
    }
}
