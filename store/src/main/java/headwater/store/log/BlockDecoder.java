// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Takes blocks apart into events; believes nothing that it reads. For one thread. */
final class BlockDecoder implements AutoCloseable {
    private final ColumnCursor[] columns = new ColumnCursor[LogFormat.COLUMNS];
    /** Made when first needed: loading the native library takes longer than a whole query. */
    private ZstdDecompressCtx zstd;
    private byte[] raw = new byte[1 << 16];
    private MemorySegment rawSegment = MemorySegment.ofArray(raw);
    private int[] stringStarts = new int[1024];
    private int[] stringLengths = new int[1024];
    private int strings;
    private int version;
    private long nodes;
    private long edges;
    private long objects;
    private long timeNs;
    private long task;

    BlockDecoder() {
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnCursor();
        }
    }

    /**
     * Feeds the events of a block to {@code sink}, in order.
     *
     * @param header of this block, without a {@link BlockHeader#fault}
     * @param bytes the block: header, then stored payload
     * @throws MalformedPayloadException if the payload does not follow the grammar; the sink may have had events by
     *         then
     */
    void decode(BlockHeader header, byte[] bytes, GraphSink sink) throws MalformedPayloadException {
        unpack(header, bytes);
        split(header.rawLength());
        version = BlockHeader.version(bytes);
        nodes = header.firstNode();
        edges = header.firstEdge();
        objects = header.firstObject();
        timeNs = 0;
        task = -1;
        strings = 0;
        ColumnCursor kinds = columns[LogFormat.KIND];
        if (kinds.remaining() != header.events()) {
            throw new MalformedPayloadException("events: is=" + kinds.remaining() + ", want=" + header.events());
        }
        while (kinds.remaining() > 0) {
            event(kinds.takeByte(), sink);
        }
        finish(header);
    }

    private void unpack(BlockHeader header, byte[] bytes) throws MalformedPayloadException {
        int length = header.rawLength();
        if (raw.length < length) {
            raw = new byte[length];
            rawSegment = MemorySegment.ofArray(raw);
        }
        if (header.codec() == LogFormat.CODEC_NONE) {
            System.arraycopy(bytes, BlockHeader.LENGTH_BYTES, raw, 0, length);
            return;
        }
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        int is;
        try {
            is = zstd.decompressByteArray(raw, 0, length, bytes, BlockHeader.LENGTH_BYTES, header.storedLength());
        } catch (ZstdException e) {
            throw new MalformedPayloadException("payload cannot be decompressed: " + e.getMessage());
        }
        if (is != length) {
            throw new MalformedPayloadException("payload length: is=" + is + ", want=" + length);
        }
    }

    private void split(int length) throws MalformedPayloadException {
        int count = rawSegment.get(LogFormat.INT, 0);
        if (count != LogFormat.COLUMNS) {
            throw new MalformedPayloadException("columns: is=" + count + ", want=" + LogFormat.COLUMNS);
        }
        int at = LogFormat.DIRECTORY_BYTES;
        for (int i = 0; i < columns.length; i++) {
            int columnLength = rawSegment.get(LogFormat.INT, 4 + 4L * i);
            if (columnLength < 0 || columnLength > length - at) {
                throw new MalformedPayloadException("column out of range: column=" + i + ", length=" + columnLength);
            }
            columns[i].reset(raw, at, columnLength);
            at += columnLength;
        }
        if (at != length) {
            throw new MalformedPayloadException("bytes after the last column: count=" + (length - at));
        }
    }

    private void event(int kind, GraphSink sink) throws MalformedPayloadException {
        if (kind == LogFormat.EVENT_GAP) {
            sink.gap(SessionCodec.takeGap(columns[LogFormat.OTHER], version));
            return;
        }
        timeNs += columns[LogFormat.TIME].takeSigned();
        switch (kind) {
            case LogFormat.EVENT_SESSION_START ->
                sink.sessionStart(SessionCodec.takeSession(columns[LogFormat.OTHER], timeNs, version));
            case LogFormat.EVENT_SESSION_END -> sink.sessionEnd(timeNs);
            case LogFormat.EVENT_NODE_FIRST -> node(objects++, sink);
            case LogFormat.EVENT_NODE_NEXT ->
                node(back(objects, columns[LogFormat.NODE_OBJECT].takeVar(), objects, "object"), sink);
            case LogFormat.EVENT_EDGE -> edge(sink);
            case LogFormat.EVENT_NUMBER -> {
                long object = attributeObject();
                Attribute attribute = attribute(false);
                sink.attribute(object, attribute, columns[LogFormat.ATTRIBUTE_NUMBER].takeSigned(), timeNs);
            }
            case LogFormat.EVENT_STRING -> {
                long object = attributeObject();
                Attribute attribute = attribute(true);
                int string = string();
                sink.attribute(object, attribute, rawSegment, stringStarts[string], stringLengths[string], timeNs);
            }
            default -> throw new MalformedPayloadException("unknown event: kind=" + kind);
        }
    }

    private void node(long object, GraphSink sink) throws MalformedPayloadException {
        long version = columns[LogFormat.NODE_VERSION].takeVar();
        if (version != (int) version || version < 0) {
            throw new MalformedPayloadException("version out of range: version=" + version);
        }
        NodeKind kind = nodeKind(columns[LogFormat.NODE_KIND].takeByte());
        sink.node(nodes, object, (int) version, kind, timeNs);
        nodes++;
    }

    private void edge(GraphSink sink) throws MalformedPayloadException {
        Relation relation = relation(columns[LogFormat.EDGE_RELATION].takeByte());
        long newest = nodes - 1;
        long cause = back(newest, columns[LogFormat.EDGE_CAUSE].takeVar(), nodes, "cause");
        long effect = back(newest, columns[LogFormat.EDGE_EFFECT].takeVar(), nodes, "effect");
        long code = columns[LogFormat.EDGE_TASK].takeVar();
        if (code == 0) {
            task = -1;
        } else if (code != 1) {
            task = back(newest, code - 2, nodes, "task");
        }
        sink.edge(edges, relation, cause, effect, timeNs, task, columns[LogFormat.EDGE_FLAGS].takeVar(),
                columns[LogFormat.EDGE_OFFSET].takeVar() - 1);
        edges++;
    }

    private long attributeObject() throws MalformedPayloadException {
        return back(objects - 1, columns[LogFormat.ATTRIBUTE_OBJECT].takeVar(), objects, "object");
    }

    /** The number of the string that an event names, a new one or one of before. */
    private int string() throws MalformedPayloadException {
        long reference = columns[LogFormat.STRING_REFERENCE].takeVar();
        if (reference != 0) {
            return (int) back(strings, reference, strings, "string");
        }
        long length = columns[LogFormat.STRING_LENGTH].takeVar();
        if (length < 0 || length > LogFormat.MAX_STRING_BYTES) {
            throw new MalformedPayloadException("string too long: length=" + length);
        }
        if (strings == stringStarts.length) {
            stringStarts = Arrays.copyOf(stringStarts, 2 * strings);
            stringLengths = Arrays.copyOf(stringLengths, 2 * strings);
        }
        stringStarts[strings] = columns[LogFormat.STRING_BYTES].takeBytes(length);
        stringLengths[strings] = (int) length;
        return strings++;
    }

    private void finish(BlockHeader header) throws MalformedPayloadException {
        if (nodes != header.firstNode() + header.nodes() || edges != header.firstEdge() + header.edges()
                || objects != header.firstObject() + header.objects()) {
            throw new MalformedPayloadException("counts do not agree with the header: nodes=" + nodes + ", edges="
                    + edges + ", objects=" + objects);
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].remaining() != 0) {
                throw new MalformedPayloadException("column not used up: column=" + i + ", rest="
                        + columns[i].remaining());
            }
        }
    }

    /** {@code from} less {@code distance}, if that is a number below {@code bound}. */
    private static long back(long from, long distance, long bound, String what) throws MalformedPayloadException {
        long number = from - distance;
        if (distance < 0 || number < 0 || number >= bound) {
            throw new MalformedPayloadException(what + " out of range: distance=" + distance + ", from=" + from);
        }
        return number;
    }

    private Attribute attribute(boolean bytes) throws MalformedPayloadException {
        int code = columns[LogFormat.ATTRIBUTE_CODE].takeByte();
        Attribute attribute;
        try {
            attribute = Attribute.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayloadException(e.getMessage());
        }
        if (attribute.isBytes() != bytes) {
            throw new MalformedPayloadException("attribute is of the other type: attribute=" + attribute.text());
        }
        return attribute;
    }

    private static NodeKind nodeKind(int code) throws MalformedPayloadException {
        try {
            return NodeKind.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayloadException(e.getMessage());
        }
    }

    private static Relation relation(int code) throws MalformedPayloadException {
        try {
            return Relation.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayloadException(e.getMessage());
        }
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
