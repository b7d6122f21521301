// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;

/** A stream of events that keeps the sink's rules and is otherwise arbitrary; the same for the same seed. */
public final class RandomEvents {
    /** No event is from before it, by much. */
    public static final long FIRST_NS = 1_700_000_000_000_000_000L;

    private final Random random;
    private final List<Integer> versions = new ArrayList<>();
    private final List<NodeKind> kinds = new ArrayList<>();
    private long nodes;
    private long edges;
    private int sessions;
    private boolean sessionOpen;
    private LongPredicate knownNodes = node -> true;
    private LongPredicate knownObjects = object -> true;
    private long timeNs = FIRST_NS;

    public RandomEvents(long seed) {
        random = new Random(seed);
    }

    public long nodes() {
        return nodes;
    }

    public long edges() {
        return edges;
    }

    /** When the last event was, but for some that are told of out of order. */
    public long timeNs() {
        return timeNs;
    }

    /** From now on speaks of no other nodes and objects than these, and new ones; there must be some. */
    public void speakOf(LongPredicate someNodes, LongPredicate someObjects) {
        knownNodes = someNodes;
        knownObjects = someObjects;
    }

    /** Feeds {@code count} events to {@code sink}. */
    public void feed(int count, GraphSink sink) {
        for (int i = 0; i < count; i++) {
            timeNs += random.nextInt(1000) - (random.nextInt(20) == 0 ? 500 : 0);
            one(sink);
        }
    }

    /** Ends the session, if one is open: a store that is closed now ends in order. */
    public void endSession(GraphSink sink) {
        if (sessionOpen) {
            session(sink);
        }
    }

    private void one(GraphSink sink) {
        int dice = random.nextInt(100);
        if (nodes == 0 || dice < 30) {
            node(sink);
        } else if (dice < 65) {
            edge(sink);
        } else if (dice < 80) {
            number(sink);
        } else if (dice < 98) {
            string(sink);
        } else if (dice < 99) {
            sink.gap(new Gap(Gap.Cause.values()[random.nextInt(Gap.Cause.values().length)],
                    Gap.Kind.values()[random.nextInt(Gap.Kind.values().length)], random.nextInt(4) - 1,
                    timeNs - random.nextInt(1000), timeNs, random.nextInt(100)));
        } else {
            session(sink);
        }
    }

    private void node(GraphSink sink) {
        boolean fresh = versions.isEmpty() || random.nextInt(3) == 0;
        int object = fresh ? versions.size() : someObject();
        if (fresh) {
            versions.add(random.nextInt(10) == 0 ? random.nextInt(1000) : 0);
            kinds.add(NodeKind.values()[random.nextInt(NodeKind.values().length)]);
        } else {
            versions.set(object, versions.get(object) + 1);
        }
        sink.node(nodes++, object, versions.get(object), kinds.get(object), timeNs);
    }

    private void edge(GraphSink sink) {
        Relation relation = Relation.values()[random.nextInt(Relation.values().length)];
        long task = switch (random.nextInt(3)) {
            case 0 -> -1;
            case 1 -> knownNodes.test(0) ? 0 : -1;
            default -> someNode();
        };
        long flags = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(8);
        long offset = switch (random.nextInt(4)) {
            case 0 -> random.nextLong() >>> 1;
            case 1 -> random.nextInt(1 << 20);
            default -> -1;
        };
        sink.edge(edges++, relation, someNode(), someNode(), timeNs, task, flags, offset);
    }

    private void number(GraphSink sink) {
        Attribute attribute = someAttribute(false);
        long value = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(50);
        sink.attribute(someObject(), attribute, value, timeNs);
    }

    private void string(GraphSink sink) {
        byte[] value;
        if (random.nextInt(10) == 0) {
            value = new byte[random.nextInt(200)];
            random.nextBytes(value);
        } else {
            value = ("/usr/lib/file" + random.nextInt(100)).getBytes(StandardCharsets.UTF_8);
        }
        int before = random.nextInt(5);
        byte[] padded = new byte[before + value.length + 3];
        System.arraycopy(value, 0, padded, before, value.length);
        sink.attribute(someObject(), someAttribute(true), MemorySegment.ofArray(padded), before,
                value.length, timeNs);
    }

    /** Ends the session if one is open, so that the store can be closed and opened again without a gap. */
    public void finish(GraphSink sink) {
        if (sessionOpen) {
            session(sink);
        }
    }

    private void session(GraphSink sink) {
        if (sessionOpen) {
            sink.sessionEnd(timeNs);
        } else {
            sessions++;
            sink.sessionStart(new Session(sessions, "boot-" + sessions / 3, 1 + sessions / 3, random.nextInt(), "trace",
                    "tree", "make -j" + sessions + " \u00e9", List.of("record", "shed", "block").get(random.nextInt(3)),
                    timeNs, 0));
        }
        sessionOpen = !sessionOpen;
    }

    private long someNode() {
        while (true) {
            long node = random.nextBoolean() ? (long) (random.nextDouble() * nodes) : Math.max(0, nodes - 1 - random.nextInt(20));
            if (knownNodes.test(node)) {
                return node;
            }
        }
    }

    private int someObject() {
        while (true) {
            int object = random.nextInt(versions.size());
            if (knownObjects.test(object)) {
                return object;
            }
        }
    }

    private Attribute someAttribute(boolean bytes) {
        while (true) {
            Attribute attribute = Attribute.values()[random.nextInt(Attribute.values().length)];
            if (attribute.isBytes() == bytes) {
                return attribute;
            }
        }
    }
}
