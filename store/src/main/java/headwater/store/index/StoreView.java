// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.Dropped;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The graph of a store up to one position of its log: segments, oldest first, each beginning where the one before ends. Immutable; any
 * thread may read it until it is closed, after which reading throws {@link IllegalStateException}. Files that are deleted meanwhile
 * stay readable through it.
 */
public final class StoreView implements GraphView {
    private final Arena arena;
    private final Segment[] segments;
    /** What is left of the dropped beginning, the first of the segments; null if nothing was dropped. */
    private final CarriedSegment carried;
    private final LogPosition position;
    private final List<String> notices;
    private final boolean behind;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    /**
     * @param arena owns the mappings of the segments; closed with the view
     * @param position up to where the segments go
     * @param notices what was found to be wrong with the index on the way
     * @param behind true if the log goes on behind {@code position}, which is told as a gap
     */
    StoreView(Arena arena, List<Segment> segments, LogPosition position, List<String> notices, boolean behind) {
        this.behind = behind;
        this.arena = arena;
        this.segments = segments.toArray(Segment[]::new);
        this.carried = !segments.isEmpty() && segments.getFirst() instanceof CarriedSegment first ? first : null;
        this.position = position;
        this.notices = List.copyOf(notices);
        for (Segment segment : this.segments) {
            segment.events(sessions, gaps);
        }
        if (behind) {
            Instant now = Instant.now();
            long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            gaps.add(new Gap(Gap.Cause.NOT_INDEXED, -1, position.timeNs(), Math.max(position.timeNs(), nowNs), 0));
        }
    }

    /** True if the log has more than the view: it is about to be indexed. Among the gaps there is one that says since when. */
    public boolean isBehind() {
        return behind;
    }

    /** Up to where in the log the view goes. */
    public LogPosition position() {
        return position;
    }

    /** What was found to be wrong with the index, and mended or gone around, for people; empty if all was right. */
    public List<String> notices() {
        return notices;
    }

    /** How many segments a question may have to look into. */
    public int segments() {
        return segments.length;
    }

    @Override
    public long objects() {
        return position.objects();
    }

    @Override
    public long nodes() {
        return position.nodes();
    }

    @Override
    public long edges() {
        return position.edges();
    }

    @Override
    public NodeKind kind(long object) {
        return NodeKind.ofCode(segments[homeOfObject(object)].kind(object));
    }

    @Override
    public long object(long node) {
        return segments[homeOfNode(node)].object(node);
    }

    @Override
    public int version(long node) {
        return segments[homeOfNode(node)].version(node);
    }

    @Override
    public long timeNs(long node) {
        return segments[homeOfNode(node)].timeNs(node);
    }

    @Override
    public long[] versions(long object) {
        ObjectList versions = new ObjectList();
        int home = homeOfObject(object);
        if (segments[home] == carried) {
            carried.requireObject(object);
        }
        for (int i = home; i < segments.length; i++) {
            segments[i].versions(object, versions);
        }
        return versions.toArray();
    }

    @Override
    public void causes(long node, EdgeVisitor visitor) {
        for (int i = homeOfNode(node); i < segments.length; i++) {
            if (!segments[i].causes(node, visitor)) {
                return;
            }
        }
    }

    @Override
    public void effects(long node, EdgeVisitor visitor) {
        for (int i = homeOfNode(node); i < segments.length; i++) {
            if (!segments[i].effects(node, visitor)) {
                return;
            }
        }
    }

    @Override
    public Edge edge(long edge) {
        Objects.checkIndex(edge, edges());
        int i = segments.length - 1;
        while (segments[i].firstEdge > edge) {
            i--;
        }
        return segments[i].edge(edge);
    }

    @Override
    public Attributes attributes(long object) {
        int home = homeOfObject(object);
        if (segments[home] == carried) {
            carried.requireObject(object);
        }
        return new ObjectAttributes(object, home);
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        requireIndexed(attribute, true);
        ObjectList found = new ObjectList();
        long hash = IndexFormat.contentHash(MemorySegment.ofArray(value), 0, value.length);
        for (Segment segment : segments) {
            segment.find(attribute.code(), value, hash, found);
        }
        return found.toArray();
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        requireIndexed(attribute, false);
        ObjectList found = new ObjectList();
        for (Segment segment : segments) {
            segment.find(attribute.code(), value, found);
        }
        return found.toArray();
    }

    @Override
    public Dropped dropped() {
        return carried == null ? Dropped.NOTHING
                : new Dropped(carried.endNode, carried.endEdge, carried.endObject, carried.fromNs(), carried.end.timeNs());
    }

    @Override
    public long nextNode(long from) {
        return carried != null && from < carried.endNode ? carried.nextNode(from) : from;
    }

    @Override
    public long nextObject(long from) {
        return carried != null && from < carried.endObject ? carried.nextObject(from) : from;
    }

    @Override
    public boolean lacksCauses(long node) {
        return carried != null && node < carried.endNode && carried.lacksCauses(node);
    }

    @Override
    public boolean lacksEffects(long node) {
        return carried != null && node < carried.endNode && carried.lacksEffects(node);
    }

    @Override
    public boolean lacksVersions(long object) {
        return carried != null && object < carried.endObject && carried.lacksVersions(object);
    }

    /** Feeds the newest values that what is carried had when the rest was dropped, as of then, to {@code sink}. */
    public void carried(GraphSink sink) {
        if (carried != null) {
            carried.values(sink);
        }
    }

    /** The number of the newest session, 0 if there was none; it may have been dropped. */
    public int lastSession() {
        int last = sessions.isEmpty() ? 0 : sessions.getLast().number();
        return carried == null ? last : Math.max(last, carried.lastSession());
    }

    /** The number of each boot that this store has met. */
    public Map<String, Integer> boots() {
        Map<String, Integer> boots = carried == null ? new HashMap<>() : carried.boots();
        sessions.forEach(session -> boots.putIfAbsent(session.bootId(), session.bootNumber()));
        return boots;
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(sessions);
    }

    @Override
    public List<Gap> gaps() {
        return List.copyOf(gaps);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private int homeOfNode(long node) {
        Objects.checkIndex(node, nodes());
        int i = segments.length - 1;
        while (segments[i].firstNode > node) {
            i--;
        }
        return i;
    }

    private int homeOfObject(long object) {
        Objects.checkIndex(object, objects());
        int i = segments.length - 1;
        while (segments[i].firstObject > object) {
            i--;
        }
        return i;
    }

    private static void requireIndexed(Attribute attribute, boolean bytes) {
        if (!attribute.indexed() || attribute.isBytes() != bytes) {
            throw new IllegalArgumentException("attribute cannot be looked up so: attribute=" + attribute.text()
                    + ", indexed=" + attribute.indexed() + ", bytes=" + attribute.isBytes());
        }
    }

    /** Looked up when they are asked for, in the newest segment first. */
    private final class ObjectAttributes implements Attributes {
        private static final Attribute[] ALL = Attribute.values();

        private final long object;
        private final int home;

        ObjectAttributes(long object, int home) {
            this.object = object;
            this.home = home;
        }

        private boolean find(Attribute attribute, Value to) {
            for (int i = segments.length - 1; i >= home; i--) {
                if (segments[i].newest(object, attribute.code(), to)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public long number(Attribute attribute, long otherwise) {
            Value value = new Value();
            return !attribute.isBytes() && find(attribute, value) ? value.number() : otherwise;
        }

        @Override
        public byte[] bytes(Attribute attribute) {
            Value value = new Value();
            return attribute.isBytes() && find(attribute, value) ? value.bytes() : null;
        }

        @Override
        public List<Attribute> known() {
            Value value = new Value();
            List<Attribute> known = new ArrayList<>();
            for (Attribute attribute : ALL) {
                if (find(attribute, value)) {
                    known.add(attribute);
                }
            }
            known.sort((a, b) -> Integer.compare(a.code(), b.code()));
            return known;
        }
    }
}
