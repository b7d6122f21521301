// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.store.RandomEvents;
import headwater.store.ReferenceGraph;
import headwater.store.Tee;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    @TempDir
    private Path temp;
    private final FullDisk disk = new FullDisk();

    @Test
    void shouldLoseNothingWhenTheDiskIsFullForAWhile() {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(21);
        try (LogWriter writer = open(1 << 20)) {
            Tee tee = new Tee(writer, reference);
            for (int room = 0; room < 3_000; room += 131) {
                events.feed(100, tee);
                writer.sync();
                LogWriter.Acknowledged before = writer.acknowledged();
                assertEquals(reference.edges() - 1, before.edge());
                disk.roomBytes = room;
                disk.truncateFails = room % 2 == 0;
                events.feed(200, tee);
                UncheckedIOException full = assertThrows(UncheckedIOException.class, () -> {
                    writer.sync();
                    // It fitted: fill up what is left.
                    events.feed(5_000, tee);
                    writer.sync();
                });
                assertTrue(full.getMessage().contains("No space left on device"), full.getMessage());
                assertTrue(full.getMessage().contains("00000001.hwlog"), full.getMessage());
                assertReadable(writer.acknowledged());
                disk.roomBytes = Long.MAX_VALUE;
                disk.truncateFails = false;
                events.feed(10, tee);
                writer.sync();
            }
        }
        assertEquals(reference.events(), replay().events());
    }

    @Test
    void shouldCountTheWayOfAnEventHereAsPartOfItsWait() {
        try (LogWriter writer = open(1 << 20)) {
            long nowNs = 1_000_000_000;
            writer.windows().clock(() -> nowNs);
            writer.node(0, 0, 0, NodeKind.FILE, nowNs);
            writer.flushDue(System.nanoTime() - LogWriter.FLUSH_AFTER_NS);
            assertTrue(writer.pending(), "it has just happened");
            writer.flush();
            writer.node(1, 1, 0, NodeKind.FILE, nowNs - LogWriter.FLUSH_AFTER_NS);
            writer.flushDue(System.nanoTime());
            assertFalse(writer.pending(), "it has waited long enough");
            writer.windows().clock(null);
            writer.node(2, 2, 0, NodeKind.FILE, nowNs);
            writer.flushDue(System.nanoTime() - LogWriter.FLUSH_AFTER_NS);
            assertTrue(writer.pending(), "without a clock of the events, it waits from when it was taken");
        }
    }

    @Test
    void shouldGoOnWhenASegmentCannotBeBegun() {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(22);
        int failures = 0;
        try (LogWriter writer = open(2_000)) {
            Tee tee = new Tee(writer, reference);
            for (int i = 0; i < 40; i++) {
                disk.roomBytes = i % 3 == 0 ? 50 : Long.MAX_VALUE;
                disk.truncateFails = i % 6 < 2;
                events.feed(60, tee);
                try {
                    writer.sync();
                } catch (UncheckedIOException e) {
                    failures++;
                    assertTrue(e.getMessage().contains("No space left on device")
                            || e.getMessage().contains("cannot be cut off"), e.getMessage());
                }
            }
            disk.roomBytes = Long.MAX_VALUE;
            disk.truncateFails = false;
        }
        assertTrue(failures > 10 && LogReader.lastSegment(temp) > 5, "failures=" + failures);
        assertEquals(reference.events(), replay().events());
    }

    @Test
    void shouldRefuseEventsBeyondTheBoundAndResumeWithAGap() {
        long kept;
        try (LogWriter writer = open(1L << 30)) {
            writer.node(0, 0, 0, NodeKind.FILE, 5);
            writer.sync();
            disk.roomBytes = 10;
            LogRefusedException refusal = assertThrows(LogRefusedException.class, () -> {
                for (long edge = 0; ; edge++) {
                    writer.edge(edge, Relation.READ, 0, 0, 100 + edge, -1, 0, -1);
                }
            });
            assertTrue(refusal.getMessage().contains("refused=1"), refusal.getMessage());
            kept = writer.nextEdge();
            assertEquals(LogFormat.MAX_BLOCK_EVENTS, kept);
            assertThrows(LogRefusedException.class, () -> writer.node(1, 1, 0, NodeKind.FILE, 2_000_000));
            assertFalse(writer.resume());
            disk.roomBytes = Long.MAX_VALUE;
            assertThrows(LogRefusedException.class, () -> writer.edge(kept + 1, Relation.READ, 0, 0, 3_000_000, -1, 0,
                    -1));
            assertEquals(3, writer.refused());
            assertTrue(writer.resume());
            assertEquals(0, writer.refused());
            assertEquals(kept, writer.nextEdge());
            assertEquals(1, writer.nextNode());
            writer.edge(kept, Relation.READ, 0, 0, 4_000_000, -1, 0, -1);
        }
        ReferenceGraph replayed = replay();
        assertEquals(kept + 1, replayed.edges());
        assertEquals(1, replayed.gaps().size());
        assertEquals(new Gap(Gap.Cause.LOG_REFUSED, -1, 100 + kept, 3_000_000, 3), replayed.gaps().getFirst());
    }

    @Test
    void shouldAcknowledgeNothingMoreOnceASyncFailed() {
        LogWriter writer = open(1 << 20);
        writer.node(0, 0, 0, NodeKind.FILE, 5);
        writer.sync();
        writer.node(1, 1, 0, NodeKind.FILE, 6);
        disk.syncFails = true;
        assertTrue(assertThrows(UncheckedIOException.class, writer::sync).getMessage().contains("Input/output error"));
        disk.syncFails = false;
        assertThrows(UncheckedIOException.class, writer::sync);
        assertThrows(UncheckedIOException.class, () -> writer.node(2, 2, 0, NodeKind.FILE, 7));
        assertEquals(0, writer.acknowledged().node());
        writer.close();
        assertThrows(IllegalStateException.class, () -> writer.node(2, 2, 0, NodeKind.FILE, 7));
    }

    @Test
    void shouldRefuseNumbersThatAreNotNextAndTakeNothingOfThem() {
        try (LogWriter writer = open(1 << 20)) {
            assertThrows(IllegalArgumentException.class, () -> writer.node(1, 0, 0, NodeKind.FILE, 5));
            assertThrows(IllegalArgumentException.class, () -> writer.node(0, 1, 0, NodeKind.FILE, 5));
            writer.node(0, 0, 0, NodeKind.FILE, 5);
            assertThrows(IllegalArgumentException.class, () -> writer.edge(1, Relation.READ, 0, 0, 6, -1, 0, -1));
            String message = assertThrows(IllegalArgumentException.class,
                    () -> writer.edge(0, Relation.READ, 1, 0, 6, -1, 0, -1)).getMessage();
            assertTrue(message.contains("cause=1") && message.contains("nodes=1"), message);
            assertThrows(IllegalArgumentException.class, () -> writer.attribute(1, Attribute.PID, 1, 6));
            assertThrows(IllegalArgumentException.class, () -> writer.attribute(0, Attribute.NAME, 1, 6));
            assertThrows(IllegalArgumentException.class, () -> writer.attribute(0, Attribute.NAME,
                    MemorySegment.ofArray(new byte[LogFormat.MAX_STRING_BYTES + 1]), 0, LogFormat.MAX_STRING_BYTES + 1,
                    6));
            assertThrows(IllegalStateException.class, () -> writer.sessionEnd(6));
        }
        assertEquals(1, replay().events().size());
    }

    @Test
    void shouldEndSegmentsAtTheSizeThatItIsToldMeanwhile() {
        ReferenceGraph reference = new ReferenceGraph();
        RandomEvents events = new RandomEvents(23);
        try (LogWriter writer = open(1 << 30)) {
            Tee tee = new Tee(writer, reference);
            feed(events, tee, writer, 20);
            assertEquals(1, LogReader.lastSegment(temp));
            writer.segmentBytes(2_000);
            // The one that is larger by now ends with the next block.
            feed(events, tee, writer, 1);
            assertEquals(2, LogReader.lastSegment(temp));
            feed(events, tee, writer, 20);
            int small = LogReader.lastSegment(temp);
            assertTrue(small > 4, () -> "segments=" + small);
            writer.segmentBytes(1 << 30);
            feed(events, tee, writer, 20);
            assertEquals(small, LogReader.lastSegment(temp));
            assertThrows(IllegalArgumentException.class, () -> writer.segmentBytes(0));
        }
        assertEquals(reference.events(), replay().events());
    }

    private static void feed(RandomEvents events, Tee tee, LogWriter writer, int blocks) {
        for (int i = 0; i < blocks; i++) {
            events.feed(200, tee);
            writer.sync();
        }
    }

    @Test
    void shouldTakeStringsOfAllLengths() {
        ReferenceGraph reference = new ReferenceGraph();
        try (LogWriter writer = open(1 << 20)) {
            Tee tee = new Tee(writer, reference);
            tee.node(0, 0, 0, NodeKind.FILE, Long.MIN_VALUE);
            byte[] bytes = new byte[LogFormat.MAX_STRING_BYTES];
            new java.util.Random(1).nextBytes(bytes);
            for (int length = LogFormat.MAX_STRING_BYTES; length > 0; length /= 3) {
                tee.attribute(0, Attribute.NAME, MemorySegment.ofArray(bytes), 0, length, Long.MAX_VALUE);
                tee.attribute(0, Attribute.NAME, MemorySegment.ofArray(bytes), 0, length, Long.MIN_VALUE);
            }
            tee.attribute(0, Attribute.NAME, MemorySegment.ofArray(bytes), 7, 0, 0);
            tee.attribute(0, Attribute.PID, Long.MIN_VALUE, 0);
            tee.attribute(0, Attribute.PID, Long.MAX_VALUE, 0);
            tee.edge(0, Relation.RAN_ON, 0, 0, 0, 0, -1, Long.MAX_VALUE);
            tee.edge(1, Relation.RAN_ON, 0, 0, 0, 0, Long.MIN_VALUE, -1);
        }
        assertEquals(reference.events(), replay().events());
    }

    @Test
    void shouldAllocateNothingPerEvent() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int events = 200_000;
        try (LogWriter writer = open(1L << 30)) {
            write(writer, 0, 4 * events);
            writer.flush();
            long before = thread.getCurrentThreadAllocatedBytes();
            write(writer, 4 * events, events);
            double each = (double) (thread.getCurrentThreadAllocatedBytes() - before) / (3 * events);
            // A few objects per block of 65,536 events are allowed.
            assertTrue(each < 0.1, () -> "bytes per event: " + each);
        }
    }

    private static void write(LogWriter writer, long from, int count) {
        for (long i = from; i < from + count; i++) {
            writer.node(i, i % 100 < i ? i % 100 : i, (int) i, NodeKind.FILE, i);
            writer.edge(i, Relation.READ, i, i / 2, i, i, 0, -1);
            writer.attribute(0, Attribute.PID, i, i);
        }
    }

    private void assertReadable(LogWriter.Acknowledged acknowledged) {
        ReferenceGraph replayed = replay();
        assertTrue(replayed.nodes() > acknowledged.node() && replayed.edges() > acknowledged.edge());
    }

    private ReferenceGraph replay() {
        ReferenceGraph replayed = new ReferenceGraph();
        new LogReader(temp).replay(replayed);
        return replayed;
    }

    private LogWriter open(long segmentBytes) {
        return new LogWriter(LogRecovery.open(temp, disk, segmentBytes, 0));
    }
}
