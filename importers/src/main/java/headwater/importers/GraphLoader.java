// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.spool.RowFile;
import headwater.importers.spool.SpilledSort;
import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Dialect;
import headwater.model.StatementChunk.Statement;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * The second pass: gives a graph what the {@link Spool} holds. Edges come in the order of CamFlow's own counter, by
 * boot, else of their times; each node comes before the first edge that needs it, and after the older versions of its
 * object. For one thread.
 */
final class GraphLoader {
    private static final int CAMFLOW_FIRST = 1;

    private final Spool spool;
    private final GraphSink sink;
    private final Path folder;
    private final int session;
    private final long importNs;
    private final StatementWriter nodeStatements = new StatementWriter(false, this::chunk);
    private final StatementWriter edgeStatements = new StatementWriter(true, this::chunk);
    private final List<Chunk> chunks = new ArrayList<>();
    private long nextObject;
    private long nextNode;
    private long nextEdge;
    private long undefined;
    private RowFile versions;
    /**
     * First row of {@link #versions}, the next to be given, the one after the last, number in the store, digest of
     * attributes.
     */
    private RowFile objects;

    private record Chunk(long key, byte[] packed) {
    }

    /**
     * @param importNs when the import happens
     */
    GraphLoader(Spool spool, GraphSink sink, Path folder, ImportTarget target, long importNs) {
        this.spool = spool;
        this.sink = sink;
        this.folder = folder;
        this.session = target.session();
        this.importNs = importNs;
        this.nextObject = target.nextObject();
        this.nextNode = target.nextNode();
        this.nextEdge = target.nextEdge();
    }

    /** Gives all of it. */
    void load() {
        try (RowFile byObject = objectRows(); RowFile sorted = SpilledSort.sort(byObject, folder);
                RowFile owners = new RowFile(folder, 5); RowFile order = edgeOrder()) {
            versions = sorted;
            objects = owners;
            group();
            for (long i = 0; i < order.rows(); i++) {
                edge(order.get(i, 3));
            }
            for (long node = 0; node < spool.nodes.rows(); node++) {
                give(node);
            }
            nodeStatements.flush();
            edgeStatements.flush();
            prefixes();
            writeChunks();
        }
    }

    /** Nodes that only edges speak of. */
    long undefined() {
        return undefined;
    }

    private RowFile objectRows() {
        RowFile rows = new RowFile(folder, 4);
        for (long node = 0; node < spool.nodes.rows(); node++) {
            // Half of the digest is enough of a key here: versions of two objects that share it are told apart below.
            rows.add(spool.nodes.get(node, Spool.OBJECT), spool.nodes.get(node, Spool.OBJECT + 1),
                    spool.nodes.get(node, Spool.VERSION), node);
        }
        return rows;
    }

    private void group() {
        for (long row = 0; row < versions.rows(); row++) {
            long last = objects.rows() - 1;
            boolean same = last >= 0 && versions.get(row, 0) == versions.get(row - 1, 0)
                    && versions.get(row, 1) == versions.get(row - 1, 1)
                    && spool.kind(versions.get(row, 3)) == spool.kind(versions.get(row - 1, 3));
            if (!same) {
                last = objects.add(row, row, row, -1, 0);
            }
            objects.set(last, 2, row + 1);
            spool.nodes.set(versions.get(row, 3), Spool.OWNER, last);
        }
    }

    private RowFile edgeOrder() {
        try (RowFile keys = new RowFile(folder, 4)) {
            for (long edge = 0; edge < spool.edges.rows(); edge++) {
                long clock = spool.edges.get(edge, Spool.CLOCK);
                // CamFlow's counter is its logical clock; of others, only times can be compared.
                long boot = clock == 0 ? 0 : CAMFLOW_FIRST;
                keys.add(boot, clock == 0 ? spool.edges.get(edge, Spool.EDGE_TIME) : clock, edge, edge);
            }
            return SpilledSort.sort(keys, folder);
        }
    }

    private void edge(long edge) {
        long cause = give(spool.edges.get(edge, Spool.CAUSE));
        long effect = give(spool.edges.get(edge, Spool.EFFECT));
        long number = nextEdge++;
        sink.edge(number, Relation.ofCode((int) spool.edges.get(edge, Spool.RELATION)), cause, effect,
                spool.edges.get(edge, Spool.EDGE_TIME), -1, spool.edges.get(edge, Spool.FLAGS),
                spool.edges.get(edge, Spool.OFFSET));
        spool.said(spool.edges.get(edge, Spool.EDGE_TEXT), said -> edgeStatements.add(numbered(said, number)));
        if (chunks.size() >= 16) {
            writeChunks();
        }
    }

    /** The number of a node in the store; it is given now if it was not yet. */
    private long give(long row) {
        long owner = spool.nodes.get(row, Spool.OWNER);
        while (spool.nodes.get(row, Spool.NUMBER) < 0) {
            long next = objects.get(owner, 1);
            objects.set(owner, 1, next + 1);
            version(owner, versions.get(next, 3), (int) (next - objects.get(owner, 0)));
        }
        return spool.nodes.get(row, Spool.NUMBER);
    }

    private void version(long owner, long row, int version) {
        long object = objects.get(owner, 3);
        if (object < 0) {
            object = nextObject++;
            objects.set(owner, 3, object);
        }
        long node = nextNode++;
        long timeNs = spool.nodes.get(row, Spool.TIME);
        NodeKind kind = spool.kind(row);
        sink.node(node, object, version, kind, timeNs);
        spool.nodes.set(row, Spool.NUMBER, node);
        undefined += spool.isUndefined(row) ? 1 : 0;
        List<Statement> said = new ArrayList<>();
        spool.said(spool.nodes.get(row, Spool.TEXT), said::addFirst);
        if (version == 0) {
            sink.attribute(object, Attribute.IMPORTED, session, timeNs);
            text(object, Attribute.SOURCE_ID, said.getFirst().id().getBytes(StandardCharsets.UTF_8), timeNs);
        }
        for (Statement statement : said) {
            if (!statement.section().equals(Spool.UNSAID)) {
                nodeStatements.add(numbered(statement, node));
            }
            if (ProvSection.of(statement.section()) == null) {
                attributes(owner, object, AttributeFacts.of(statement, kind), timeNs);
            }
        }
    }

    private void attributes(long owner, long object, Map<Attribute, Object> facts, long timeNs) {
        long digest = 1;
        for (Map.Entry<Attribute, Object> fact : facts.entrySet()) {
            int value = fact.getValue() instanceof byte[] bytes ? Arrays.hashCode(bytes) : fact.getValue().hashCode();
            digest = 31 * (31 * digest + fact.getKey().code()) + value;
        }
        if (digest == objects.get(owner, 4)) {
            return;
        }
        objects.set(owner, 4, digest);
        facts.forEach((attribute, value) -> {
            if (value instanceof byte[] bytes) {
                text(object, attribute, bytes, timeNs);
            } else {
                sink.attribute(object, attribute, (Long) value, timeNs);
            }
        });
    }

    private void text(long object, Attribute attribute, byte[] bytes, long timeNs) {
        sink.attribute(object, attribute, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }

    private static Statement numbered(Statement said, long number) {
        return new Statement(number, said.dialect(), said.section(), said.id(), said.bundle(), said.body());
    }

    private void chunk(long key, byte[] packed) {
        chunks.add(new Chunk(key, packed));
    }

    /**
     * At the end of a run of edges, not amid them: a chunk is a node as well, and would take the number of one that is
     * being given.
     */
    private void writeChunks() {
        for (Chunk chunk : chunks) {
            long object = nextObject++;
            sink.node(nextNode++, object, 0, NodeKind.STATEMENTS, importNs);
            sink.attribute(object, Attribute.IMPORTED, session, importNs);
            sink.attribute(object, Attribute.STATEMENTS_OF, chunk.key(), importNs);
            text(object, Attribute.STATEMENTS, chunk.packed(), importNs);
        }
        chunks.clear();
    }

    private void prefixes() {
        StringWriter body = new StringWriter();
        try (JsonGenerator json = JsonBody.JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            json.writeStartObject();
            spool.prefixes.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        chunks.add(new Chunk(StatementChunk.prefixKey(session), StatementChunk.pack(
                List.of(new Statement(0, Dialect.PROV_JSON, "prefix", "", "", body.toString())))));
    }
}
