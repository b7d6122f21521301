// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.query.format.CamflowGraph;
import headwater.query.format.SessionTimes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The graph as it is known to one output: a view of the store, and over it what the log said since. When that has become
 * {@value #MOST_ROWS} nodes and values, a newer view takes its place, so that memory does not grow with the store. Nothing is
 * forgotten by it: what is older is in the view. For one thread.
 */
final class LiveGraph implements CamflowGraph, AutoCloseable {
    /** Some 50 MB. */
    static final int MOST_ROWS = 1 << 18;

    private static final int BIRTHS = 4096;

    private final Views views;
    private final int mostRows;
    private Views.Held base;
    private CamflowGraph below;
    private long baseBlocks;
    private long baseNodes;
    private long baseObjects;
    private int[] nodeObjects = new int[1024];
    private int[] nodeVersions = new int[1024];
    private long[] nodeTimes = new long[1024];
    private byte[] objectKinds = new byte[1024];
    private long[] objectTimes = new long[1024];
    private int nodes;
    private int objects;
    private int rows;
    private boolean covered;
    private final Map<Long, KnownValues> values = new HashMap<>();
    private final Set<Long> sent = new HashSet<>();
    /** Objects of which something became known since a version of them was last written. */
    private final Set<Long> news = new HashSet<>();
    private final Map<Long, Session> births = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Session> eldest) {
            return size() > BIRTHS;
        }
    };
    private List<Session> sessions = new ArrayList<>();
    private SessionTimes times = new SessionTimes(List.of());

    LiveGraph(Views views, int mostRows) {
        this.views = views;
        this.mostRows = mostRows;
    }

    /**
     * Block {@code block} of the log comes next.
     *
     * @param wanted true if all that stands before it must be known, though it was not told here
     */
    void block(long block, boolean wanted) {
        if (wanted && baseBlocks < block || rows > mostRows) {
            rebase(block);
        }
        covered = block < baseBlocks;
    }

    private void rebase(long blocks) {
        Views.Held fresh = views.covering(blocks);
        if (base != null) {
            base.release();
        }
        base = fresh;
        below = CamflowGraph.of(fresh.view());
        baseBlocks = fresh.view().position().block();
        baseNodes = fresh.view().nodes();
        baseObjects = fresh.view().objects();
        sessions = new ArrayList<>(fresh.view().sessions());
        times = new SessionTimes(sessions);
        nodes = 0;
        objects = 0;
        rows = 0;
        values.clear();
        sent.clear();
        news.clear();
    }

    void sessionStart(Session session) {
        if (sessions.isEmpty() || sessions.getLast().number() < session.number()) {
            sessions.add(session);
            times = new SessionTimes(sessions);
            births.clear();
        }
    }

    void node(long node, long object, int version, NodeKind kind, long timeNs) {
        if (object == baseObjects + objects) {
            if (objects == objectKinds.length) {
                objectKinds = Arrays.copyOf(objectKinds, 2 * objects);
                objectTimes = Arrays.copyOf(objectTimes, 2 * objects);
            }
            objectKinds[objects] = (byte) kind.code();
            objectTimes[objects++] = timeNs;
        }
        if (node == baseNodes + nodes) {
            if (nodes == nodeObjects.length) {
                nodeObjects = Arrays.copyOf(nodeObjects, 2 * nodes);
                nodeVersions = Arrays.copyOf(nodeVersions, 2 * nodes);
                nodeTimes = Arrays.copyOf(nodeTimes, 2 * nodes);
            }
            nodeObjects[nodes] = Math.toIntExact(object);
            nodeVersions[nodes] = version;
            nodeTimes[nodes++] = timeNs;
            rows++;
        }
    }

    void attribute(long object, Attribute attribute, long value) {
        put(object, attribute, value);
    }

    void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length) {
        if (!covered && KnownValues.needed(attribute)) {
            put(object, attribute, bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private void put(long object, Attribute attribute, Object value) {
        if (covered || !KnownValues.needed(attribute)) {
            return;
        }
        rows++;
        if (values.computeIfAbsent(object, key -> new KnownValues()).put(attribute, value)) {
            news.add(object);
        }
    }

    void edge(Relation relation, long effect) {
        if (relation == Relation.SEND_PACKET && !covered) {
            sent.add(object(effect));
        }
    }

    /** True once after something became known of {@code object}. */
    boolean takeNews(long object) {
        return news.remove(object);
    }

    @Override
    public NodeKind kind(long object) {
        return object < baseObjects ? below.kind(object)
                : NodeKind.ofCode(objectKinds[Math.toIntExact(object - baseObjects)]);
    }

    @Override
    public long object(long node) {
        return node < baseNodes ? below.object(node) : nodeObjects[Math.toIntExact(node - baseNodes)];
    }

    @Override
    public int version(long node) {
        return node < baseNodes ? below.version(node) : nodeVersions[Math.toIntExact(node - baseNodes)];
    }

    @Override
    public long timeNs(long node) {
        return node < baseNodes ? below.timeNs(node) : nodeTimes[Math.toIntExact(node - baseNodes)];
    }

    @Override
    public GraphView.Attributes attributes(long object) {
        KnownValues known = values.get(object);
        if (object >= baseObjects) {
            return known == null ? new KnownValues() : known;
        }
        GraphView.Attributes old = below.attributes(object);
        return known == null ? old : known.over(old);
    }

    @Override
    public Session birth(long object) {
        if (times.oneBoot()) {
            return times.first();
        }
        if (object >= baseObjects) {
            return at(objectTimes[Math.toIntExact(object - baseObjects)]);
        }
        return births.computeIfAbsent(object, below::birth);
    }

    @Override
    public Session at(long timeNs) {
        return times.at(timeNs);
    }

    @Override
    public boolean sent(long object) {
        return sent.contains(object) || object < baseObjects && below.sent(object);
    }

    @Override
    public void close() {
        if (base != null) {
            base.release();
            base = null;
        }
    }
}
