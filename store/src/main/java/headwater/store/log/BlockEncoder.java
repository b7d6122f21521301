// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The block that is being filled: takes events into columns and makes a block of them. Says no to events whose numbers
 * are not next, before anything is taken. For one thread.
 */
final class BlockEncoder implements AutoCloseable {
    private final ColumnBuffer[] columns = new ColumnBuffer[LogFormat.COLUMNS];
    private final StringDictionary strings;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private byte[] raw = new byte[1 << 16];
    private byte[] block = new byte[1 << 16];
    private int blockLength;
    private LogPosition start;
    private int events;
    private long nodes;
    private long edges;
    private long objects;
    private boolean sessionOpen;
    private long lastTimeNs;
    private long lastTask;
    private long lowestNs;
    private long highestNs;

    BlockEncoder(LogPosition start) {
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnBuffer(1 << 12);
        }
        strings = new StringDictionary(columns[LogFormat.STRING_BYTES]);
        zstd.setLevel(LogFormat.ZSTD_LEVEL);
        begin(start);
    }

    /** Empties the block; the next one stands at {@code position}. */
    void begin(LogPosition position) {
        for (ColumnBuffer column : columns) {
            column.clear();
        }
        strings.clear();
        start = position;
        events = 0;
        nodes = position.nodes();
        edges = position.edges();
        objects = position.objects();
        sessionOpen = position.sessionOpen();
        lastTimeNs = 0;
        lastTask = -1;
        lowestNs = Long.MAX_VALUE;
        highestNs = Long.MIN_VALUE;
    }

    int events() {
        return events;
    }

    long nodes() {
        return nodes;
    }

    long edges() {
        return edges;
    }

    long objects() {
        return objects;
    }

    boolean sessionOpen() {
        return sessionOpen;
    }

    /** True if the block takes no more events. */
    boolean full() {
        if (events >= LogFormat.MAX_BLOCK_EVENTS) {
            return true;
        }
        // No event takes more than 64 bytes outside these two columns.
        return columns[LogFormat.STRING_BYTES].length() + columns[LogFormat.OTHER].length()
                + 64L * events > LogFormat.FULL_PAYLOAD_BYTES;
    }

    void sessionStart(Session session) {
        if (sessionOpen) {
            throw new IllegalStateException("a session is open already: session=" + session.number()
                    + "; end the one before first");
        }
        ColumnBuffer other = columns[LogFormat.OTHER];
        event(LogFormat.EVENT_SESSION_START, session.startNs());
        SessionCodec.put(other, session);
        sessionOpen = true;
    }

    void sessionEnd(long timeNs) {
        if (!sessionOpen) {
            throw new IllegalStateException("no session is open: timeNs=" + timeNs);
        }
        event(LogFormat.EVENT_SESSION_END, timeNs);
        sessionOpen = false;
    }

    void abandonSession() {
        sessionOpen = false;
    }

    void node(long node, long object, int version, NodeKind kind, long timeNs) {
        if (node != nodes || object < 0 || object > objects || version < 0) {
            throw new IllegalArgumentException("node out of order: node=" + node + ", want=" + nodes + ", object="
                    + object + ", objects=" + objects + ", version=" + version);
        }
        if (object == objects) {
            event(LogFormat.EVENT_NODE_FIRST, timeNs);
            objects++;
        } else {
            event(LogFormat.EVENT_NODE_NEXT, timeNs);
            columns[LogFormat.NODE_OBJECT].putVar(objects - object);
        }
        columns[LogFormat.NODE_KIND].putByte(kind.code());
        columns[LogFormat.NODE_VERSION].putVar(version);
        nodes++;
    }

    void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
        if (edge != edges || cause < 0 || cause >= nodes || effect < 0 || effect >= nodes || task < -1
                || task >= nodes) {
            throw new IllegalArgumentException("edge out of order: edge=" + edge + ", want=" + edges + ", cause="
                    + cause + ", effect=" + effect + ", task=" + task + ", nodes=" + nodes);
        }
        long newest = nodes - 1;
        event(LogFormat.EVENT_EDGE, timeNs);
        columns[LogFormat.EDGE_RELATION].putByte(relation.code());
        columns[LogFormat.EDGE_CAUSE].putVar(newest - cause);
        columns[LogFormat.EDGE_EFFECT].putVar(newest - effect);
        columns[LogFormat.EDGE_TASK].putVar(task == -1 ? 0 : task == lastTask ? 1 : 2 + newest - task);
        columns[LogFormat.EDGE_FLAGS].putVar(flags);
        columns[LogFormat.EDGE_OFFSET].putVar(offset + 1);
        lastTask = task;
        edges++;
    }

    void attribute(long object, Attribute attribute, long value, long timeNs) {
        require(object, attribute, false);
        event(LogFormat.EVENT_NUMBER, timeNs);
        columns[LogFormat.ATTRIBUTE_OBJECT].putVar(objects - 1 - object);
        columns[LogFormat.ATTRIBUTE_CODE].putByte(attribute.code());
        columns[LogFormat.ATTRIBUTE_NUMBER].putSigned(value);
    }

    void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        require(object, attribute, true);
        if (length < 0 || length > LogFormat.MAX_STRING_BYTES || offset < 0 || offset > bytes.byteSize() - length) {
            throw new IllegalArgumentException("attribute value out of bounds: attribute=" + attribute.text()
                    + ", offset=" + offset + ", length=" + length + ", limit=" + LogFormat.MAX_STRING_BYTES);
        }
        int known = strings.count();
        int string = strings.intern(bytes, offset, length);
        event(LogFormat.EVENT_STRING, timeNs);
        columns[LogFormat.ATTRIBUTE_OBJECT].putVar(objects - 1 - object);
        columns[LogFormat.ATTRIBUTE_CODE].putByte(attribute.code());
        columns[LogFormat.STRING_REFERENCE].putVar(known - string);
        if (string == known) {
            columns[LogFormat.STRING_LENGTH].putVar(length);
        }
    }

    void gap(Gap gap) {
        columns[LogFormat.KIND].putByte(LogFormat.EVENT_GAP);
        SessionCodec.put(columns[LogFormat.OTHER], gap);
        lowestNs = Math.min(lowestNs, gap.fromNs());
        highestNs = Math.max(highestNs, gap.toNs());
        events++;
    }

    /** Makes the block, for {@link #block} and {@link #blockLength}; can be done again after more events. */
    BlockHeader finish() {
        int rawLength = gather();
        int room = BlockHeader.LENGTH_BYTES + Math.max(rawLength, (int) Zstd.compressBound(rawLength));
        if (block.length < room) {
            block = new byte[room];
        }
        int stored = zstd.compressByteArray(block, BlockHeader.LENGTH_BYTES, block.length - BlockHeader.LENGTH_BYTES,
                raw, 0, rawLength);
        int codec = LogFormat.CODEC_ZSTD;
        if (stored >= rawLength) {
            codec = LogFormat.CODEC_NONE;
            stored = rawLength;
            System.arraycopy(raw, 0, block, BlockHeader.LENGTH_BYTES, rawLength);
        }
        BlockHeader header = new BlockHeader(codec, sessionOpen, 0, start.block(), events,
                (int) (nodes - start.nodes()), (int) (edges - start.edges()), (int) (objects - start.objects()),
                start.nodes(), start.edges(), start.objects(), lowestNs, highestNs, rawLength, stored, start.hash());
        header.write(block);
        blockLength = BlockHeader.LENGTH_BYTES + stored;
        return header;
    }

    byte[] block() {
        return block;
    }

    int blockLength() {
        return blockLength;
    }

    private int gather() {
        int length = LogFormat.DIRECTORY_BYTES;
        for (ColumnBuffer column : columns) {
            length = Math.addExact(length, column.length());
        }
        if (raw.length < length) {
            raw = new byte[Math.max(length, (int) Math.min(2L * raw.length, LogFormat.MAX_PAYLOAD_BYTES))];
        }
        MemorySegment to = MemorySegment.ofArray(raw);
        to.set(LogFormat.INT, 0, LogFormat.COLUMNS);
        int at = LogFormat.DIRECTORY_BYTES;
        for (int i = 0; i < columns.length; i++) {
            int columnLength = columns[i].length();
            to.set(LogFormat.INT, 4 + 4L * i, columnLength);
            MemorySegment.copy(columns[i].array(), 0, to, ValueLayout.JAVA_BYTE, at, columnLength);
            at += columnLength;
        }
        return length;
    }

    private void event(int kind, long timeNs) {
        columns[LogFormat.KIND].putByte(kind);
        columns[LogFormat.TIME].putSigned(timeNs - lastTimeNs);
        lastTimeNs = timeNs;
        lowestNs = Math.min(lowestNs, timeNs);
        highestNs = Math.max(highestNs, timeNs);
        events++;
    }

    private void require(long object, Attribute attribute, boolean bytes) {
        if (object < 0 || object >= objects || attribute.isBytes() != bytes) {
            throw new IllegalArgumentException("attribute cannot be taken: object=" + object + ", objects=" + objects
                    + ", attribute=" + attribute.text() + ", bytes=" + bytes);
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
