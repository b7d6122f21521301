// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.spool.IdTable;
import headwater.importers.spool.RowFile;
import headwater.importers.spool.SpoolFile;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Dialect;
import headwater.model.StatementChunk.Statement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/**
 * The first pass: what a source says, in temporary files, so that a node may come after its edges and a version before
 * an older one. What does not grow with the source's length is in memory, all else on disk. For one thread.
 *
 * <pre>
 * node --> digest, digest, object digest, object digest, version, kind (-1: nothing but edges speak of it), time, text,
 *           digest of the first statement, number in the store or -1, object, order of appearance
 * edge  --> digest, digest, cause, effect, time, clock, relation, text, flags, offset, order of appearance
 * text  --> where the text before it of the same node is plus one, length, bytes; 0 is no text
 * </pre>
 */
final class Spool implements StatementSink, AutoCloseable {
    static final int OBJECT = 2;
    static final int VERSION = 4;
    static final int KIND = 5;
    static final int TIME = 6;
    static final int TEXT = 7;
    static final int FIRST = 8;
    static final int NUMBER = 9;
    static final int OWNER = 10;
    static final int ORDER = 11;
    static final int NODE_COLUMNS = 12;
    static final int CAUSE = 2;
    static final int EFFECT = 3;
    static final int EDGE_TIME = 4;
    static final int CLOCK = 5;
    static final int RELATION = 6;
    static final int EDGE_TEXT = 7;
    static final int FLAGS = 8;
    static final int OFFSET = 9;
    static final int EDGE_ORDER = 10;
    static final int EDGE_COLUMNS = 11;
    /** The section of a statement that the source does not make: of a node that only edges name. */
    static final String UNSAID = "";
    private static final int BAD_SHOWN = 20;
    private static final int PREFIXES_MAX = 10_000;

    /** A fault, as it is told. */
    @FunctionalInterface
    interface Faults {
        void fault(Position at, String reason);
    }

    final RowFile nodes;
    final RowFile edges;
    final SpoolFile texts;
    final Map<String, String> prefixes = new LinkedHashMap<>();
    private final IdTable nodeIds;
    private final IdTable edgeIds;
    private final Faults faults;
    private final long otherwiseNs;
    private long statements;
    private long repeated;
    private long bad;
    private long lastNs = Facts.NO_TIME;
    private long earliestNs = Long.MAX_VALUE;
    private long latestNs = Long.MIN_VALUE;

    /**
     * @param otherwiseNs the time of statements before the first that has one
     * @param faults is told the first few faults
     */
    Spool(Path folder, long otherwiseNs, Faults faults) {
        this.otherwiseNs = otherwiseNs;
        this.faults = faults;
        nodes = new RowFile(folder, NODE_COLUMNS);
        edges = new RowFile(folder, EDGE_COLUMNS);
        texts = new SpoolFile(folder);
        texts.append(8);
        nodeIds = new IdTable(folder, nodes);
        edgeIds = new IdTable(folder, edges);
    }

    @Override
    public void statement(Dialect dialect, String section, String id, String bundle, String json, Position at) {
        JsonBody body;
        Facts facts;
        try {
            body = JsonBody.of(json);
            facts = Facts.of(dialect, section, body);
        } catch (JacksonException e) {
            bad(at, e.getOriginalMessage());
            return;
        }
        if (facts == null) {
            bad(at, "no section of PROV: section=" + section + ", id=" + id);
            return;
        }
        if (facts.kind() != null && id.isEmpty()) {
            bad(at, "a node without an identifier: section=" + section);
            return;
        }
        if (facts.kind() == null && facts.cause() == null && facts.effect() == null) {
            bad(at, "a relation without ends: section=" + section + ", id=" + id);
            return;
        }
        if (facts.timeNs() != Facts.NO_TIME) {
            lastNs = facts.timeNs();
        }
        long timeNs = lastNs == Facts.NO_TIME ? otherwiseNs : lastNs;
        byte[] text = StatementChunk.plain(new Statement(0, dialect, section, id, bundle, json));
        if (facts.kind() != null) {
            node(id, facts.kind(), facts.timeNs() == Facts.NO_TIME ? timeNs : facts.timeNs(), text, section + bundle
                    + json);
        } else if (facts.cause() == null || facts.effect() == null) {
            half(facts, timeNs, text, id + section + bundle + json);
        } else {
            edge(id, facts, timeNs, text, section + bundle + json);
        }
    }

    private void taken(long timeNs) {
        statements++;
        earliestNs = Math.min(earliestNs, timeNs);
        latestNs = Math.max(latestNs, timeNs);
    }

    private void node(String id, NodeKind kind, long timeNs, byte[] text, String whole) {
        long row = row(id, timeNs);
        if (nodes.get(row, KIND) < 0) {
            nodes.set(row, KIND, kind.code());
            nodes.set(row, TIME, timeNs);
        }
        say(row, text, whole, timeNs);
    }

    /** A relation of which the source names one end only is something that is said of that end. */
    private void half(Facts facts, long timeNs, byte[] text, String whole) {
        String known = facts.cause() == null ? facts.effect() : facts.cause();
        long row = row(known, timeNs);
        define(row, known, facts.cause() == null ? facts.effectClass() : facts.causeClass());
        say(row, text, whole, timeNs);
    }

    private void say(long row, byte[] text, String whole, long timeNs) {
        long digest = NodeKey.digest(whole.getBytes(StandardCharsets.UTF_8))[0];
        if (nodes.get(row, TEXT) != 0 && nodes.get(row, FIRST) == digest) {
            repeated++;
            return;
        }
        nodes.set(row, TEXT, put(text, nodes.get(row, TEXT)));
        nodes.set(row, FIRST, digest);
        taken(timeNs);
    }

    private void edge(String id, Facts facts, long timeNs, byte[] text, String whole) {
        long[] digest = NodeKey.digest((id + '\n' + whole).getBytes(StandardCharsets.UTF_8));
        if (!id.isEmpty() && edgeIds.find(digest[0], digest[1]) >= 0) {
            repeated++;
            return;
        }
        long cause = row(facts.cause(), timeNs);
        long effect = row(facts.effect(), timeNs);
        define(cause, facts.cause(), facts.causeClass());
        define(effect, facts.effect(), facts.effectClass());
        long row = edges.add(digest[0], digest[1], cause, effect, timeNs, facts.clock(), facts.relation().code(),
                put(text, 0),
                facts.flags(), facts.offset(), edges.rows());
        if (!id.isEmpty()) {
            edgeIds.put(row);
        }
        taken(timeNs);
    }

    /**
     * Until the source says what it is, an end is what its identifier says, else of the class that the relation asks
     * for.
     */
    private void define(long row, String id, ProvClass provClass) {
        if (nodes.get(row, KIND) == -1) {
            NodeKind own = NodeKey.of(id).kind();
            nodes.set(row, KIND, -2L - (own == null ? ProvSection.generic(provClass) : own).code());
            nodes.set(row, TEXT, put(StatementChunk.plain(new Statement(0, Dialect.PROV_JSON, UNSAID, id, "", "{}")),
                    0));
        }
    }

    private long row(String id, long timeNs) {
        NodeKey key = NodeKey.of(id);
        long row = nodeIds.find(key.node()[0], key.node()[1]);
        if (row < 0) {
            row = nodes.add(key.node()[0], key.node()[1], key.object()[0], key.object()[1], key.version(), -1, timeNs,
                    0, 0, -1, -1,
                    nodes.rows());
            nodeIds.put(row);
        }
        return row;
    }

    /** The kind of a node: what was said of it, else what is to be supposed. */
    NodeKind kind(long row) {
        long code = nodes.get(row, KIND);
        return NodeKind.ofCode((int) (code >= 0 ? code : -2 - code));
    }

    /** True if only edges speak of it. */
    boolean isUndefined(long row) {
        return nodes.get(row, KIND) < 0;
    }

    private long put(byte[] text, long before) {
        texts.append((8 - texts.length() % 8) % 8);
        long at = texts.append(16);
        texts.put(at, before);
        texts.put(at + 8, text.length);
        texts.append(text);
        return at;
    }

    /** What was said at {@code text}, and before it of the same node; newest first. */
    void said(long text, Consumer<Statement> to) {
        for (long at = text; at != 0; at = texts.get(at)) {
            to.accept(StatementChunk.ofPlain(texts.bytes(at + 16, (int) texts.get(at + 8))));
        }
    }

    @Override
    public void prefix(String prefix, String uri) {
        if (prefixes.size() < PREFIXES_MAX) {
            prefixes.putIfAbsent(prefix, uri);
        }
    }

    @Override
    public void bad(Position at, String reason) {
        if (bad++ < BAD_SHOWN) {
            faults.fault(at, reason);
        }
    }

    long statements() {
        return statements;
    }

    long repeated() {
        return repeated;
    }

    long bad() {
        return bad;
    }

    /** When the first thing happened that the source tells of. */
    long earliestNs() {
        return earliestNs;
    }

    long latestNs() {
        return latestNs;
    }

    @Override
    public void close() {
        edgeIds.close();
        nodeIds.close();
        texts.close();
        edges.close();
        nodes.close();
    }
}
