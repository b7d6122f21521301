// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private final Scene scene = Scene.pipeline();
    private final MemoryGraph graph = scene.graph();

    private Start start(String what) throws NothingFoundException {
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        return new WhatFinder(graph, nothing).find(What.parse(what));
    }

    private Answer ancestors(String what, Limits limits) throws NothingFoundException {
        return Lineage.ancestors(graph, what, start(what), limits);
    }

    private Set<Long> objects(Answer answer) {
        Set<Long> objects = new HashSet<>();
        Arrays.stream(answer.nodes()).forEach(node -> objects.add(graph.object(node)));
        return objects;
    }

    @Test
    void shouldReachAllThatFlowedIntoTheFile() throws NothingFoundException {
        Answer answer = ancestors("/tmp/p.gz", Limits.NONE);
        Set<Long> objects = objects(answer);
        for (String file : List.of("/etc/passwd", "/usr/bin/sort", "/usr/bin/gzip", "/etc/ld.so.cache", "/tmp/p.gz")) {
            assertTrue(objects.contains(scene.file(file)), file);
        }
        assertTrue(objects.contains(scene.task(101)));
        assertEquals(answer.flows().size(), answer.flows().stream().map(Flow::edge).distinct().count());
    }

    @Test
    void shouldNotReachBackIntoTheFutureOfACause() throws NothingFoundException {
        scene.read(102, "/etc/shadow");
        assertFalse(objects(ancestors("/tmp/p.gz", Limits.NONE)).contains(scene.file("/etc/shadow")));
    }

    @Test
    void shouldGoAlongWhatOnlyTellsWhenAskedTo() throws NothingFoundException {
        Scene told = new Scene();
        told.exec(1, "/bin/sh");
        told.fork(1, 2);
        told.read(2, "/secret");
        told.flow(Relation.EXIT_STATUS, told.task(2), told.task(1));
        told.write(1, "/status");
        Start start = new Start("/status", List.of(told.file("/status")), told.graph().versions(told.file("/status")),
                List.of());
        for (Limits limits : List.of(Limits.NONE, Limits.NONE.through(Set.of(Relation.SIGNAL)),
                Limits.NONE.through(Set.of(Relation.EXIT_STATUS)))) {
            Answer answer = Lineage.ancestors(told.graph(), "/status", start, limits);
            boolean found = Arrays.stream(answer.nodes()).anyMatch(n -> told.graph().object(n) == told.file("/secret"));
            assertEquals(limits.relations().contains(Relation.EXIT_STATUS), found, limits::toString);
        }
    }

    @Test
    void shouldAgreeWithAClosureComputedEdgeByEdgeOnRandomGraphs() throws NothingFoundException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Scene chance = new Scene();
        chance.exec(1, "/bin/init");
        for (int i = 0; i < 400; i++) {
            int pid = 1 + random.nextInt(6);
            switch (random.nextInt(4)) {
                case 0 -> chance.read(pid, "/f" + random.nextInt(20));
                case 1 -> chance.write(pid, "/f" + random.nextInt(20));
                case 2 -> chance.exec(pid, "/bin/p" + random.nextInt(4), "p");
                default -> chance.fork(1 + random.nextInt(6), 7 + random.nextInt(40));
            }
        }
        MemoryGraph random1 = chance.graph();
        long file = chance.file("/f3");
        long[] versions = random1.versions(file);
        Start start = new Start("f3", List.of(file), versions, List.of());
        Answer answer = Lineage.ancestors(random1, "/f3", start, Limits.NONE);
        TreeSet<Long> expected = new TreeSet<>();
        Arrays.stream(versions).forEach(expected::add);
        // An edge into a node has a lower number than any edge out of it, save for names: repeat until nothing is
        // added.
        boolean grown = true;
        while (grown) {
            grown = false;
            for (long e = random1.edges() - 1; e >= 0; e--) {
                grown |= expected.contains(random1.edge(e).effect()) && expected.add(random1.edge(e).cause());
            }
        }
        TreeSet<Long> reached = new TreeSet<>();
        Arrays.stream(answer.nodes()).forEach(reached::add);
        assertEquals(expected, reached, "seed=" + seed);
        long edges = 0;
        for (long e = 0; e < random1.edges(); e++) {
            edges += expected.contains(random1.edge(e).effect()) ? 1 : 0;
        }
        assertEquals(edges, answer.flows().size(), "seed=" + seed);
    }

    @Test
    void shouldStopAtTheDepthAndSayHowMuchLiesBeyond() throws NothingFoundException {
        Answer answer = ancestors("/tmp/p.gz", Limits.NONE.withDepth(1));
        assertTrue(answer.flows().stream().allMatch(flow -> graph.object(flow.effect()) == scene.file("/tmp/p.gz")));
        assertEquals(1, answer.stops().size());
        assertTrue(answer.stops().getFirst().startsWith("stopped at depth 1 (--depth): "), answer.stops().getFirst());
        assertTrue(answer.completeness().complete());
    }

    @Test
    void shouldBeIncompleteWhenCutByTheCount() throws NothingFoundException {
        Answer answer = ancestors("/tmp/p.gz", Limits.NONE.withCount(5));
        assertEquals(5, answer.nodes().length);
        assertFalse(answer.completeness().complete());
        assertEquals("stopped at 5 nodes (--limit): 7 more known, not shown", answer.stops().getFirst());
    }

    @Test
    void shouldLeaveOutFlowsLaterThanUntil() throws NothingFoundException {
        long before = graph.timeNs(graph.versions(scene.file("/etc/passwd"))[0]);
        Answer all = Lineage.descendants(graph, "pid:101", start("pid:101"), Limits.NONE);
        Answer early = Lineage.descendants(graph, "pid:101", start("pid:101"), Limits.NONE.withTime(Long.MIN_VALUE,
                before));
        assertTrue(objects(all).contains(scene.file("/tmp/p.gz")));
        assertFalse(objects(early).contains(scene.file("/tmp/p.gz")));
        assertTrue(early.flows().stream().allMatch(flow -> flow.timeNs() <= before));
    }

    @Test
    void shouldListOnlyTheAskedKindsButWalkThroughTheOthers() throws NothingFoundException {
        Answer answer = ancestors("/tmp/p.gz", Limits.NONE.withKinds(Set.of(NodeKind.ARGV)));
        Set<NodeKind> kinds = new HashSet<>();
        objects(answer).forEach(object -> kinds.add(graph.kind(object)));
        assertEquals(Set.of(NodeKind.ARGV, NodeKind.FILE), kinds);
        assertEquals(1, objects(answer).stream().filter(o -> graph.kind(o) == NodeKind.FILE).count());
    }

    @Test
    void shouldFollowOnlyTheAskedRelations() throws NothingFoundException {
        Set<Relation> asked = Set.of(Relation.WRITE, Relation.MEMORY_READ);
        Answer answer = ancestors("/tmp/p.gz", Limits.NONE.withRelations(asked));
        assertTrue(answer.flows().stream().allMatch(f -> f.relation().isVersion() || asked.contains(f.relation())));
        assertFalse(objects(answer).contains(scene.file("/etc/passwd")));
    }

    @Test
    void shouldFollowAnOpenOrAnAcceptOnlyIfAsked() throws NothingFoundException {
        scene.exec(911, "/usr/bin/cp", "cp");
        scene.read(911, scene.file("/tmp/opened"), Relation.OPEN);
        scene.read(911, scene.file("/tmp/accepted"), Relation.ACCEPT);
        scene.read(911, "/tmp/taken").write(911, "/tmp/made");
        List<Long> openings = List.of(scene.file("/tmp/opened"), scene.file("/tmp/accepted"));
        Set<Long> taken = objects(ancestors("/tmp/made", Limits.NONE));
        assertTrue(taken.contains(scene.file("/tmp/taken")));
        assertTrue(taken.stream().noneMatch(openings::contains));
        Answer all = ancestors("/tmp/made", Limits.NONE.through(Set.of(Relation.OPEN, Relation.ACCEPT)));
        assertTrue(objects(all).containsAll(openings));
        assertTrue(objects(all).contains(scene.file("/tmp/taken")));
    }

    @Test
    void shouldExplainByAPathWithoutABreak() throws NothingFoundException {
        Answer answer = Explain.between(graph, "a", start("/etc/passwd"), "b", start("/tmp/p.gz"), Limits.NONE);
        List<Flow> flows = answer.flows();
        assertEquals(scene.file("/etc/passwd"), graph.object(flows.getFirst().cause()));
        assertEquals(scene.file("/tmp/p.gz"), graph.object(flows.getLast().effect()));
        for (int i = 1; i < flows.size(); i++) {
            assertEquals(flows.get(i - 1).effect(), flows.get(i).cause());
        }
        assertEquals(List.of(Relation.READ, Relation.WRITE, Relation.READ, Relation.WRITE),
                flows.stream().map(Flow::relation).filter(relation -> !relation.isVersion()).toList());
        assertTrue(answer.notes().isEmpty());
    }

    @Test
    void shouldExplainByContentWhereThereIsAShorterPathOfActs() throws NothingFoundException {
        scene.exec(910, "/usr/bin/cp", "cp");
        scene.read(910, scene.file("/tmp/seed"), Relation.OPEN);
        scene.write(910, scene.file("/tmp/copy"), Relation.INODE_CREATE);
        scene.read(910, "/tmp/seed").write(910, "/tmp/copy");
        Answer answer = Explain.between(graph, "a", start("/tmp/seed"), "b", start("/tmp/copy"), Limits.NONE);
        assertEquals(List.of(Relation.READ, Relation.WRITE),
                answer.flows().stream().map(Flow::relation).filter(relation -> !relation.isVersion()).toList());
    }

    @Test
    void shouldExplainTheOtherWayRoundAndSaySo() throws NothingFoundException {
        Answer answer = Explain.between(graph, "/tmp/p.gz", start("/tmp/p.gz"), "/etc/passwd", start("/etc/passwd"),
                Limits.NONE);
        assertFalse(answer.flows().isEmpty());
        assertEquals("/etc/passwd", answer.starts().getFirst().title());
        assertEquals("nothing flowed from /tmp/p.gz to /etc/passwd; this is the path from /etc/passwd to /tmp/p.gz",
                answer.notes().getLast());
    }

    @Test
    void shouldFindNoPathBetweenWhatIsNotJoined() throws NothingFoundException {
        scene.exec(900, "/opt/other", "other").write(900, "/tmp/other");
        Answer answer = Explain.between(graph, "a", start("/tmp/other"), "b", start("/tmp/p.gz"), Limits.NONE);
        assertTrue(answer.flows().isEmpty());
    }

    @Test
    void shouldReportFilesAndRemoteAddressesThatDataReached() throws NothingFoundException {
        scene.exec(104, "/usr/bin/curl", "curl", "-T", "/tmp/p.gz").read(104, "/tmp/p.gz");
        long socket = scene.connect(104, "10.0.0.5:40000", "93.184.216.34:443");
        scene.write(104, socket, Relation.SEND_MSG);
        scene.exec(105, "/usr/bin/true", "true").write(105, "/tmp/unrelated");
        Answer answer = Report.of(graph, "/etc/passwd", start("/etc/passwd"), Limits.NONE);
        long[] reached = Arrays.stream(answer.reached()).map(graph::object).sorted().distinct().toArray();
        assertArrayEquals(new long[] {scene.file("/tmp/p.gz"), socket}, reached);
        assertFalse(objects(answer).contains(scene.file("/tmp/unrelated")));
    }

    private static Gap gap(Gap.Kind kind, long fromNs, long toNs) {
        return new Gap(Gap.Cause.RING_FULL, kind, 1, fromNs, toNs, 12);
    }

    private List<Gap> gapsOf(Answer answer) {
        assertEquals(answer.completeness().gaps().isEmpty(), answer.completeness().complete());
        return answer.completeness().gaps();
    }

    private List<Gap> gapsOfDescendants(String what, Limits limits) throws NothingFoundException {
        return gapsOf(Lineage.descendants(graph, what, start(what), limits));
    }

    @Test
    void shouldNameForAncestorsTheGapsThatBeganBeforeTheTimeAskedFor() throws NothingFoundException {
        assertEquals(List.of(), gapsOf(ancestors("/tmp/p.gz", Limits.NONE)));
        long made = scene.now();
        // In a session before: the files that the command read may have been written then.
        Gap longBefore = gap(Gap.Kind.TRANSFER, Scene.T0 - 9_000 * Scene.MS, Scene.T0 - 8_000 * Scene.MS);
        Gap within = gap(Gap.Kind.TRANSFER, Scene.T0 + Scene.MS, Scene.T0 + 2 * Scene.MS);
        Gap after = gap(Gap.Kind.TRANSFER, made + 10 * Scene.MS, made + 11 * Scene.MS);
        graph.gap(longBefore);
        graph.gap(within);
        graph.gap(after);
        // Someone may have written into the file after its newest version; but what it was before is as the record says.
        assertEquals(List.of(longBefore, within, after), gapsOf(ancestors("/tmp/p.gz", Limits.NONE)));
        assertEquals(List.of(longBefore, within), gapsOf(ancestors("/tmp/p.gz", Limits.NONE.withTime(Long.MIN_VALUE, made))));
        assertEquals(List.of(after), gapsOf(ancestors("/tmp/p.gz", Limits.NONE.withTime(made, Long.MAX_VALUE))));
        assertEquals(List.of(), gapsOf(ancestors("/tmp/p.gz", Limits.NONE.withTime(made, made))));
    }

    @Test
    void shouldNotNameForAnOldVersionTheGapsAfterTheNext() throws NothingFoundException {
        scene.read(104, "/tmp/p.gz").write(104, "/tmp/p.gz");
        Gap after = gap(Gap.Kind.PROCESS, scene.now() + 10 * Scene.MS, scene.now() + 11 * Scene.MS);
        graph.gap(after);
        assertEquals(List.of(), gapsOf(ancestors("/tmp/p.gz@0", Limits.NONE)));
        assertEquals(List.of(after), gapsOf(ancestors("/tmp/p.gz@1", Limits.NONE)));
    }

    @Test
    void shouldNotNameForAProcessTheGapsAfterItsEnd() throws NothingFoundException {
        scene.exec(104, "/usr/bin/true", "true");
        Gap after = gap(Gap.Kind.TRANSFER, scene.now() + 100 * Scene.MS, scene.now() + 110 * Scene.MS);
        graph.gap(after);
        assertEquals(List.of(after), gapsOf(ancestors("pid:104", Limits.NONE)));
        scene.exit(104);
        assertEquals(List.of(), gapsOf(ancestors("pid:104", Limits.NONE)));
    }

    @Test
    void shouldNameForDescendantsTheGapsThatEndedAfterTheStart() throws NothingFoundException {
        Gap before = gap(Gap.Kind.TRANSFER, scene.now() + Scene.MS, scene.now() + 2 * Scene.MS);
        graph.gap(before);
        scene.advance(10 * Scene.MS).write(104, "/tmp/later");
        assertEquals(List.of(), gapsOfDescendants("/tmp/later", Limits.NONE), "a read or write that was lost is lost by itself");
        Gap after = gap(Gap.Kind.NAME, scene.now() + 5 * Scene.MS, scene.now() + 5 * Scene.MS);
        graph.gap(after);
        assertEquals(List.of(after), gapsOfDescendants("/tmp/later", Limits.NONE));
        assertEquals(List.of(), gapsOfDescendants("/tmp/later", Limits.NONE.withTime(Long.MIN_VALUE, scene.now())));
        assertEquals(List.of(before, after), gapsOfDescendants("/etc/passwd", Limits.NONE));
    }

    @Test
    void shouldNameForDescendantsWhatWasLostBeforeAndLasts() throws NothingFoundException {
        Gap process = gap(Gap.Kind.PROCESS, scene.now() + Scene.MS, scene.now() + 2 * Scene.MS);
        Gap map = new Gap(Gap.Cause.MAP_FULL, Gap.Kind.ACCESS, 0, scene.now() + Scene.MS, scene.now() + 2 * Scene.MS, 1);
        graph.gap(process);
        graph.gap(map);
        scene.advance(10 * Scene.MS).write(104, "/tmp/later");
        assertEquals(List.of(process, map), gapsOfDescendants("/tmp/later", Limits.NONE));
        scene.end();
        graph.sessionStart(new Session(2, "b", 4, Scene.MACHINE, "trace", "tree", "", scene.now() + 5 * Scene.MS, 0));
        scene.advance(10 * Scene.MS).write(105, "/tmp/later-still");
        assertEquals(List.of(), gapsOfDescendants("/tmp/later-still", Limits.NONE), "as long as its session");
    }

    @Test
    void shouldNameForAPathTheGapsBetweenItsEnds() throws NothingFoundException {
        Limits old = Limits.NONE.withTime(Long.MIN_VALUE, scene.now());
        Gap before = gap(Gap.Kind.TRANSFER, Scene.T0 - 9_000 * Scene.MS, Scene.T0 - 8_000 * Scene.MS);
        Gap within = gap(Gap.Kind.TRANSFER, scene.now() - Scene.MS, scene.now());
        graph.gap(before);
        graph.gap(within);
        Answer answer = Explain.between(graph, "/etc/passwd", start("/etc/passwd"), "/tmp/p.gz", start("/tmp/p.gz"), old);
        assertEquals(List.of(within), gapsOf(answer));
    }

    @Test
    void shouldSayWhichSessionRunsAndWhatGivesWayInIt() throws NothingFoundException {
        Completeness now = ancestors("/tmp/p.gz", Limits.NONE).completeness();
        assertEquals(1, now.running().size());
        assertEquals(List.of("record"), now.policies());
        scene.end();
        graph.sessionStart(new Session(2, "b", 4, Scene.MACHINE, "lsm", "tree", "", "block", scene.now() + 5 * Scene.MS, 0));
        graph.sessionEnd(scene.now() + 9 * Scene.MS);
        Completeness later = ancestors("/tmp/p.gz", Limits.NONE).completeness();
        assertTrue(later.running().isEmpty());
        assertEquals(List.of("record", "block"), later.policies());
    }

    @Test
    void shouldHoldNumbersInPages() {
        PagedBitmap bitmap = new PagedBitmap();
        long[] numbers = {0, 1, 63, 64, 65_535, 65_536, 5_000_000_000L};
        for (long number : numbers) {
            assertFalse(bitmap.contains(number));
            assertTrue(bitmap.add(number));
            assertFalse(bitmap.add(number));
            assertTrue(bitmap.contains(number));
        }
        assertFalse(bitmap.contains(65_537));
        assertFalse(bitmap.contains(1L << 45));
    }
}
