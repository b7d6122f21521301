// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.NodeKind;
import headwater.model.RelationClass;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DisclosuresTest {
    private static final int FILE = 0100644;
    private static final long DEV = 8 << 20 | 1;
    private static final long TASK = 1;
    private static final long PROCESS = 2;
    private static final int PID = 100;
    private static final Disclosure.Self SELF = new Disclosure.Self();

    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0, PathProbe.NONE);
    private final Records records = new Records(builder);
    private final Disclosures disclosures = builder.disclosures();

    private Disclosures.Teller teller() throws DisclosureRefusedException {
        records.task(TASK, PROCESS, 0, 0, PID, 0);
        return disclosures.meet(PID, Long.MAX_VALUE);
    }

    private static Disclosure.FileEnd file(long ino) {
        return new Disclosure.FileEnd(new PathProbe.Found(DEV, ino, FILE), "/f" + ino);
    }

    private static Disclosure.Relation relation(RelationClass relationClass, Disclosure.End effect, Disclosure.End cause) {
        return new Disclosure.Relation(relationClass, cause, effect, false, "");
    }

    private static Disclosure relations(Disclosure.Relation... relations) {
        return new Disclosure(List.of(), List.of(relations), List.of());
    }

    private String refusal(Disclosures.Teller teller, Disclosure disclosure) {
        int edges = graph.edges.size();
        int nodes = graph.objectOfNode.size();
        DisclosureRefusedException e = assertThrows(DisclosureRefusedException.class, () -> disclosures.tell(teller, disclosure, 5));
        assertEquals(edges, graph.edges.size(), "refused, and nothing drawn");
        assertEquals(nodes, graph.objectOfNode.size());
        return e.code();
    }

    @Test
    void joinsTheGraphAtTheTellersOwnProcess() throws DisclosureRefusedException {
        Disclosures.Teller teller = teller();
        records.inode(3, 30, FILE);
        records.flow(FlowOp.READ, 3, PROCESS, TASK);
        int before = graph.edges.size();
        Map<String, Long> told = disclosures.tell(teller, new Disclosure(
                List.of(new Disclosure.Node("step", NodeKind.DISC_ACTIVITY, "resize", "{\"width\":10}"),
                        new Disclosure.Node("image", NodeKind.DISC_ENTITY, "", "")),
                List.of(relation(RelationClass.USED, new Disclosure.Named("step"), file(30)),
                        relation(RelationClass.GENERATED, new Disclosure.Named("image"), new Disclosure.Named("step")),
                        relation(RelationClass.USED, SELF, new Disclosure.Named("image"))), List.of()), 9);
        int step = Math.toIntExact(told.get("step"));
        assertEquals("{\"width\":10}", graph.attributes.get(step).get(Attribute.DISCLOSED));
        assertEquals("resize", graph.attributes.get(step).get(Attribute.VALUE));
        assertTrue(graph.drawn().subList(before, graph.edges.size()).stream().anyMatch("used_disc file2.0 disc_activity3.0"::equals),
                () -> graph.drawn().toString());
        DrawnGraph.Edge teller0 = graph.edges.stream().filter(edge -> edge.flags() == DisclosedFlags.TELLER).findFirst().orElseThrow();
        assertEquals((long) graph.attributes.get(step).get(Attribute.DISCLOSED_BY), teller0.cause());
        assertEquals(NodeKind.TASK, graph.kinds.get(graph.objectOfNode.get(teller0.cause())));
        graph.assertAcyclic();
    }

    @Test
    void whatDerivesFromItselfGetsAVersion() throws DisclosureRefusedException {
        Disclosures.Teller teller = teller();
        records.inode(3, 30, FILE);
        disclosures.tell(teller, relations(new Disclosure.Relation(RelationClass.DERIVED, file(30), file(30), true, "")), 9);
        assertEquals(List.of("version_entity file2.0 file2.1", "derived_disc file2.0 file2.1"), graph.drawn());
        assertEquals(DisclosedFlags.EXHAUSTIVE, graph.edges.getLast().flags());
    }

    @Test
    void isDrawnAgainWhenItIsToldAgain() throws DisclosureRefusedException {
        Disclosures.Teller teller = teller();
        for (int i = 0; i < 2; i++) {
            disclosures.tell(teller, relations(relation(RelationClass.DERIVED, file(31), file(30))), 9);
        }
        assertEquals(2, graph.drawn().stream().filter(line -> line.startsWith("derived_disc")).count());
        assertEquals("/f31", graph.attributes.get(graph.objectOfNode.get(graph.edges.getLast().effect())).get(Attribute.NAME));
    }

    @Test
    void attributesOfARelationHaveAnObjectOfTheirOwn() throws DisclosureRefusedException {
        Disclosures.Teller teller = teller();
        disclosures.tell(teller, relations(new Disclosure.Relation(RelationClass.DERIVED, file(30), file(31), false, "{\"by\":\"hand\"}")), 9);
        int holder = (int) graph.edges.getLast().offset();
        assertEquals("{\"by\":\"hand\"}", graph.attributes.get(holder).get(Attribute.DISCLOSED));
    }

    @Test
    void aLineOfLogStandsBetweenFileAndTask() throws DisclosureRefusedException {
        Disclosures.Teller teller = teller();
        disclosures.tell(teller, new Disclosure(List.of(), List.of(), List.of(new Disclosure.Line("GET /", file(30)))), 9);
        List<String> drawn = graph.drawn();
        assertTrue(drawn.contains("derived_disc file3.0 string2.0"), drawn::toString);
        assertTrue(drawn.contains("log string2.0 task0.0"), drawn::toString);
        assertTrue(graph.attributes.get(2).containsKey(Attribute.DISCLOSED_BY));
    }

    @Test
    void refusesWholeWhatCannotBeDrawn() throws DisclosureRefusedException {
        Disclosures.Teller teller = teller();
        Disclosure.Node node = new Disclosure.Node("n", NodeKind.DISC_ENTITY, "", "");
        Disclosure.Node agent = new Disclosure.Node("who", NodeKind.DISC_AGENT, "", "");
        assertEquals("unknown-name", refusal(teller, new Disclosure(List.of(node),
                List.of(relation(RelationClass.USED, SELF, new Disclosure.Named("other"))), List.of())));
        assertEquals("misfit", refusal(teller, new Disclosure(List.of(node),
                List.of(relation(RelationClass.USED, new Disclosure.Named("n"), SELF)), List.of())));
        assertEquals("misfit", refusal(teller, relations(relation(RelationClass.INFORMED, SELF, SELF))));
        assertEquals("name-taken", refusal(teller, new Disclosure(List.of(node, node), List.of(), List.of())));
        disclosures.tell(teller, new Disclosure(List.of(node, agent),
                List.of(relation(RelationClass.ASSOCIATED, SELF, new Disclosure.Named("who"))), List.of()), 9);
        assertEquals("name-taken", refusal(teller, new Disclosure(List.of(node), List.of(), List.of())));
        disclosures.leave(teller);
        assertEquals("unknown-name", refusal(teller, relations(relation(RelationClass.USED, SELF, new Disclosure.Named("n")))));
    }

    @Test
    void takesTheWordOfNobodyElse() throws DisclosureRefusedException {
        assertEquals("not-recorded", assertThrows(DisclosureRefusedException.class, () -> disclosures.meet(PID, 9)).code());
        Disclosures.Teller teller = teller();
        assertThrows(DisclosureRefusedException.class, () -> disclosures.meet(PID, -1), "the id was another's when it was told");
        records.inode(3, 30, FILE);
        records.exec(3, 50, PROCESS, TASK);
        assertEquals("other-program", refusal(teller, relations()));
        Disclosures.Teller again = disclosures.meet(PID, Long.MAX_VALUE);
        disclosures.tell(again, relations(), 9);
        records.change(FlowOp.SETUID, TASK, 50, PID, PID, 7, 7, 0);
        assertEquals("other-program", refusal(again, relations()));
        records.exit(TASK, 50, 0, RecordFlag.GROUP_DEAD);
        assertEquals("ended", refusal(again, relations()));
        records.task(60, 61, 0, 0, PID, 0);
        assertEquals("ended", refusal(again, relations()), "a process of the same id is another");
    }

    @Test
    void noCycleComesOfWhatIsTold() throws DisclosureRefusedException {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        Random random = new Random(seed);
        Disclosures.Teller teller = teller();
        for (int i = 0; i < 6; i++) {
            records.inode(10 + i, 30 + i, FILE);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            long inode = 10 + random.nextInt(6);
            Disclosure.End file = file(30 + random.nextInt(6));
            Disclosure.End node = names.isEmpty() ? SELF : new Disclosure.Named(names.get(random.nextInt(names.size())));
            switch (random.nextInt(7)) {
                case 0 -> records.flow(FlowOp.READ, inode, PROCESS, TASK);
                case 1 -> records.flow(FlowOp.WRITE, PROCESS, inode, TASK);
                case 2 -> {
                    if (names.size() < 20) {
                        names.add("n" + i);
                        disclosures.tell(teller, new Disclosure(List.of(new Disclosure.Node("n" + i, NodeKind.DISC_ACTIVITY, "", "")),
                                List.of(), List.of()), i);
                    }
                }
                case 3 -> disclosures.tell(teller, relations(relation(RelationClass.DERIVED, file, file(30 + random.nextInt(6)))), i);
                case 4 -> disclosures.tell(teller, relations(relation(RelationClass.USED, node, file)), i);
                case 5 -> disclosures.tell(teller, relations(relation(RelationClass.GENERATED, file, node)), i);
                default -> {
                    if (!node.equals(SELF)) {
                        disclosures.tell(teller, relations(relation(RelationClass.INFORMED, node, SELF),
                                relation(RelationClass.INFORMED, SELF, node)), i);
                    }
                }
            }
        }
        assertFalse(graph.edges.isEmpty(), "seed " + seed);
        graph.assertAcyclic();
    }
}
