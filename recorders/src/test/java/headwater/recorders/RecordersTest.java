// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.outputs.OutputStatus;
import headwater.outputs.Outputs;
import headwater.store.log.MalformedPayloadException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from the log to a target, whatever the target is. */
class RecordersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Path path;
    private LongStore store;

    @BeforeEach
    void begin() {
        path = folder.resolve("store");
        store = new LongStore(path, 3);
    }

    @AfterEach
    void end() {
        store.close();
        MemoryDriver.TARGETS.clear();
    }

    private Recorders start(Map<String, String> settings) {
        return Recorders.start(path, List.of(new RecorderSpec("one", "memory", settings)),
                Outputs.durable(store.store().writer()),
                said::add);
    }

    private void assertKept(MemoryDriver.Target target) throws MalformedPayloadException {
        KeptGraph want = KeptGraph.of(path);
        KeptGraph is = target.graph();
        KeptGraph.assertSame("sessions", want.sessions(), is.sessions());
        KeptGraph.assertSame("nodes", want.nodes(), is.nodes());
        KeptGraph.assertSame("edges", want.edges(), is.edges());
        KeptGraph.assertSame("attributes", want.attributes(), is.attributes());
        KeptGraph.assertSame("gaps", want.gaps(), is.gaps());
    }

    @Test
    void shouldKeepEverythingOnceHoweverOftenItFails() throws MalformedPayloadException {
        long seed = System.nanoTime();
        System.err.println("seed=" + seed);
        MemoryDriver.Target target = new MemoryDriver.Target(seed, 5);
        MemoryDriver.TARGETS.put("t", target);
        for (int round = 0; round < 3; round++) {
            try (Recorders recorders = start(Map.of("target", "t", "events", "500"))) {
                store.grow(3_000, 15);
                store.turn();
                assertTrue(recorders.await(LONG), () -> recorders.status().toString());
            }
        }
        assertKept(target);
        assertTrue(target.commits() > 10, "commits: " + target.commits());
    }

    @Test
    void shouldFinishInOrderWhatWasTakenWhenItIsStopped() throws Exception {
        MemoryDriver.Target target = new MemoryDriver.Target(1, 0);
        MemoryDriver.TARGETS.put("t", target);
        try (Recorders recorders = start(Map.of("target", "t", "events", "1000000", "wait", "60000"))) {
            store.grow(2_000, 4);
            Thread.sleep(1_000);
            assertEquals(0, target.commits());
            assertTrue(recorders.status().getFirst().behind() > 2_000);
        }
        assertEquals(1, target.commits());
        assertKept(target);
    }

    @Test
    void shouldNotHoldTheWriterWhenItsTargetHangs() throws Exception {
        MemoryDriver.Target target = new MemoryDriver.Target(1, 0);
        target.hang();
        MemoryDriver.TARGETS.put("t", target);
        var threads = ManagementFactory.getThreadMXBean();
        try (Recorders recorders = start(Map.of("target", "t"))) {
            long self = Thread.currentThread().threadId();
            long waited = threads.getThreadInfo(self).getWaitedCount();
            store.grow(60_000, 60);
            assertEquals(waited, threads.getThreadInfo(self).getWaitedCount(), "the writer waited");
            // Committer and sealer share locks with the writer for a moment; a recorder that hangs must hold none at
            // all.
            assertTrue(target.isHanging(), "nothing hung");
            List<ThreadInfo> recording = Arrays.stream(threads.dumpAllThreads(true, true))
                    .filter(thread -> thread.getThreadName().startsWith("headwater-recorder-")).toList();
            assertEquals(1, recording.size(), recording::toString);
            assertEquals(0, recording.getFirst().getLockedMonitors().length + recording.getFirst()
                    .getLockedSynchronizers().length,
                    recording::toString);
            RecorderStatus status = recorders.status().getFirst();
            assertTrue(status.behind() > 60_000, status.line());
            assertTrue(status.behindBlocks() >= 60, status.line());
            target.release();
            assertTrue(recorders.await(LONG), () -> recorders.status().toString());
            assertTrue(recorders.status().getFirst().perSecond() >= 0);
        }
        assertKept(target);
    }

    @Test
    void shouldNotRecordWhatIsNotDurable() throws Exception {
        MemoryDriver.Target target = new MemoryDriver.Target(1, 0);
        MemoryDriver.TARGETS.put("t", target);
        try (Recorders recorders = start(Map.of("target", "t"))) {
            assertTrue(recorders.await(LONG));
            store.store().writer().attribute(0, headwater.model.Attribute.PID, 9, 1_795_168_900_000_000_000L);
            long before = recorders.status().getFirst().blocks();
            Thread.sleep(600);
            assertEquals(before, recorders.status().getFirst().blocks());
            store.store().writer().flush();
            // What is written becomes durable by itself, and may be recorded from then on.
            long end = System.nanoTime() + LONG.toNanos();
            long recorded = before;
            while (recorded == before && System.nanoTime() < end) {
                recorded = recorders.status().getFirst().blocks();
                long durable = store.store().writer().acknowledged().blocks();
                assertTrue(recorded <= durable, "recorded=" + recorded + ", durable=" + durable);
                Thread.sleep(1);
            }
            assertTrue(recorded > before, "recorded=" + recorded);
            assertTrue(recorders.await(LONG));
        }
        assertKept(target);
    }

    @Test
    void shouldRefuseATargetOfAnotherHistory() throws IOException, InterruptedException {
        MemoryDriver.Target target = new MemoryDriver.Target(1, 0);
        MemoryDriver.TARGETS.put("t", target);
        try (Recorders recorders = start(Map.of("target", "t"))) {
            store.grow(1_000, 2);
            assertTrue(recorders.await(LONG));
        }
        Path other = folder.resolve("other");
        try (LongStore second = new LongStore(other, 4)) {
            second.grow(5_000, 8);
            try (Recorders recorders = Recorders.start(other,
                    List.of(new RecorderSpec("one", "memory", Map.of("target", "t"))),
                    position -> true, said::add)) {
                for (int i = 0; i < 500 && recorders.status().getFirst().state() != OutputStatus.State.RETRYING; i++) {
                    Thread.sleep(10);
                }
                assertTrue(recorders.status().getFirst().lastError().contains("another history"),
                        recorders.status().toString());
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWithWhatItIsAskedFor() {
        assertMessage("recorder x: unknown kind: kind=oracle, want one of gzip memory mqtt spade", "oracle", Map.of());
        assertMessage("recorder x: setting is missing: kind=memory, key=target", "memory", Map.of());
        assertMessage("recorder x: unknown format: kind=gzip, format=xml, want one of w3c", "gzip",
                Map.of("format", "xml", "path", "p"));
        assertMessage("output x: unknown setting: destination=gzip, key=pth", "gzip", Map.of("path", "p", "pth", "q"));
    }

    private void assertMessage(String want, String kind, Map<String, String> settings) {
        MemoryDriver.TARGETS.put("t", new MemoryDriver.Target(1, 0));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Recorders.start(path,
                List.of(new RecorderSpec("x", kind, settings)), position -> true, said::add));
        assertTrue(e.getMessage().startsWith(want), e.getMessage());
    }

    @Test
    void shouldReadSecretsWhereTheyAreAndNeverShowThem() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hunter2\n");
        RecorderSpec spec = new RecorderSpec("x", "memory", Map.of("password_file", file.toString(), "token_env",
                "HEADWATER_NO_SUCH"));
        assertEquals("hunter2", spec.secret("password"));
        assertFalse(spec.toString().contains("hunter2"));
        assertTrue(assertThrows(IOException.class, () -> spec.secret("token")).getMessage()
                .contains("variable=HEADWATER_NO_SUCH"));
    }
}
