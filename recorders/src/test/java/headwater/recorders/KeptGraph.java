// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.Store;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A whole graph as rows of text, table by table, in order of their numbers: what a store holds, to be compared with
 * what a target holds. A row's fields are joined by {@code |}; an unknown one is empty; bytes are hexadecimal.
 */
public final class KeptGraph implements GraphSink {
    private final List<String> sessions = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();
    private final List<String> edges = new ArrayList<>();
    private final List<String> attributes = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();

    /** What the log of a store holds. */
    public static KeptGraph of(Path store) {
        KeptGraph graph = new KeptGraph();
        try (Store opened = Store.openForReading(store)) {
            opened.log().replay(graph);
        }
        return graph;
    }

    /** {@code number|start|end}; the end is empty while it is not known. */
    public List<String> sessions() {
        return sessions;
    }

    /** {@code node|object|version|kind|time}. */
    public List<String> nodes() {
        return nodes;
    }

    /** {@code edge|relation|cause|effect|time|task|flags|offset}. */
    public List<String> edges() {
        return edges;
    }

    /** {@code object|attribute|time|number|bytes}, in the order of the log. */
    public List<String> attributes() {
        return attributes;
    }

    /** {@code cause|kind|cpu|from|to|count}. */
    public List<String> gaps() {
        return gaps;
    }

    /** Adds a row that was read out of a target. */
    public static String row(Object... fields) {
        StringBuilder row = new StringBuilder();
        for (Object field : fields) {
            row.append(row.isEmpty() ? "" : "|").append(field == null ? "" : field);
        }
        return row.toString();
    }

    /** Fails at the first row that is not the same. */
    public static void assertSame(String table, List<String> want, List<String> is) {
        for (int i = 0; i < Math.min(want.size(), is.size()); i++) {
            assertEquals(want.get(i), is.get(i), table + " row " + i);
        }
        assertEquals(want.size(), is.size(), "rows of " + table);
    }

    @Override
    public void sessionStart(Session session) {
        sessions.add(row(session.number(), session.startNs(), ""));
    }

    @Override
    public void sessionEnd(long timeNs) {
        sessions.set(sessions.size() - 1, sessions.getLast() + timeNs);
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        nodes.add(row(node, object, version, kind.text(), timeNs));
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        edges.add(row(edge, relation.text(), cause, effect, timeNs, task < 0 ? null : task, flags, offset < 0 ? null
                : offset));
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        attributes.add(row(object, attribute.text(), timeNs, value, null));
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        attributes.add(row(object, attribute.text(), timeNs, null,
                HexFormat.of().formatHex(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE))));
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(row(gap.cause().name(), gap.kind().name(), gap.cpu(), gap.fromNs(), gap.toNs(), gap.count()));
    }
}
