// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView.Edge;
import headwater.model.GraphView.EdgeVisitor;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.StoreException;
import headwater.store.index.SealedFormat.Section;
import headwater.store.log.LogPosition;
import headwater.store.log.MalformedPayloadException;
import headwater.store.log.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/** A sealed segment, mapped; see {@link SealedFormat}. */
final class SealedSegment extends Segment {
    /** Smaller ones are soon read whole, and better so. */
    private static final long RANDOM_BYTES = 32 << 20;
    private static final int CRC_STEP_BYTES = 1 << 26;

    private final MemorySegment file;
    private final RankBitmap nodeFirst;
    private final PackedColumn nodeObject;
    private final PackedColumn nodeVersion;
    private final RunColumn nodeTime;
    private final PackedColumn nodeEdges;
    private final RunColumn objectKind;
    private final EdgeLists objectVersions;
    private final PackedColumn foreignObjects;
    private final EdgeLists foreignVersions;
    private final RunColumn edgeRelation;
    private final PackedColumn edgeCause;
    private final RunColumn edgeEffect;
    private final RunColumn edgeTime;
    private final RunColumn edgeTask;
    private final RunColumn edgeFlags;
    private final RunColumn edgeOffset;
    private final EdgeLists causes;
    private final EdgeLists effects;
    private final PackedColumn caused;
    private final NodeFilter causedFilter;
    private final EdgeLists causedCauses;
    private final PackedColumn causing;
    private final NodeFilter causingFilter;
    private final EdgeLists causingEffects;
    private final PackedColumn[] attributeObjects = new PackedColumn[128];
    private final PackedColumn[] attributeValues = new PackedColumn[128];
    private final PackedColumn stringStarts;
    private final MemorySegment strings;
    private final PackedColumn findHash;
    private final PackedColumn findObject;

    private SealedSegment(MemorySegment file) {
        super(IndexFormat.position(file, SealedFormat.START_AT), IndexFormat.position(file, SealedFormat.END_AT));
        this.file = file;
        nodeFirst = new RankBitmap(section(Section.NODE_FIRST));
        nodeObject = new PackedColumn(section(Section.NODE_OBJECT));
        nodeVersion = new PackedColumn(section(Section.NODE_VERSION));
        nodeTime = new RunColumn(section(Section.NODE_TIME));
        nodeEdges = new PackedColumn(section(Section.NODE_EDGES));
        objectKind = new RunColumn(section(Section.OBJECT_KIND));
        objectVersions = new EdgeLists(section(Section.OBJECT_VERSIONS));
        foreignObjects = new PackedColumn(section(Section.FOREIGN_OBJECTS));
        foreignVersions = new EdgeLists(section(Section.FOREIGN_VERSIONS));
        edgeRelation = new RunColumn(section(Section.EDGE_RELATION));
        edgeCause = new PackedColumn(section(Section.EDGE_CAUSE));
        edgeEffect = new RunColumn(section(Section.EDGE_EFFECT));
        edgeTime = new RunColumn(section(Section.EDGE_TIME));
        edgeTask = new RunColumn(section(Section.EDGE_TASK));
        edgeFlags = new RunColumn(section(Section.EDGE_FLAGS));
        edgeOffset = new RunColumn(section(Section.EDGE_OFFSET));
        causes = new EdgeLists(section(Section.CAUSES));
        effects = new EdgeLists(section(Section.EFFECTS));
        caused = new PackedColumn(section(Section.CAUSED));
        causedFilter = new NodeFilter(section(Section.CAUSED_FILTER));
        causedCauses = new EdgeLists(section(Section.CAUSED_CAUSES));
        causing = new PackedColumn(section(Section.CAUSING));
        causingFilter = new NodeFilter(section(Section.CAUSING_FILTER));
        causingEffects = new EdgeLists(section(Section.CAUSING_EFFECTS));
        stringStarts = new PackedColumn(section(Section.STRING_STARTS));
        strings = section(Section.STRINGS);
        findHash = new PackedColumn(section(Section.FIND_HASH));
        findObject = new PackedColumn(section(Section.FIND_OBJECT));
        attributes();
    }

    private void attributes() {
        MemorySegment codes = section(Section.ATTRIBUTE_CODES);
        MemorySegment columns = section(Section.ATTRIBUTES);
        long at = 0;
        for (long row = 0; row < codes.byteSize(); row += SealedFormat.ATTRIBUTE_CODE_BYTES) {
            int code = codes.get(IndexFormat.INT, row);
            long objectsLength = codes.get(IndexFormat.LONG, row + 8);
            long valuesLength = codes.get(IndexFormat.LONG, row + 16);
            attributeObjects[code] = new PackedColumn(columns.asSlice(at, objectsLength));
            attributeValues[code] = new PackedColumn(columns.asSlice(at + objectsLength, valuesLength));
            at += objectsLength + valuesLength;
        }
    }

    /**
     * Maps a segment.
     *
     * @param arena owns the mapping
     * @param whole true to check all of it, false if it is known to be unchanged since that was done
     * @throws MalformedPayloadException if it is damaged, of another store, or of a version that this code does not read
     */
    static SealedSegment open(Path path, UUID store, boolean whole, Arena arena) throws IOException, MalformedPayloadException {
        MemorySegment file;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() < SealedFormat.HEADER_BYTES) {
                throw new MalformedPayloadException("segment too short: size=" + channel.size());
            }
            file = MappedFile.map(channel, FileChannel.MapMode.READ_ONLY, channel.size(), path, arena);
        }
        checkHeader(file, store);
        for (Section section : Section.values()) {
            check(file, section, whole);
        }
        if (file.byteSize() >= RANDOM_BYTES) {
            MappedAdvice.random(file);
        }
        try {
            return new SealedSegment(file);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedPayloadException("segment does not hold together: " + e.getMessage());
        }
    }

    private static void checkHeader(MemorySegment file, UUID store) throws MalformedPayloadException {
        if (file.get(IndexFormat.LONG, SealedFormat.MAGIC_AT) != SealedFormat.MAGIC
                || file.get(IndexFormat.INT, SealedFormat.VERSION_AT) != SealedFormat.VERSION
                || file.get(IndexFormat.INT, SealedFormat.SECTIONS_AT) != Section.COUNT) {
            throw new MalformedPayloadException("not a segment of this version");
        }
        if (file.get(IndexFormat.INT, SealedFormat.CRC_AT) != crc(file.asSlice(0, SealedFormat.CRC_AT))) {
            throw new MalformedPayloadException("checksum of the header is wrong");
        }
        if (file.get(IndexFormat.LONG, SealedFormat.STORE_AT) != store.getMostSignificantBits()
                || file.get(IndexFormat.LONG, SealedFormat.STORE_AT + 8) != store.getLeastSignificantBits()) {
            throw new MalformedPayloadException("segment of another store");
        }
        if (file.get(IndexFormat.LONG, SealedFormat.LENGTH_AT) != file.byteSize()) {
            throw new MalformedPayloadException("length: is=" + file.byteSize() + ", want="
                    + file.get(IndexFormat.LONG, SealedFormat.LENGTH_AT));
        }
    }

    private static void check(MemorySegment file, Section section, boolean whole) throws MalformedPayloadException {
        long at = SealedFormat.TABLE_AT + (long) SealedFormat.TABLE_ROW_BYTES * section.ordinal();
        long offset = file.get(IndexFormat.LONG, at);
        long length = file.get(IndexFormat.LONG, at + 8);
        if (offset < 0 || length < 0 || length > file.byteSize() || offset > file.byteSize() - length) {
            throw new MalformedPayloadException("section out of range: section=" + section + ", offset=" + offset
                    + ", length=" + length + ", size=" + file.byteSize());
        }
        if (whole && crc(file.asSlice(offset, length)) != file.get(IndexFormat.INT, at + 16)) {
            throw new MalformedPayloadException("checksum is wrong: section=" + section);
        }
    }

    private MemorySegment section(Section section) {
        long at = SealedFormat.TABLE_AT + (long) SealedFormat.TABLE_ROW_BYTES * section.ordinal();
        return file.asSlice(file.get(IndexFormat.LONG, at), file.get(IndexFormat.LONG, at + 8));
    }

    private static int crc(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += CRC_STEP_BYTES) {
            ByteBuffer step = bytes.asSlice(at, Math.min(CRC_STEP_BYTES, bytes.byteSize() - at)).asByteBuffer();
            crc.update(step);
        }
        return (int) crc.getValue();
    }

    @Override
    int kind(long object) {
        return (int) objectKind.get(object - firstObject);
    }

    @Override
    long object(long node) {
        long row = node - firstNode;
        long rank = nodeFirst.rank(row);
        return nodeFirst.get(row) ? firstObject + rank : -nodeObject.get(row - rank);
    }

    @Override
    int version(long node) {
        return (int) nodeVersion.get(node - firstNode);
    }

    @Override
    long timeNs(long node) {
        return nodeTime.get(node - firstNode);
    }

    @Override
    void versions(long object, ObjectList to) {
        EdgeLists.Visitor visitor = node -> {
            to.add(firstNode + node);
            return true;
        };
        if (object >= firstObject) {
            long row = object - firstObject;
            to.add(firstNode + nodeFirst.select(row));
            visit(objectVersions, row, 0, visitor);
            return;
        }
        long row = foreignObjects.lowerBound(0, foreignObjects.count(), object);
        if (row < foreignObjects.count() && foreignObjects.get(row) == object) {
            visit(foreignVersions, row, 0, visitor);
        }
    }

    @Override
    boolean causes(long node, EdgeVisitor visitor) {
        if (node >= firstNode) {
            long row = node - firstNode;
            return visit(causes, row, nodeEdges.get(row), edge -> visitor.edge(firstEdge + edge,
                    Relation.ofCode((int) edgeRelation.get(edge)), -edgeCause.get(edge), edgeTime.get(edge)));
        }
        long row = causedFilter.mayHave(node) ? caused.lowerBound(0, caused.count(), node) : caused.count();
        return row == caused.count() || caused.get(row) != node
                || visit(causedCauses, row, 0, edge -> visitor.edge(firstEdge + edge,
                        Relation.ofCode((int) edgeRelation.get(edge)), -edgeCause.get(edge), edgeTime.get(edge)));
    }

    @Override
    boolean effects(long node, EdgeVisitor visitor) {
        if (node >= firstNode) {
            long row = node - firstNode;
            return visit(effects, row, nodeEdges.get(row), edge -> visitor.edge(firstEdge + edge,
                    Relation.ofCode((int) edgeRelation.get(edge)), -edgeEffect.get(edge), edgeTime.get(edge)));
        }
        long row = causingFilter.mayHave(node) ? causing.lowerBound(0, causing.count(), node) : causing.count();
        return row == causing.count() || causing.get(row) != node
                || visit(causingEffects, row, 0, edge -> visitor.edge(firstEdge + edge,
                        Relation.ofCode((int) edgeRelation.get(edge)), -edgeEffect.get(edge), edgeTime.get(edge)));
    }

    private static boolean visit(EdgeLists lists, long key, long base, EdgeLists.Visitor visitor) {
        return lists.isTrivial(key) ? visitor.number(base) : lists.visit(key, base, visitor);
    }

    @Override
    Edge edge(long edge) {
        long row = edge - firstEdge;
        return new Edge(edge, Relation.ofCode((int) edgeRelation.get(row)), -edgeCause.get(row), -edgeEffect.get(row),
                edgeTime.get(row), -edgeTask.get(row), edgeFlags.get(row), edgeOffset.get(row));
    }

    @Override
    boolean newest(long object, int code, Value to) {
        PackedColumn objects = attributeObjects[code];
        if (objects == null) {
            return false;
        }
        long row = objects.lowerBound(0, objects.count(), object + 1) - 1;
        if (row < 0 || objects.get(row) != object) {
            return false;
        }
        long value = attributeValues[code].get(row);
        if (Attribute.ofCode(code).isBytes()) {
            long from = stringStarts.get(value);
            to.set(strings, from, (int) (stringStarts.get(value + 1) - from));
        } else {
            to.set(value);
        }
        return true;
    }

    @Override
    void find(int code, long number, ObjectList found) {
        find(code, IndexFormat.hash(code, number), value -> value == number, found);
    }

    @Override
    void find(int code, byte[] value, long contentHash, ObjectList found) {
        MemorySegment wanted = MemorySegment.ofArray(value);
        find(code, IndexFormat.stringHash(code, contentHash), string -> {
            long from = stringStarts.get(string);
            return stringStarts.get(string + 1) - from == value.length
                    && MemorySegment.mismatch(strings, from, from + value.length, wanted, 0, value.length) < 0;
        }, found);
    }

    private void find(int code, int hash, java.util.function.LongPredicate same, ObjectList found) {
        PackedColumn objects = attributeObjects[code];
        if (objects == null) {
            return;
        }
        long unsigned = hash & 0xffffffffL;
        long count = findHash.count();
        for (long i = findHash.lowerBound(0, count, unsigned); i < count && findHash.get(i) == unsigned; i++) {
            long object = findObject.get(i);
            long rows = objects.count();
            for (long row = objects.lowerBound(0, rows, object); row < rows && objects.get(row) == object; row++) {
                if (same.test(attributeValues[code].get(row))) {
                    found.add(object);
                    break;
                }
            }
        }
    }

    @Override
    void events(List<Session> sessions, List<Gap> gaps) {
        try {
            EventBytes.read(section(Section.EVENTS), sessions, gaps);
        } catch (MalformedPayloadException e) {
            throw new StoreException("sealed segment cannot be read: end=" + end + ", cause=" + e.getMessage());
        }
    }
}
