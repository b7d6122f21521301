// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who tasks are, and how that changes. */
class TaskIdentityTest {
    private static final int FILE = 0100644;
    private static final String DOCKER = "0123456789abcdef".repeat(4);

    /** What the machine would say, and when. */
    private static final class Live implements TaskProbe {
        final Map<Long, String> cgroups = new HashMap<>();
        final Map<Integer, String> contexts = new HashMap<>();
        long nowNs;

        @Override
        public String cgroup(long id, int tgid) {
            return cgroups.get(id);
        }

        @Override
        public String securityContext(int tgid) {
            return contexts.get(tgid);
        }

        @Override
        public long nowNs() {
            return nowNs;
        }
    }

    private final DrawnGraph graph = new DrawnGraph();
    private final Live live = new Live();
    private final GraphBuilder builder = new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0,
            PathProbe.NONE, live, false, MarkedInodes.NONE);
    private final Records records = new Records(builder);

    private Map<Attribute, Object> of(long object) {
        return graph.attributes.get((int) object);
    }

    private long relations(Relation relation) {
        return graph.edges.stream().filter(edge -> edge.relation() == relation).count();
    }

    private boolean comesFrom(long effect, long cause) {
        int newest = graph.objectOfNode.lastIndexOf((int) effect);
        return graph.ancestors(newest, graph.edges.size()).get((int) cause);
    }

    @Test
    void aProcessThatBecomesAnotherUserGoesOnInANewMemory() {
        records.task(1, 2, 0, 0, 100, 0);
        records.inode(3, 30, FILE);
        records.flow(FlowOp.READ, 3, 2, 1);
        long before = builder.objectOf(2);
        records.change(FlowOp.SETUID, 1, 2, 100, 100, 65534, 65534, 0);
        long after = builder.objectOf(2);
        assertNotEquals(before, after);
        assertEquals(1000L, of(before).get(Attribute.UID), "what it did before, it did as who it was then");
        assertEquals(65534L, of(after).get(Attribute.UID));
        assertEquals(65534L, of(after).get(Attribute.EGID));
        assertEquals(65534L, of(builder.objectOf(1)).get(Attribute.UID));
        assertEquals(1, relations(Relation.SETUID));
        assertEquals(1, relations(Relation.CLONE_MEM));
        assertEquals(1, relations(Relation.TERMINATE_PROC));
        graph.assertAcyclic();
        assertTrue(comesFrom(after, builder.objectOf(3)), "it still holds what it read");
    }

    @Test
    void groupsAloneAreNoSetuid() {
        records.task(1, 2, 0, 0, 100, 0);
        records.change(FlowOp.SETGID, 1, 2, 100, 100, 1000, 5, 0);
        assertEquals(0, relations(Relation.SETUID));
        assertEquals(1, relations(Relation.CLONE_MEM));
    }

    @Test
    void whatChangesNothingIsNotDrawn() {
        records.task(1, 2, 0, 0, 100, 0);
        records.change(FlowOp.SETUID, 1, 2, 100, 100, 7, 7, 0);
        long memory = builder.objectOf(2);
        records.change(FlowOp.SETUID, 1, 2, 100, 100, 7, 7, 0);
        assertEquals(memory, builder.objectOf(2));
        assertEquals(1, relations(Relation.SETUID));
    }

    @Test
    void aThreadAloneChangesOnlyItself() {
        records.task(1, 2, 0, 0, 100, 0);
        records.task(4, 2, 1, 2, 100, RecordFlag.THREAD);
        long memory = builder.objectOf(2);
        records.change(FlowOp.SETUID, 4, 2, 101, 100, 7, 7, 0);
        assertEquals(memory, builder.objectOf(2));
        assertEquals(7L, of(builder.objectOf(4)).get(Attribute.UID));
        assertEquals(1000L, of(builder.objectOf(1)).get(Attribute.UID));
    }

    @Test
    void aChildOfVforkThatChangesLeavesItsParentsMemoryAlone() {
        records.task(1, 2, 0, 0, 100, 0);
        records.task(4, 5, 1, 2, 101, RecordFlag.VM);
        long shared = builder.objectOf(2);
        records.change(FlowOp.SETUID, 4, 5, 101, 101, 7, 7, 0);
        assertEquals(shared, builder.objectOf(5));
        assertEquals(7L, of(builder.objectOf(4)).get(Attribute.UID));
        records.change(FlowOp.SETUID, 1, 2, 100, 100, 8, 8, 0);
        assertEquals(shared, builder.objectOf(2), "a memory that is lent is not left");
        records.inode(3, 30, FILE);
        records.exec(3, 6, 5, 4);
        records.change(FlowOp.EXECUTED, 4, 6, 101, 101, 7, 7, 0);
        assertEquals(7L, of(builder.objectOf(6)).get(Attribute.UID));
    }

    @Test
    void anExecTellsWhoTheProgramRunsAsAndWhatItIsCalled() {
        records.task(1, 2, 0, 0, 100, 0);
        records.inode(3, 30, FILE);
        records.exec(3, 6, 2, 1);
        records.change(FlowOp.EXECUTED, 1, 6, 100, 100, 0, 12, 0);
        assertEquals(12L, of(builder.objectOf(6)).get(Attribute.EGID));
        assertEquals("cat", of(builder.objectOf(1)).get(Attribute.COMMAND));
        assertEquals(0, relations(Relation.CLONE_MEM));
    }

    @Test
    void aCgroupHasAPathAndMayBeAContainers() {
        live.cgroups.put(77L, "/system.slice/docker-" + DOCKER + ".scope");
        records.task(1, 2, 0, 0, 100, 0);
        assertNull(of(builder.objectOf(2)).get(Attribute.CGROUP));
        records.change(FlowOp.CGROUP, 1, 2, 100, 100, 1000, 0, 77);
        assertEquals("/system.slice/docker-" + DOCKER + ".scope", of(builder.objectOf(2)).get(Attribute.CGROUP));
        assertEquals(DOCKER, of(builder.objectOf(1)).get(Attribute.CONTAINER));
        records.change(FlowOp.CGROUP, 1, 2, 100, 100, 1000, 0, 78);
        assertEquals("", of(builder.objectOf(1)).get(Attribute.CGROUP), "where it was would be wrong");
        assertEquals("", of(builder.objectOf(1)).get(Attribute.CONTAINER));
    }

    @Test
    void aContextIsToldWhenNothingCanHaveComeBetween() {
        live.contexts.put(100, "unconfined");
        live.nowNs = 3;
        records.task(1, 2, 0, 0, 100, 0);
        assertNull(of(builder.objectOf(2)).get(Attribute.SECCTX), "records up to the answer may still come");
        records.inode(3, 30, FILE);
        records.inode(4, 31, FILE);
        records.inode(5, 32, FILE);
        assertEquals("unconfined", of(builder.objectOf(2)).get(Attribute.SECCTX));
        live.contexts.clear();
        records.task(6, 7, 1, 2, 101, 0);
        assertEquals("unconfined", of(builder.objectOf(7)).get(Attribute.SECCTX), "a child has its parent's");
        records.change(FlowOp.SETUID, 6, 7, 101, 101, 5, 5, 0);
        assertEquals("unconfined", of(builder.objectOf(7)).get(Attribute.SECCTX), "whoever it becomes");
    }

    @Test
    void aContextThatMayBeALaterProgramsIsNotTold() {
        live.contexts.put(100, "later");
        live.nowNs = 3;
        records.task(1, 2, 0, 0, 100, 0);
        records.inode(3, 30, FILE);
        live.contexts.clear();
        long memory = builder.objectOf(2);
        records.exec(3, 6, 2, 1);
        records.inode(4, 31, FILE);
        builder.finish(100);
        assertNull(of(memory).get(Attribute.SECCTX));
        assertNull(of(builder.objectOf(6)).get(Attribute.SECCTX));
    }

    @Test
    void theMachineRunsWhatComesFromNowhereElse() {
        builder.machine(new MachineFacts("Linux", "host", "6.1", "#1", "x86_64", "(none)", "boot", ""), 1);
        records.task(1, 2, 0, 0, 100, 0);
        records.task(6, 7, 1, 2, 101, 0);
        int machine = graph.kinds.indexOf(NodeKind.MACHINE);
        assertEquals("host", of(machine).get(Attribute.NODENAME));
        assertFalse(of(machine).containsKey(Attribute.RECORDER));
        assertEquals(1, relations(Relation.RAN_ON));
        assertTrue(comesFrom(builder.objectOf(7), machine), "by its parent");
    }

    @Test
    void ofTheEnvironmentOnlyNamesAreKept() {
        records.task(1, 2, 0, 0, 100, 0);
        records.environment(2, "HOME=/root\0SECRET=a=b\0odd\0");
        assertEquals(List.of("HOME", "SECRET", "odd"), graph.attributes.stream().map(a -> a.get(Attribute.VALUE))
                .filter(value -> value != null).toList());
        assertEquals(3, relations(Relation.ENV));
    }

    @Test
    void anUnknownChangeIsRefused() {
        records.task(1, 2, 0, 0, 100, 0);
        assertThrows(MalformedRecordException.class, () -> records.change(7, 1, 2, 100, 100, 0, 0, 0));
    }
}
