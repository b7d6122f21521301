// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.graph.lines.AnnotationRule;
import headwater.graph.lines.Annotations;
import headwater.graph.lines.LineFormat;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lines become annotations of the task that wrote them, and what it had read for each is attached to it. */
class LineRecordsTest {
    private static final int REGULAR = 0100644;
    private static final long LOG = 3;
    private static final long A = 4;
    private static final long B = 5;
    private static final long TASK = 11;
    private static final long PROCESS = 12;
    private static final long OTHER_TASK = 21;
    private static final long OTHER_PROCESS = 22;

    private final DrawnGraph graph = new DrawnGraph();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0, PathProbe.NONE);
    private final Records records = new Records(builder);

    private void begin(String pattern, int perSecond) {
        builder.annotations(0, new Annotations(List.of(new AnnotationRule("web", LineFormat.LINES,
                pattern.isEmpty() ? null : AnnotationRule.pattern(pattern), false, "path", "", "")), perSecond));
        records.inode(LOG, 30, REGULAR);
        records.inode(A, 40, REGULAR);
        records.name(A, "/srv/a.txt");
        records.inode(B, 50, REGULAR);
        records.name(B, "/srv/b.txt");
        records.task(TASK, PROCESS, 0, 0, 100, 0);
        records.task(OTHER_TASK, OTHER_PROCESS, 0, 0, 200, 0);
    }

    private void write(long task, String text) {
        records.line(LOG, task, 1, 1000, text, text.length(), false);
    }

    /** {@code TEXT <- NAMES} of each line, with the pid of its task. */
    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        IntStream.range(0, graph.kinds.size()).filter(object -> graph.kinds.get(object) == NodeKind.STRING).forEach(object -> {
            List<Object> inputs = new ArrayList<>();
            Object[] pid = {null};
            graph.edges.forEach(edge -> {
                if (edge.relation() == Relation.LOGGED && graph.objectOfNode.get(edge.effect()) == object) {
                    inputs.add(graph.attributes.get(graph.objectOfNode.get(edge.cause())).get(Attribute.NAME));
                }
                if (edge.relation() == Relation.ANNOTATED && graph.objectOfNode.get(edge.cause()) == object) {
                    pid[0] = graph.attributes.get(graph.objectOfNode.get(edge.effect())).get(Attribute.PID);
                }
            });
            lines.add(pid[0] + " " + graph.attributes.get(object).get(Attribute.VALUE) + " " + inputs);
        });
        graph.assertAcyclic();
        return lines;
    }

    @Test
    void shouldAttachWhatWasReadSinceTheLineBefore() {
        begin("", 1000);
        records.flow(FlowOp.READ, A, PROCESS, TASK);
        records.flow(FlowOp.READ, B, OTHER_PROCESS, OTHER_TASK);
        write(TASK, "one\n");
        records.flow(FlowOp.OPEN, A, PROCESS, TASK);
        records.flow(FlowOp.COPY, B, LOG, TASK);
        write(TASK, "two\n");
        records.flow(FlowOp.READ, A, PROCESS, TASK);
        write(TASK, "three\n");
        assertEquals(List.of("100 one [/srv/a.txt]", "100 two [/srv/b.txt]", "100 three [/srv/a.txt]"), lines());
    }

    @Test
    void shouldNarrowByThePathOfTheLine() {
        begin("(?P<path>/\\S+)", 1000);
        records.flow(FlowOp.READ, A, PROCESS, TASK);
        records.flow(FlowOp.READ, B, PROCESS, TASK);
        write(TASK, "GET /a.txt\nGET /b.txt\nnothing\n");
        assertEquals(List.of("100 GET /a.txt [/srv/a.txt]", "100 GET /b.txt [/srv/b.txt]"), lines());
        int line = graph.kinds.indexOf(NodeKind.STRING);
        assertEquals("{\"path\":\"/a.txt\"}", graph.attributes.get(line).get(Attribute.FIELDS));
        assertEquals("web", graph.attributes.get(line).get(Attribute.ANNOTATION));
    }

    @Test
    void shouldNotLetOneProcessFinishAnothersLine() {
        begin("", 1000);
        write(TASK, "mine");
        write(OTHER_TASK, " and yours\n");
        write(TASK, " alone\n");
        write(OTHER_TASK, "the end");
        records.exit(OTHER_TASK, OTHER_PROCESS, 0, RecordFlag.GROUP_DEAD);
        assertEquals(List.of("200  and yours []", "100 mine alone []", "200 the end []"), lines());
    }

    @Test
    void shouldSayWhatItLeavesOut() {
        begin("", 10);
        for (int i = 0; i < 100; i++) {
            write(TASK, "line " + i + "\n");
        }
        builder.finish(1);
        assertEquals(20, lines().size());
        assertEquals(80, builder.linesLeftOut());
        assertTrue(graph.gaps.stream().anyMatch(gap -> gap.cause() == Gap.Cause.LIMITED && gap.kind() == Gap.Kind.LINE && gap.count() == 80),
                graph.gaps::toString);
    }

    @Test
    void shouldTakeTheRulesOfTwoHalves() {
        begin("", 1000);
        builder.annotations(1, new Annotations(List.of(new AnnotationRule("later", LineFormat.LINES, null, true, "path", "", "")), 1000));
        write(TASK, "old\n");
        records.line(LOG, TASK, 1L << 32, 1000, "new\n", 4, false);
        builder.annotations(0, Annotations.NONE);
        write(TASK, "gone\n");
        assertEquals(List.of("100 old []", "100 new []"), lines());
    }

    @Test
    void shouldRefuseALineLongerThanItsRecord() {
        begin("", 1000);
        assertThrows(MalformedRecordException.class, () -> records.longLine(LOG, TASK));
    }
}
