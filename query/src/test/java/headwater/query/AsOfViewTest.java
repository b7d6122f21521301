// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A graph as of a time, beside one to which nothing was written after that time. */
class AsOfViewTest {
    private record Event(long timeNs, Consumer<GraphSink> write) {
    }

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Event> events = new ArrayList<>();
    private long now = 1_000;

    private void add(Consumer<GraphSink> write) {
        events.add(new Event(now, write));
        now += random.nextInt(3) * 10;
    }

    private void draw() {
        events.clear();
        List<Integer> versions = new ArrayList<>();
        List<Long> newest = new ArrayList<>();
        long[] counts = {0, 0};
        for (int session = 1; session <= 3; session++) {
            int number = session;
            long start = now;
            add(sink -> sink.sessionStart(new Session(number, "boot", 1, 7, "trace", "tree", "run " + number, start, 0)));
            for (int i = 0; i < 40; i++) {
                long timeNs = now;
                int what = random.nextInt(10);
                if (versions.isEmpty() || what < 2) {
                    long object = versions.size();
                    long node = counts[0]++;
                    versions.add(0);
                    newest.add(node);
                    add(sink -> sink.node(node, object, 0, object % 2 == 0 ? NodeKind.FILE : NodeKind.TASK, timeNs));
                } else if (what < 4) {
                    long object = random.nextInt(versions.size());
                    attribute(object, timeNs);
                } else {
                    flow(versions, newest, counts, timeNs);
                }
            }
            if (random.nextBoolean()) {
                long from = now - 200;
                long to = now;
                add(sink -> sink.gap(new Gap(Gap.Cause.RING_FULL, 0, from, to, 5)));
            }
            long end = now;
            add(sink -> sink.sessionEnd(end));
        }
    }

    private void attribute(long object, long timeNs) {
        if (random.nextBoolean()) {
            byte[] name = ("/f" + random.nextInt(4)).getBytes();
            add(sink -> sink.attribute(object, Attribute.NAME, MemorySegment.ofArray(name), 0, name.length, timeNs));
        } else {
            long value = random.nextInt(4);
            add(sink -> sink.attribute(object, Attribute.PID, value, timeNs));
        }
    }

    /** A new version of an object, with a flow into it. */
    private void flow(List<Integer> versions, List<Long> newest, long[] counts, long timeNs) {
        int effect = random.nextInt(versions.size());
        long cause = newest.get(random.nextInt(versions.size()));
        long node = counts[0]++;
        long before = newest.get(effect);
        int version = versions.get(effect) + 1;
        versions.set(effect, version);
        newest.set(effect, node);
        long edge = counts[1];
        counts[1] += 2;
        add(sink -> {
            sink.node(node, effect, version, effect % 2 == 0 ? NodeKind.FILE : NodeKind.TASK, timeNs);
            sink.edge(edge, Relation.VERSION_ENTITY, before, node, timeNs, -1, 0, -1);
            sink.edge(edge + 1, Relation.READ, cause == node ? before : cause, node, timeNs, -1, 0, -1);
        });
    }

    @Test
    void shouldBeTheGraphThatItWasThen() throws NothingFoundException {
        System.out.println("AsOfViewTest seed=" + seed);
        for (int i = 0; i < 40; i++) {
            draw();
            MemoryGraph whole = new MemoryGraph();
            events.forEach(event -> event.write().accept(whole));
            for (long timeNs = 990; timeNs < now + 20; timeNs += 70) {
                long then = timeNs;
                MemoryGraph cut = new MemoryGraph();
                events.stream().filter(event -> event.timeNs() <= then).forEach(event -> event.write().accept(cut));
                same(cut, AsOfView.of(whole, then, new AttributeHistory.Log() {
                    @Override
                    public void since(long fromNs, GraphSink sink) {
                        events.forEach(event -> event.write().accept(sink));
                    }

                    @Override
                    public void until(long toNs, GraphSink sink) {
                        events.forEach(event -> event.write().accept(sink));
                    }
                }));
            }
        }
    }

    private void same(GraphView cut, GraphView asOf) {
        String where = "seed=" + seed;
        assertEquals(cut.sessions(), asOf.sessions(), where);
        // A gap that had begun was known of only once it was over.
        assertEquals(cut.gaps(), asOf.gaps().stream().filter(gap -> gap.count() > 0).toList(), where);
        assertEquals(List.of(cut.nodes(), cut.edges(), cut.objects()), List.of(asOf.nodes(), asOf.edges(), asOf.objects()), where);
        for (long object = 0; object < cut.objects(); object++) {
            assertEquals(cut.kind(object), asOf.kind(object), where);
            assertArrayEquals(cut.versions(object), asOf.versions(object), where);
            assertEquals(cut.attributes(object).known(), asOf.attributes(object).known(), where);
            assertEquals(cut.attributes(object).number(Attribute.PID, -1), asOf.attributes(object).number(Attribute.PID, -1), where);
            assertArrayEquals(cut.attributes(object).bytes(Attribute.NAME), asOf.attributes(object).bytes(Attribute.NAME), where);
        }
        for (int value = 0; value < 4; value++) {
            assertArrayEquals(cut.find(Attribute.PID, value), asOf.find(Attribute.PID, value), where);
            byte[] name = ("/f" + value).getBytes();
            assertArrayEquals(cut.find(Attribute.NAME, name), asOf.find(Attribute.NAME, name), where);
        }
        for (long node = 0; node < cut.nodes(); node++) {
            assertEquals(edges(cut, node, true), edges(asOf, node, true), where);
            assertEquals(edges(cut, node, false), edges(asOf, node, false), where);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> asOf.timeNs(cut.nodes()));
    }

    private static List<String> edges(GraphView view, long node, boolean causes) {
        List<String> edges = new ArrayList<>();
        GraphView.EdgeVisitor visitor = (edge, relation, other, timeNs) -> edges.add(edge + " " + relation + " " + other + " " + timeNs);
        if (causes) {
            view.causes(node, visitor);
        } else {
            view.effects(node, visitor);
        }
        return edges;
    }
}
