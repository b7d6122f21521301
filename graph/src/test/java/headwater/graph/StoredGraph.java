// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What an earlier session drew, as a store shows it to the next; every object is at time {@code lastNs}. */
record StoredGraph(DrawnGraph drawn, List<Session> sessions, long lastNs) implements GraphView {
    @Override
    public long objects() {
        return drawn.kinds.size();
    }

    @Override
    public long nodes() {
        return drawn.objectOfNode.size();
    }

    @Override
    public long edges() {
        return drawn.edges.size();
    }

    @Override
    public NodeKind kind(long object) {
        return drawn.kinds.get((int) object);
    }

    @Override
    public long object(long node) {
        return drawn.objectOfNode.get((int) node);
    }

    @Override
    public int version(long node) {
        return Arrays.binarySearch(versions(object(node)), node);
    }

    @Override
    public long timeNs(long node) {
        return lastNs;
    }

    @Override
    public long[] versions(long object) {
        return IntStream.range(0, drawn.objectOfNode.size()).filter(node -> drawn.objectOfNode.get(node) == object)
                .asLongStream().toArray();
    }

    @Override
    public void causes(long node, EdgeVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void effects(long node, EdgeVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Edge edge(long edge) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Attributes attributes(long object) {
        Map<Attribute, Object> known = drawn.attributes.get((int) object);
        return new Attributes() {
            @Override
            public long number(Attribute attribute, long otherwise) {
                return (Long) known.getOrDefault(attribute, otherwise);
            }

            @Override
            public byte[] bytes(Attribute attribute) {
                String text = (String) known.get(attribute);
                return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
            }

            @Override
            public List<Attribute> known() {
                return known.keySet().stream().sorted().toList();
            }
        };
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        return matching(attribute, new String(value, StandardCharsets.ISO_8859_1));
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        return matching(attribute, value);
    }

    private long[] matching(Attribute attribute, Object value) {
        return LongStream.range(0, objects()).filter(object -> value.equals(drawn.attributes.get((int) object)
                .get(attribute))).toArray();
    }

    @Override
    public List<Gap> gaps() {
        return drawn.gaps;
    }

    @Override
    public void close() {
    }
}
