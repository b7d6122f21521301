// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.Dropped;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.util.ArrayList;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * A graph as it was known at a time: sessions, nodes, edges, attributes and gaps of that time and before, and nothing that was learnt
 * later. What has the number {@link #nodes} or more was not known, and is no node here.
 *
 * <p>Numbers rise with the order of the log and times nearly do; what is of a later time but stands before something of an earlier one
 * is left out of everything that is visited, and keeps its number. What was imported was known when it had been imported.
 */
public final class AsOfView implements GraphView {
    private final GraphView view;
    private final long timeNs;
    private final AttributeHistory history;
    private final long nodes;
    private final long edges;
    private final long objects;

    private AsOfView(GraphView view, long timeNs, AttributeHistory.Log log) {
        this.view = view;
        this.timeNs = timeNs;
        ImportedSessions imported = new ImportedSessions(view);
        nodes = count(view.dropped().nodes(), view.nodes(), node -> imported.knownNs(view.object(node), view.timeNs(node)), timeNs);
        edges = count(view.dropped().edges(), view.edges(), edge -> knownNs(imported, edge), timeNs);
        objects = count(view.dropped().objects(), view.objects(), object -> imported.knownNs(object, view.timeNs(view.versions(object)[0])), timeNs);
        history = AttributeHistory.of(log, timeNs, objects);
    }

    /**
     * The graph as of {@code timeNs}; it owns {@code view}.
     *
     * @throws NothingFoundException if that time was dropped by retention
     */
    public static GraphView of(GraphView view, long timeNs, AttributeHistory.Log log) throws NothingFoundException {
        if (!view.dropped().isNothing() && timeNs < view.dropped().untilNs()) {
            throw new NothingFoundException("that time was dropped by retention: as of=" + Instant.EPOCH.plusNanos(timeNs) + ", dropped up to="
                    + Instant.EPOCH.plusNanos(view.dropped().untilNs()) + "; ask as of a later time");
        }
        return new AsOfView(view, timeNs, log);
    }

    private long knownNs(ImportedSessions imported, long number) {
        Edge edge = view.edge(number);
        return imported.any() ? imported.knownNs(view.object(edge.effect()), edge.timeNs()) : edge.timeNs();
    }

    /** How many of {@code total} numbers, all below {@code from} among them, are of {@code timeNs} or before, by halving. */
    private static long count(long from, long total, LongUnaryOperator timeOf, long timeNs) {
        long low = from;
        long high = total;
        while (low < high) {
            long middle = low + high >>> 1;
            if (timeOf.applyAsLong(middle) <= timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The time as of which it is, nanoseconds since the Unix epoch. */
    public long asOfNs() {
        return timeNs;
    }

    private long node(long node) {
        if (node < 0 || node >= nodes) {
            throw new IndexOutOfBoundsException("no such node then: node=" + node + ", nodes=" + nodes);
        }
        return node;
    }

    private long known(long object) {
        if (object < 0 || object >= objects) {
            throw new IndexOutOfBoundsException("no such object then: object=" + object + ", objects=" + objects);
        }
        return object;
    }

    @Override
    public long objects() {
        return objects;
    }

    @Override
    public long nodes() {
        return nodes;
    }

    @Override
    public long edges() {
        return edges;
    }

    @Override
    public NodeKind kind(long object) {
        return view.kind(known(object));
    }

    @Override
    public long object(long node) {
        return view.object(node(node));
    }

    @Override
    public int version(long node) {
        return view.version(node(node));
    }

    @Override
    public long timeNs(long node) {
        return view.timeNs(node(node));
    }

    @Override
    public long[] versions(long object) {
        long[] all = view.versions(known(object));
        int count = all.length;
        while (count > 1 && (all[count - 1] >= nodes || view.timeNs(all[count - 1]) > timeNs)) {
            count--;
        }
        return count == all.length ? all : Arrays.copyOf(all, count);
    }

    @Override
    public void causes(long node, EdgeVisitor visitor) {
        view.causes(node(node), (edge, relation, other, time) -> time > timeNs || other >= nodes
                || visitor.edge(edge, relation, other, time));
    }

    @Override
    public void effects(long node, EdgeVisitor visitor) {
        view.effects(node(node), (edge, relation, other, time) -> time > timeNs || other >= nodes
                || visitor.edge(edge, relation, other, time));
    }

    @Override
    public Edge edge(long edge) {
        if (edge < 0 || edge >= edges) {
            throw new IndexOutOfBoundsException("no such edge then: edge=" + edge + ", edges=" + edges);
        }
        return view.edge(edge);
    }

    @Override
    public Attributes attributes(long object) {
        Attributes now = view.attributes(known(object));
        Map<Attribute, Object> then = new EnumMap<>(Attribute.class);
        List<Attribute> attributes = new ArrayList<>();
        boolean same = true;
        for (Attribute attribute : now.known()) {
            boolean changed = history.changed(object, attribute);
            Object value = changed ? history.value(object, attribute) : null;
            same &= !changed;
            if (value != null) {
                then.put(attribute, value);
            }
            if (!changed || value != null) {
                attributes.add(attribute);
            }
        }
        return same ? now : new Then(object, now, then, attributes);
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        return then(attribute, view.find(attribute, value), value);
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        return then(attribute, view.find(attribute, value), value);
    }

    private long[] then(Attribute attribute, long[] found, Object value) {
        return Arrays.stream(found).filter(object -> object < objects
                && (!history.changed(object, attribute) || history.had(object, attribute, value))).toArray();
    }

    @Override
    public Dropped dropped() {
        return view.dropped();
    }

    @Override
    public long nextNode(long from) {
        return from < nodes ? Math.min(nodes, view.nextNode(from)) : from;
    }

    @Override
    public long nextObject(long from) {
        return from < objects ? Math.min(objects, view.nextObject(from)) : from;
    }

    @Override
    public boolean lacksCauses(long node) {
        return view.lacksCauses(node(node));
    }

    @Override
    public boolean lacksEffects(long node) {
        return view.lacksEffects(node(node));
    }

    @Override
    public boolean lacksVersions(long object) {
        return view.lacksVersions(known(object));
    }

    @Override
    public List<Session> sessions() {
        List<Session> sessions = new ArrayList<>();
        for (Session session : view.sessions()) {
            if (session.startNs() <= timeNs) {
                sessions.add(session.endNs() > timeNs ? session.withEnd(0) : session);
            }
        }
        return sessions;
    }

    @Override
    public List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : view.gaps()) {
            if (gap.toNs() <= timeNs) {
                gaps.add(gap);
            } else if (gap.fromNs() <= timeNs) {
                // How much of it was lost by then is not known.
                gaps.add(new Gap(gap.cause(), gap.kind(), gap.cpu(), gap.fromNs(), timeNs, 0));
            }
        }
        return gaps;
    }

    @Override
    public void close() {
        view.close();
    }

    /** Attributes of which some have another value now. */
    private final class Then implements Attributes {
        private final long object;
        private final Attributes now;
        private final Map<Attribute, Object> then;
        private final List<Attribute> known;

        Then(long object, Attributes now, Map<Attribute, Object> then, List<Attribute> known) {
            this.object = object;
            this.now = now;
            this.then = then;
            this.known = List.copyOf(known);
        }

        @Override
        public long number(Attribute attribute, long otherwise) {
            if (!history.changed(object, attribute)) {
                return now.number(attribute, otherwise);
            }
            return then.get(attribute) instanceof Long value ? value : otherwise;
        }

        @Override
        public byte[] bytes(Attribute attribute) {
            if (!history.changed(object, attribute)) {
                return now.bytes(attribute);
            }
            return then.get(attribute) instanceof byte[] value ? value.clone() : null;
        }

        @Override
        public List<Attribute> known() {
            return known;
        }
    }
}
