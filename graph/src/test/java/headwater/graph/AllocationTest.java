// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import com.sun.management.ThreadMXBean;
import headwater.graph.lines.AnnotationRule;
import headwater.graph.lines.Annotations;
import headwater.graph.lines.LineFormat;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    /** Counts, keeps nothing. */
    private static final class Counter implements GraphSink {
        private long events;

        @Override
        public void sessionStart(Session session) {
            events++;
        }

        @Override
        public void sessionEnd(long timeNs) {
            events++;
        }

        @Override
        public void node(long node, long object, int version, NodeKind kind, long timeNs) {
            events++;
        }

        @Override
        public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
                long offset) {
            events++;
        }

        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            events++;
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length,
                long timeNs) {
            events++;
        }

        @Override
        public void gap(Gap gap) {
            events++;
        }
    }

    @Test
    void aFlowBetweenKnownObjectsMakesNoObject() {
        Counter sink = new Counter();
        makesNoObject(sink, new GraphBuilder(sink, null, Continuation.FIRST, Machine.SESSION, 0, PathProbe.NONE));
    }

    @Test
    void norDoesOneWhileLogsAreRead() {
        Counter sink = new Counter();
        GraphBuilder builder = new GraphBuilder(sink, null, Continuation.FIRST, Machine.SESSION, 0, PathProbe.NONE);
        builder.annotations(0, new Annotations(List.of(new AnnotationRule("web", LineFormat.LINES, null, true, "", "", "")), 1000));
        makesNoObject(sink, builder);
    }

    private static void makesNoObject(Counter sink, GraphBuilder builder) {
        Records records = new Records(builder);
        records.task(1, 2, 0, 0, 100, RecordFlag.BEFORE);
        for (int i = 3; i < 1003; i++) {
            records.inode(i, i, i % 2 == 0 ? 0100644 : 0140777);
        }
        flows(records, 20_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long measured = threads.getThreadAllocatedBytes(thread);
        measured = threads.getThreadAllocatedBytes(thread) - measured;
        // The compiler may make one itself, once: when it gives up what it compiled before.
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = threads.getThreadAllocatedBytes(thread);
            long events = sink.events;
            flows(records, 20_000);
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before - measured);
            assertEquals(true, sink.events - events > 60_000);
        }
        assertEquals(0, least, "bytes for 40,000 flows");
    }

    private static void flows(Records records, int count) {
        for (int i = 0; i < count; i++) {
            int inode = 3 + i % 1000;
            records.flow(FlowOp.READ, inode, 2, 1);
            records.flow(FlowOp.WRITE, 2, 3 + (i * 7 + 1) % 1000, 1);
            if (inode % 2 == 1 && inode > 5) {
                records.flow(FlowOp.SEND_PEER, inode, inode - 2, 1);
            }
        }
    }
}
