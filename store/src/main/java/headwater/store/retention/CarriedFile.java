// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.StoreDamagedException;
import headwater.store.StoreVersionException;
import headwater.store.log.BlockHash;
import headwater.store.log.ColumnCursor;
import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.MalformedPayloadException;
import headwater.store.log.MappedFile;
import headwater.store.log.SessionCodec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * What is still known of the dropped beginning of a log, mapped; see {@link CarriedFormat}. It is replaced as a whole, never changed. Any
 * thread may read it until its arena is closed. Rows count from 0, -1 means none. Whatever is in the file, methods that are given a row of
 * it throw nothing but {@link StoreDamagedException}.
 */
public final class CarriedFile {
    private final Path path;
    private final MemorySegment file;
    private final int version;
    private final LogPosition end;
    private final long objects;
    private final long nodes;
    private final long values;
    private final long postings;
    private final long nodesAt;
    private final long objectNodesAt;
    private final long valuesAt;
    private final long postingsAt;
    private final long eventsAt;
    private final long stringsAt;

    private CarriedFile(Path path, MemorySegment file) {
        this.path = path;
        this.file = file;
        version = file.get(CarriedFormat.INT, CarriedFormat.VERSION_AT);
        end = LogPosition.segmentStart(file.get(CarriedFormat.INT, CarriedFormat.SEGMENT_AT), number(CarriedFormat.BLOCK_AT),
                number(CarriedFormat.NODE_AT), number(CarriedFormat.EDGE_AT), number(CarriedFormat.OBJECT_AT), number(CarriedFormat.TIME_AT),
                (file.get(CarriedFormat.INT, CarriedFormat.FLAGS_AT) & 1) != 0, BlockHash.read(file, CarriedFormat.HASH_AT));
        objects = number(CarriedFormat.OBJECTS_AT);
        nodes = number(CarriedFormat.NODES_AT);
        values = number(CarriedFormat.VALUES_AT);
        postings = number(CarriedFormat.POSTINGS_AT);
        nodesAt = CarriedFormat.HEADER_BYTES + CarriedFormat.OBJECT_BYTES * objects;
        objectNodesAt = nodesAt + CarriedFormat.NODE_BYTES * nodes;
        valuesAt = CarriedFormat.aligned(objectNodesAt + CarriedFormat.OBJECT_NODE_BYTES * nodes);
        postingsAt = valuesAt + CarriedFormat.VALUE_BYTES * values;
        eventsAt = postingsAt + CarriedFormat.POSTING_BYTES * postings;
        stringsAt = CarriedFormat.aligned(eventsAt + number(CarriedFormat.EVENTS_AT));
    }

    /**
     * Maps the file of a log that begins with {@code segment}.
     *
     * @param log the log's folder
     * @param arena owns the mapping
     * @throws StoreDamagedException if it is damaged, or of another store
     * @throws StoreVersionException if a newer Headwater wrote it
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    public static CarriedFile open(Path log, int segment, UUID store, Arena arena) throws IOException {
        Path path = log.resolve(CarriedFormat.name(segment));
        MemorySegment file;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() < CarriedFormat.HEADER_BYTES) {
                throw new StoreDamagedException(path, 0, 0, "what is carried of the dropped beginning is too short: bytes=" + channel.size());
            }
            file = MappedFile.map(channel, FileChannel.MapMode.READ_ONLY, channel.size(), path, arena);
        }
        String fault = fault(path, file, segment, store);
        if (fault == null) {
            CarriedFile carried = new CarriedFile(path, file);
            fault = carried.lengthFault();
            if (fault == null) {
                return carried;
            }
        }
        throw new StoreDamagedException(path, 0, 0, fault);
    }

    private static String fault(Path path, MemorySegment file, int segment, UUID store) {
        if (file.get(CarriedFormat.LONG, 0) != CarriedFormat.MAGIC) {
            return "it does not begin as it must";
        }
        int version = file.get(CarriedFormat.INT, CarriedFormat.VERSION_AT);
        if (Integer.compareUnsigned(version, LogFormat.VERSION) > 0) {
            throw new StoreVersionException(path, version, LogFormat.VERSION);
        }
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(0, CarriedFormat.CRC_AT).asByteBuffer());
        if (file.get(CarriedFormat.INT, CarriedFormat.CRC_AT) != (int) crc.getValue()) {
            return "checksum of its head is wrong";
        }
        boolean same = file.get(CarriedFormat.LONG, CarriedFormat.STORE_AT) == store.getMostSignificantBits()
                && file.get(CarriedFormat.LONG, CarriedFormat.STORE_AT + 8) == store.getLeastSignificantBits()
                && file.get(CarriedFormat.INT, CarriedFormat.SEGMENT_AT) == segment;
        return same ? null : "it is of another store, or of another place";
    }

    private String lengthFault() {
        long most = file.byteSize();
        long[] counts = {objects, nodes, values, postings, number(CarriedFormat.EVENTS_AT), number(CarriedFormat.STRINGS_AT)};
        if (Arrays.stream(counts).anyMatch(count -> count < 0 || count > most)
                || CarriedFormat.aligned(stringsAt + number(CarriedFormat.STRINGS_AT)) != most) {
            return "its length is not what its head says: bytes=" + most;
        }
        return null;
    }

    private long number(int at) {
        return file.get(CarriedFormat.LONG, at);
    }

    private long longAt(long at) {
        try {
            return file.get(CarriedFormat.LONG, at);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(at, "a row points out of the file");
        }
    }

    private int intAt(long at) {
        try {
            return file.get(CarriedFormat.INT, at);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(at, "a row points out of the file");
        }
    }

    private int byteAt(long at) {
        try {
            return file.get(ValueLayout.JAVA_BYTE, at);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(at, "a row points out of the file");
        }
    }

    private Attribute attributeAt(long valueRow) {
        long at = valuesAt + CarriedFormat.VALUE_BYTES * valueRow;
        int code = intAt(at);
        try {
            return Attribute.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw damaged(at, e.getMessage());
        }
    }

    private StoreDamagedException damaged(long at, String what) {
        return new StoreDamagedException(path, at, 0, what);
    }

    /** Where the log goes on. */
    public LogPosition end() {
        return end;
    }

    /** The lowest time that was dropped, nanoseconds since the Unix epoch. */
    public long fromNs() {
        return number(CarriedFormat.FROM_AT);
    }

    /** How many objects it has. */
    public long objects() {
        return objects;
    }

    /** How many nodes it has. */
    public long nodes() {
        return nodes;
    }

    /** The row of an object. */
    public long objectRow(long object) {
        long row = lowerObject(object);
        return row < objects && object(row) == object ? row : -1;
    }

    /** The row of the first object of this number or a higher one; {@link #objects} if there is none. */
    public long lowerObject(long object) {
        return lower(CarriedFormat.HEADER_BYTES, CarriedFormat.OBJECT_BYTES, objects, object);
    }

    /** The row of a node. */
    public long nodeRow(long node) {
        long row = lowerNode(node);
        return row < nodes && node(row) == node ? row : -1;
    }

    /** The row of the first node of this number or a higher one; {@link #nodes} if there is none. */
    public long lowerNode(long node) {
        return lower(nodesAt, CarriedFormat.NODE_BYTES, nodes, node);
    }

    private long lower(long at, int width, long count, long key) {
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = low + high >>> 1;
            if (longAt(at + width * middle) < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long objectAt(long row) {
        return CarriedFormat.HEADER_BYTES + CarriedFormat.OBJECT_BYTES * row;
    }

    private long nodeAt(long row) {
        return nodesAt + CarriedFormat.NODE_BYTES * row;
    }

    /** The object of a row. */
    public long object(long row) {
        return longAt(objectAt(row));
    }

    /** The code of the kind of an object; there is such a kind. */
    public int kind(long objectRow) {
        long at = objectAt(objectRow) + CarriedFormat.OBJECT_KIND_AT;
        try {
            return NodeKind.ofCode(byteAt(at) & 0xff).code();
        } catch (IllegalArgumentException e) {
            throw damaged(at, e.getMessage());
        }
    }

    public boolean lacksVersions(long objectRow) {
        return (byteAt(objectAt(objectRow) + CarriedFormat.OBJECT_FLAGS_AT) & CarriedFormat.LACKS_VERSIONS) != 0;
    }

    /** The node of a row. */
    public long node(long row) {
        return longAt(nodeAt(row));
    }

    public long objectOf(long nodeRow) {
        return longAt(nodeAt(nodeRow) + CarriedFormat.NODE_OBJECT_AT);
    }

    public int version(long nodeRow) {
        return intAt(nodeAt(nodeRow) + CarriedFormat.NODE_VERSION_AT);
    }

    public long timeNs(long nodeRow) {
        return longAt(nodeAt(nodeRow) + CarriedFormat.NODE_TIME_AT);
    }

    public boolean lacksCauses(long nodeRow) {
        return (nodeFlags(nodeRow) & CarriedFormat.LACKS_CAUSES) != 0;
    }

    public boolean lacksEffects(long nodeRow) {
        return (nodeFlags(nodeRow) & CarriedFormat.LACKS_EFFECTS) != 0;
    }

    int nodeFlags(long nodeRow) {
        return byteAt(nodeAt(nodeRow) + CarriedFormat.NODE_FLAGS_AT);
    }

    /** Hands over the nodes that are versions of an object, ascending. */
    public void versions(long object, LongConsumer to) {
        long row = objectRow(object);
        if (row < 0) {
            return;
        }
        long at = intAt(objectAt(row) + CarriedFormat.OBJECT_NODES_AT);
        for (; at < nodes; at++) {
            long node = intAt(objectNodesAt + CarriedFormat.OBJECT_NODE_BYTES * at);
            if (objectOf(node) != object) {
                return;
            }
            to.accept(node(node));
        }
    }

    /** The newest value of an object, a Long or a byte array; null if there is none. */
    public Object value(long object, Attribute attribute) {
        long row = objectRow(object);
        if (row < 0) {
            return null;
        }
        long first = intAt(objectAt(row) + CarriedFormat.OBJECT_VALUES_AT);
        int count = intAt(objectAt(row) + CarriedFormat.OBJECT_VALUE_COUNT_AT);
        for (long i = first; i < first + count; i++) {
            if (intAt(valuesAt + CarriedFormat.VALUE_BYTES * i) == attribute.code()) {
                return value(i);
            }
        }
        return null;
    }

    /** Hands over all values of an object, a Long or a byte array each. */
    public void values(long objectRow, BiConsumer<Attribute, Object> to) {
        long first = intAt(objectAt(objectRow) + CarriedFormat.OBJECT_VALUES_AT);
        int count = intAt(objectAt(objectRow) + CarriedFormat.OBJECT_VALUE_COUNT_AT);
        for (long i = first; i < first + count; i++) {
            to.accept(attributeAt(i), value(i));
        }
    }

    private Object value(long row) {
        long at = valuesAt + CarriedFormat.VALUE_BYTES * row;
        long number = longAt(at + CarriedFormat.VALUE_NUMBER_AT);
        if (!attributeAt(row).isBytes()) {
            return number;
        }
        int length = intAt(at + CarriedFormat.VALUE_LENGTH_AT);
        if (number < 0 || length < 0 || number > number(CarriedFormat.STRINGS_AT) - length) {
            throw damaged(at, "a string is out of the file: length=" + length);
        }
        return file.asSlice(stringsAt + number, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Hands over the objects whose newest value was this, a Long or a byte array; ascending. */
    public void find(Attribute attribute, Object value, LongConsumer to) {
        int hash = value instanceof byte[] bytes ? CarriedFormat.hash(attribute.code(), bytes)
                : CarriedFormat.hash(attribute.code(), (Long) value);
        long low = 0;
        long high = postings;
        while (low < high) {
            long middle = low + high >>> 1;
            if (Integer.compareUnsigned(intAt(postingsAt + CarriedFormat.POSTING_BYTES * middle), hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (long i = low; i < postings; i++) {
            long at = postingsAt + CarriedFormat.POSTING_BYTES * i;
            if (intAt(at) != hash) {
                return;
            }
            long row = intAt(at + CarriedFormat.POSTING_VALUE_AT);
            if (intAt(valuesAt + CarriedFormat.VALUE_BYTES * row) == attribute.code() && same(value(row), value)) {
                to.accept(object(intAt(at + CarriedFormat.POSTING_OBJECT_AT)));
            }
        }
    }

    private static boolean same(Object a, Object b) {
        return a instanceof byte[] bytes ? b instanceof byte[] other && Arrays.equals(bytes, other) : a.equals(b);
    }

    /** The number of the newest session that had begun in dropped time. */
    public int lastSession() {
        return (int) number(CarriedFormat.SESSION_AT);
    }

    /** Adds the sessions and gaps of dropped time that matter to the rest; and the boots that had been met, with their numbers. */
    public void events(List<Session> sessions, List<Gap> gaps, Map<String, Integer> boots) {
        byte[] bytes = file.asSlice(eventsAt, number(CarriedFormat.EVENTS_AT)).toArray(ValueLayout.JAVA_BYTE);
        ColumnCursor cursor = new ColumnCursor();
        cursor.reset(bytes, 0, bytes.length);
        try {
            while (cursor.remaining() > 0) {
                switch (cursor.takeByte()) {
                    case CarriedFormat.EVENT_BOOT -> {
                        String bootId = cursor.takeText();
                        boots.put(bootId, (int) cursor.takeSigned());
                    }
                    case CarriedFormat.EVENT_SESSION -> {
                        long startNs = cursor.takeSigned();
                        sessions.add(SessionCodec.takeSession(cursor, startNs, version));
                    }
                    case CarriedFormat.EVENT_GAP -> gaps.add(SessionCodec.takeGap(cursor, version));
                    default -> throw new MalformedPayloadException("unknown event of dropped time");
                }
            }
        } catch (MalformedPayloadException e) {
            throw new StoreDamagedException(path, eventsAt, 0, e.getMessage());
        }
    }

    /** All of it, to go on from. */
    Carried load() {
        Carried carried = new Carried();
        for (long row = 0; row < objects; row++) {
            Carried.Thing thing = new Carried.Thing(NodeKind.ofCode(kind(row)));
            thing.lacksVersions = lacksVersions(row);
            values(row, thing.values::put);
            carried.objects.put(object(row), thing);
        }
        for (long row = 0; row < nodes; row++) {
            carried.nodes.put(node(row), new Carried.Version(objectOf(row), version(row), timeNs(row), nodeFlags(row)));
        }
        carried.lastSession = lastSession();
        events(carried.sessions, carried.gaps, carried.boots);
        return carried;
    }
}
