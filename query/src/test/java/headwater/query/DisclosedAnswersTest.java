// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What answers make of what programs told. */
class DisclosedAnswersTest {
    private static final int TELLER = 100;
    private static final int CHILD = 101;
    private static final int OTHER = 200;

    private final Scene scene = new Scene();
    private final MemoryGraph graph = scene.graph();

    /** A teller whose child has read a and b, and written out. */
    private void converted() {
        scene.fork(TELLER, CHILD);
        scene.read(CHILD, "/a").read(CHILD, "/b").write(CHILD, "/out");
    }

    /** By the process {@code pid}: the output is derived from the input. */
    private void tells(int pid, String output, String input, long flags) {
        scene.write(pid, scene.object(NodeKind.PIPE), Relation.WRITE);
        scene.flow(Relation.DERIVED_DISC, scene.file(input), scene.file(output), flags, -1);
    }

    private Answer ask(Lineage.Direction direction, String what, boolean disclosed) throws NothingFoundException {
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        Start start = new WhatFinder(graph, nothing).find(What.parse(what));
        Limits limits = Limits.NONE.withDisclosed(disclosed);
        return direction == Lineage.Direction.CAUSES ? Lineage.ancestors(graph, what, start, limits)
                : Lineage.descendants(graph, what, start, limits);
    }

    private Set<String> files(Answer answer) {
        Set<String> files = new TreeSet<>();
        for (long node : answer.nodes()) {
            byte[] name = graph.attributes(graph.object(node)).bytes(Attribute.NAME);
            if (graph.kind(graph.object(node)) == NodeKind.FILE && name != null) {
                files.add(new String(name, StandardCharsets.UTF_8));
            }
        }
        for (Flow flow : answer.flows()) {
            GraphView.Edge edge = graph.edge(flow.edge());
            assertEquals(edge.cause(), flow.cause(), "a flow of the answer is one of the graph");
            assertEquals(edge.effect(), flow.effect());
        }
        return files;
    }

    private Set<String> ancestors(String what, boolean disclosed) throws NothingFoundException {
        return files(ask(Lineage.Direction.CAUSES, what, disclosed));
    }

    private Set<String> descendants(String what, boolean disclosed) throws NothingFoundException {
        return files(ask(Lineage.Direction.EFFECTS, what, disclosed));
    }

    @Test
    void shouldFollowWhatWasSeenUnlessAsked() throws NothingFoundException {
        converted();
        tells(TELLER, "/out", "/a", DisclosedFlags.EXHAUSTIVE);
        Answer seen = ask(Lineage.Direction.CAUSES, "/out", false);
        assertEquals(Set.of("/a", "/b", "/out"), files(seen));
        assertTrue(seen.notes().toString().contains("1 disclosed relation not followed"), seen.notes()::toString);
        assertEquals(Set.of("/a", "/out"), ancestors("/out", true));
        assertEquals(List.of("--disclosed: 1 disclosed relation followed, told by task [100]; 1 observed flow left out for them"),
                ask(Lineage.Direction.CAUSES, "/out", true).notes());
        assertEquals(Set.of("/a", "/out"), descendants("/a", true));
        assertEquals(Set.of("/b"), descendants("/b", true));
        assertEquals(Set.of("/b", "/out"), descendants("/b", false));
    }

    @Test
    void shouldSayThatNothingWasTold() throws NothingFoundException {
        converted();
        Answer answer = ask(Lineage.Direction.CAUSES, "/out", true);
        assertEquals(Set.of("/a", "/b", "/out"), files(answer));
        assertTrue(answer.notes().toString().contains("no program told of anything here"), answer.notes()::toString);
    }

    @Test
    void shouldKeepWhatWasSeenIfMoreMayBeTrue() throws NothingFoundException {
        converted();
        tells(TELLER, "/out", "/c", 0);
        assertEquals(Set.of("/a", "/b", "/c", "/out"), ancestors("/out", true));
    }

    @Test
    void shouldBelieveNobodyOfWhatOthersDid() throws NothingFoundException {
        converted();
        scene.read(OTHER, "/c").write(OTHER, "/out");
        tells(OTHER, "/out", "/d", DisclosedFlags.EXHAUSTIVE);
        assertEquals(Set.of("/a", "/b", "/d", "/out"), ancestors("/out", true), "only its own flow, from c, is left out");
        tells(TELLER, "/out", "/a", DisclosedFlags.EXHAUSTIVE);
        assertEquals(Set.of("/a", "/d", "/out"), ancestors("/out", true));
    }

    @Test
    void shouldBelieveAChildNotOfItsParent() throws NothingFoundException {
        scene.read(TELLER, "/a").write(TELLER, "/out");
        scene.fork(TELLER, CHILD);
        tells(CHILD, "/out", "/d", DisclosedFlags.EXHAUSTIVE);
        assertEquals(Set.of("/a", "/d", "/out"), ancestors("/out", true));
    }

    @Test
    void shouldKeepWhatCameAfterItWasTold() throws NothingFoundException {
        converted();
        tells(TELLER, "/out", "/a", DisclosedFlags.EXHAUSTIVE);
        scene.read(CHILD, "/late").write(CHILD, "/out");
        assertEquals(Set.of("/a", "/b", "/late", "/out"), ancestors("/out", true));
    }

    @Test
    void shouldHoldForWhoReadBeforeItWasTold() throws NothingFoundException {
        converted();
        scene.read(OTHER, "/out").write(OTHER, "/copy");
        tells(TELLER, "/out", "/a", DisclosedFlags.EXHAUSTIVE);
        assertEquals(Set.of("/a", "/copy", "/out"), ancestors("/copy", true));
        assertEquals(Set.of("/a", "/copy", "/out"), descendants("/a", true));
        assertEquals(Set.of("/b"), descendants("/b", true));
    }

    @Test
    void shouldJoinAllThatIsToldOfOneOutput() throws NothingFoundException {
        converted();
        tells(TELLER, "/out", "/a", DisclosedFlags.EXHAUSTIVE);
        tells(TELLER, "/out", "/c", DisclosedFlags.EXHAUSTIVE);
        assertEquals(Set.of("/a", "/c", "/out"), ancestors("/out", true));
    }

    @Test
    void shouldTakeANodeForItsTellersUnlessMoreWasTold() throws NothingFoundException {
        scene.read(TELLER, "/a");
        scene.write(TELLER, scene.object(NodeKind.PIPE), Relation.WRITE);
        long plain = scene.object(NodeKind.DISC_ENTITY);
        scene.flow(Relation.GENERATED_DISC, scene.task(TELLER), plain, DisclosedFlags.TELLER, -1);
        long derived = scene.object(NodeKind.DISC_ENTITY);
        scene.flow(Relation.GENERATED_DISC, scene.task(TELLER), derived, DisclosedFlags.TELLER, -1);
        scene.flow(Relation.DERIVED_DISC, scene.file("/d"), derived, 0, -1);
        assertEquals(Set.of("/a"), ancestors("hw:" + plain, false), "who told was seen");
        assertEquals(Set.of("/a"), ancestors("hw:" + plain, true));
        assertEquals(Set.of("/a"), ancestors("hw:" + derived, false));
        assertEquals(Set.of("/d"), ancestors("hw:" + derived, true));
    }

    @Test
    void shouldMarkTheNamesThatProgramsGive() {
        long node = scene.object(NodeKind.DISC_ENTITY);
        scene.text(node, Attribute.VALUE, "/etc/passwd").number(node, Attribute.DISCLOSED_BY, 0);
        long line = scene.object(NodeKind.STRING);
        scene.text(line, Attribute.VALUE, "left the record").number(line, Attribute.DISCLOSED_BY, 0);
        long own = scene.object(NodeKind.STRING);
        scene.text(own, Attribute.VALUE, "left the record");
        Labels labels = new Labels(graph);
        assertEquals("/etc/passwd (disclosed)", labels.of(node));
        assertEquals("left the record (disclosed)", labels.of(line));
        assertEquals("left the record", labels.of(own));
    }

    @Test
    void shouldExplainByWhatWasTold() throws NothingFoundException {
        converted();
        tells(TELLER, "/out", "/a", DisclosedFlags.EXHAUSTIVE);
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        WhatFinder finder = new WhatFinder(graph, nothing);
        Limits disclosed = Limits.NONE.withDisclosed(true);
        Answer answer = Explain.between(graph, "/a", finder.find(What.parse("/a")), "/out", finder.find(What.parse("/out")), disclosed);
        assertEquals(1, answer.flows().stream().filter(flow -> flow.relation() == Relation.DERIVED_DISC).count());
        assertEquals("derived (disclosed)", Explain.words(Relation.DERIVED_DISC));
        Answer none = Explain.between(graph, "/b", finder.find(What.parse("/b")), "/out", finder.find(What.parse("/out")), disclosed);
        assertEquals(0, none.flows().size());
    }
}
