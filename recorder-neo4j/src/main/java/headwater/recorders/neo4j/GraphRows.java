// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.neo4j;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.recorders.PlainText;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Events as rows for Cypher's UNWIND: by kind and relation, as labels and types stand in the text of a query. For one
 * thread.
 */
final class GraphRows implements GraphSink {
    /** A block has at most so many events, so this many numbers are a block's own. */
    private static final int ORDINAL_BITS = 20;
    /** What is added to an attribute's name for its bytes, where they are not the text. */
    static final String BYTES = "_bytes";

    final EnumMap<NodeKind, List<Map<String, Object>>> nodes = new EnumMap<>(NodeKind.class);
    final EnumMap<Relation, List<Map<String, Object>>> edges = new EnumMap<>(Relation.class);
    final List<Map<String, Object>> objects = new ArrayList<>();
    /** The newest values of each object. */
    final Map<Long, Map<String, Object>> values = new LinkedHashMap<>();
    final List<Map<String, Object>> sessions = new ArrayList<>();
    final List<Map<String, Object>> gaps = new ArrayList<>();
    private long sequence;
    private long nextObject;

    /**
     * What follows is of this block of the log.
     *
     * @param firstObject number of the first object that is new in it
     */
    void block(long number, long firstObject) {
        sequence = number << ORDINAL_BITS;
        nextObject = firstObject;
    }

    void clear() {
        nodes.clear();
        edges.clear();
        objects.clear();
        values.clear();
        sessions.clear();
        gaps.clear();
    }

    @Override
    public void sessionStart(Session session) {
        Map<String, Object> row = new HashMap<>();
        row.put("number", session.number());
        row.put("boot_id", session.bootId());
        row.put("boot_number", session.bootNumber());
        row.put("machine_id", session.machineId() & 0xffffffffL);
        row.put("front_end", session.frontEnd());
        row.put("scope", session.scope());
        row.put("command", session.command());
        row.put("on_loss", session.onLoss());
        row.put("start", session.startNs());
        sessions.add(row);
    }

    @Override
    public void sessionEnd(long timeNs) {
        sessions.add(Map.of("end", timeNs));
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        if (object == nextObject) {
            nextObject++;
            objects.add(Map.of("object", object, "kind", kind.text()));
        }
        nodes.computeIfAbsent(kind, key -> new ArrayList<>()).add(Map.of("node", node, "object", object, "version",
                version, "time", timeNs));
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("edge", edge);
        properties.put("class", relation.relationClass().section());
        properties.put("telling", relation.isTelling());
        properties.put("time", timeNs);
        properties.put("flags", flags);
        if (task >= 0) {
            properties.put("task", task);
        }
        if (offset >= 0) {
            properties.put("offset", offset);
        }
        edges.computeIfAbsent(relation, key -> new ArrayList<>())
                .add(Map.of("cause", cause, "effect", effect, "properties", properties));
    }

    private Map<String, Object> values(long object) {
        return values.computeIfAbsent(object, key -> new HashMap<>());
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
        values(object).put(attribute.text(), value);
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
        byte[] value = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        Map<String, Object> of = values(object);
        of.put(attribute.text(), PlainText.of(value));
        // A null takes away what an earlier value had.
        of.put(attribute.text() + BYTES, PlainText.isPlain(value) ? null : value);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(Map.of("gap", sequence++, "cause", gap.cause().name().toLowerCase(Locale.ROOT), "kind",
                gap.kind().name().toLowerCase(Locale.ROOT), "cpu", gap.cpu(), "from", gap.fromNs(), "to", gap.toNs(),
                "count", gap.count()));
    }
}
