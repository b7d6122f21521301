// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Gap;
import headwater.model.Session;
import headwater.store.index.IndexFormat.Section;
import headwater.store.log.BlockHash;
import headwater.store.log.ColumnCursor;
import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.MalformedPayloadException;
import headwater.store.log.SessionCodec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/** An index file, mapped; see {@link IndexFormat}. Immutable; any thread may read until the arena is closed. */
final class MappedIndex {
    private static final int CRC_STEP_BYTES = 1 << 26;

    private final MemorySegment file;
    private final MemorySegment[] sections = new MemorySegment[Section.COUNT];
    private final UUID store;
    private final LogPosition position;

    private MappedIndex(MemorySegment file) throws MalformedPayloadException {
        this.file = file;
        checkHeader();
        for (Section section : Section.values()) {
            sections[section.ordinal()] = map(section);
        }
        store = new UUID(file.get(IndexFormat.LONG, IndexFormat.STORE_AT),
                file.get(IndexFormat.LONG, IndexFormat.STORE_AT + 8));
        position = new LogPosition(file.get(IndexFormat.INT, IndexFormat.SEGMENT_AT),
                file.get(IndexFormat.LONG, IndexFormat.OFFSET_AT), file.get(IndexFormat.LONG, IndexFormat.BLOCK_AT),
                file.get(IndexFormat.LONG, IndexFormat.NODES_AT), file.get(IndexFormat.LONG, IndexFormat.EDGES_AT),
                file.get(IndexFormat.LONG, IndexFormat.OBJECTS_AT), file.get(IndexFormat.LONG, IndexFormat.TIME_AT),
                (file.get(IndexFormat.INT, IndexFormat.FLAGS_AT) & 1) != 0, BlockHash.read(file, IndexFormat.HASH_AT),
                file.get(IndexFormat.LONG, IndexFormat.BEFORE_AT));
        checkLengths();
    }

    /**
     * Maps an index.
     *
     * @param arena owns the mapping
     * @throws MalformedPayloadException if it is damaged, or of a version that this code does not read
     */
    static MappedIndex open(Path path, Arena arena) throws IOException, MalformedPayloadException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() < IndexFormat.HEADER_BYTES) {
                throw new MalformedPayloadException("index too short: size=" + channel.size());
            }
            return new MappedIndex(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    UUID store() {
        return store;
    }

    /** The log position up to which the index goes. */
    LogPosition position() {
        return position;
    }

    int nodes() {
        return (int) position.nodes();
    }

    int edges() {
        return (int) position.edges();
    }

    int objects() {
        return (int) position.objects();
    }

    MemorySegment section(Section section) {
        return sections[section.ordinal()];
    }

    /** The number {@code row} of a section of 32-bit numbers. */
    int intAt(Section section, long row) {
        return sections[section.ordinal()].get(IndexFormat.INT, row * Integer.BYTES);
    }

    /** The row of VALUES that holds a number, -1 if there is none. */
    int findValue(int code, long number) {
        MemorySegment values = section(Section.VALUES);
        long mask = section(Section.VALUE_SLOTS).byteSize() / Integer.BYTES - 1;
        long slot = IndexFormat.hash(code, number) & mask;
        for (int entry = intAt(Section.VALUE_SLOTS, slot); entry != 0; entry = intAt(Section.VALUE_SLOTS, slot)) {
            long at = (long) (entry - 1) * IndexFormat.VALUE_BYTES;
            if (values.get(IndexFormat.INT, at + IndexFormat.VALUE_CODE) == code
                    && values.get(IndexFormat.INT, at + IndexFormat.VALUE_LENGTH) < 0
                    && values.get(IndexFormat.LONG, at + IndexFormat.VALUE_NUMBER) == number) {
                return entry - 1;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    /** The row of VALUES that holds a string, -1 if there is none. */
    int findValue(int code, byte[] value) {
        MemorySegment wanted = MemorySegment.ofArray(value);
        MemorySegment values = section(Section.VALUES);
        long mask = section(Section.VALUE_SLOTS).byteSize() / Integer.BYTES - 1;
        long slot = IndexFormat.hash(code, wanted, 0, value.length) & mask;
        for (int entry = intAt(Section.VALUE_SLOTS, slot); entry != 0; entry = intAt(Section.VALUE_SLOTS, slot)) {
            long at = (long) (entry - 1) * IndexFormat.VALUE_BYTES;
            long start = values.get(IndexFormat.LONG, at + IndexFormat.VALUE_NUMBER);
            if (values.get(IndexFormat.INT, at + IndexFormat.VALUE_CODE) == code
                    && values.get(IndexFormat.INT, at + IndexFormat.VALUE_LENGTH) == value.length
                    && MemorySegment.mismatch(section(Section.STRINGS), start, start + value.length, wanted, 0,
                            value.length) < 0) {
                return entry - 1;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    List<Session> sessions() throws MalformedPayloadException {
        ColumnCursor from = cursor(Section.SESSIONS);
        List<Session> sessions = new ArrayList<>();
        while (from.remaining() > 0) {
            long startNs = from.takeSigned();
            sessions.add(SessionCodec.takeSession(from, startNs, LogFormat.VERSION));
        }
        return sessions;
    }

    List<Gap> gaps() throws MalformedPayloadException {
        ColumnCursor from = cursor(Section.GAPS);
        List<Gap> gaps = new ArrayList<>();
        while (from.remaining() > 0) {
            gaps.add(SessionCodec.takeGap(from, LogFormat.VERSION));
        }
        return gaps;
    }

    private ColumnCursor cursor(Section section) {
        byte[] bytes = section(section).toArray(ValueLayout.JAVA_BYTE);
        ColumnCursor cursor = new ColumnCursor();
        cursor.reset(bytes, 0, bytes.length);
        return cursor;
    }

    private void checkHeader() throws MalformedPayloadException {
        if (file.get(IndexFormat.LONG, IndexFormat.MAGIC_AT) != IndexFormat.MAGIC
                || file.get(IndexFormat.INT, IndexFormat.VERSION_AT) != IndexFormat.VERSION
                || file.get(IndexFormat.INT, IndexFormat.SECTIONS_AT) != Section.COUNT) {
            throw new MalformedPayloadException("not an index of this version");
        }
        if (file.get(IndexFormat.INT, IndexFormat.CRC_AT) != crc(file.asSlice(0, IndexFormat.CRC_AT))) {
            throw new MalformedPayloadException("checksum of the index header is wrong");
        }
    }

    private MemorySegment map(Section section) throws MalformedPayloadException {
        long at = IndexFormat.TABLE_AT + (long) IndexFormat.TABLE_ROW_BYTES * section.ordinal();
        long offset = file.get(IndexFormat.LONG, at);
        long length = file.get(IndexFormat.LONG, at + 8);
        if (offset < 0 || length < 0 || length > file.byteSize() || offset > file.byteSize() - length && length > 0) {
            throw new MalformedPayloadException("section out of range: section=" + section + ", offset=" + offset
                    + ", length=" + length + ", size=" + file.byteSize());
        }
        MemorySegment bytes = length == 0 ? MemorySegment.ofArray(new byte[0]) : file.asSlice(offset, length);
        if (crc(bytes) != file.get(IndexFormat.INT, at + 16)) {
            throw new MalformedPayloadException("checksum is wrong: section=" + section);
        }
        return bytes;
    }

    private void checkLengths() throws MalformedPayloadException {
        long nodes = position.nodes();
        long edges = position.edges();
        long objects = position.objects();
        boolean fits = section(Section.NODES).byteSize() == nodes * IndexFormat.NODE_BYTES
                && section(Section.EDGES).byteSize() == edges * IndexFormat.EDGE_BYTES
                && section(Section.OBJECT_KINDS).byteSize() == objects
                && section(Section.VERSION_STARTS).byteSize() == (objects + 1) * Integer.BYTES
                && section(Section.ATTRIBUTE_STARTS).byteSize() == (objects + 1) * Integer.BYTES
                && section(Section.CAUSE_STARTS).byteSize() == (nodes + 1) * Integer.BYTES
                && section(Section.EFFECT_STARTS).byteSize() == (nodes + 1) * Integer.BYTES;
        if (!fits) {
            throw new MalformedPayloadException("sections do not agree: nodes=" + nodes + ", edges=" + edges
                    + ", objects=" + objects);
        }
    }

    private static int crc(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += CRC_STEP_BYTES) {
            ByteBuffer step = bytes.asSlice(at, Math.min(CRC_STEP_BYTES, bytes.byteSize() - at)).asByteBuffer();
            crc.update(step);
        }
        return (int) crc.getValue();
    }
}
