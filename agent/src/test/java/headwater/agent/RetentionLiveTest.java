// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.outputs.LogFollower;
import headwater.outputs.OutputFormat;
import headwater.query.Answer;
import headwater.query.FileNow;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.What;
import headwater.query.WhatFinder;
import headwater.query.format.AnswerFormat;
import headwater.query.format.Formats;
import headwater.store.Store;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon drops the beginning of its log while it records real programs, and the next one on the same store goes on. Needs root. */
@Timeout(480)
class RetentionLiveTest {
    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long OLD_MS = 1_200;
    private static final String BUSY = "until [ -e %s ] || [ ! -e storm ]; do ./storm 1000 busy; cp busy copy; sleep 0.02; done\n";
    private static final String WAIT = "until [ -e %s ] || [ ! -e storm ]; do sleep 0.05; done\n";

    @TempDir
    Path folder;

    private Path outputs;
    private RecordedDaemon daemon;

    @AfterEach
    void end() throws Exception {
        for (String gate : List.of("full", "on", "again")) {
            Files.writeString(folder.resolve(gate), "");
        }
        if (daemon != null) {
            daemon.close();
        }
    }

    private static void execute(String... words) throws Exception {
        assertEquals(0, new ProcessBuilder(words).inheritIO().start().waitFor(), () -> String.join(" ", words));
    }

    private void start(String retention, String script) throws Exception {
        Path config = Files.writeString(folder.resolve("camflow.ini"), "[provenance]\nenabled=true\nall=true\n");
        outputs = folder.resolve("camflowd.ini");
        configure(retention);
        Files.deleteIfExists(folder.resolve("go"));
        daemon = RecordedDaemon.start(folder, config, outputs, null, script);
        daemon.begin();
    }

    private void configure(String retention) throws IOException {
        Files.writeString(outputs, "[general]\noutput=fifo\nformat=w3c\n[fifo]\npath=" + folder.resolve("fifo") + "\n[retention]\n" + retention);
    }

    /** While the daemon runs. */
    private void retain(String retention) throws IOException {
        configure(retention);
        daemon.ask(Control.RELOAD);
    }

    private String status() throws IOException {
        return daemon.ask(Control.STATUS);
    }

    private static long number(String status, String key) {
        Matcher matcher = Pattern.compile('"' + key + "\":(\\d+)").matcher(status);
        assertTrue(matcher.find(), () -> key + " is not in " + status);
        return Long.parseLong(matcher.group(1));
    }

    private int newestSegment() throws IOException {
        try (Stream<Path> files = Files.list(daemon.store().resolve("log"))) {
            return files.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".hwlog"))
                    .mapToInt(name -> Integer.parseInt(name.substring(0, 8))).max().orElse(0);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + WITHIN_NS;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "not so in time: " + what + ", status=" + Control.ask(daemon.store(), Control.STATUS));
            Thread.sleep(20);
        }
    }

    private void touch(String name) throws IOException {
        Files.createFile(folder.resolve(name));
    }

    private long[] named(GraphView view, String name) {
        return view.find(Attribute.NAME, folder.resolve(name).toString().getBytes(StandardCharsets.UTF_8));
    }

    private GraphView view() {
        return Store.openForReading(daemon.store()).view();
    }

    private long onlyOne(String name) {
        try (GraphView view = view()) {
            long[] found = named(view, name);
            assertEquals(1, found.length, name);
            return found[0];
        }
    }

    private String ancestors(GraphView view, String name) throws Exception {
        String what = folder.resolve(name).toString();
        Answer answer = Lineage.ancestors(view, what, new WhatFinder(view, FileNow::onThisMachine).find(What.parse(what)), Limits.NONE);
        AnswerFormat json = Formats.ofAnswers().stream().filter(format -> format.name().equals("json")).findFirst().orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        json.write(answer, AnswerFormat.Detail.DEFAULT, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void assertWholeSignedAndDropped() throws IOException {
        Report report = Verifier.verify(daemon.store(), null, List.of());
        assertNull(report.damage(), report::toString);
        assertTrue(report.allSigned() && report.dropped() != null, report::toString);
    }

    /** Sees whether a document names something. */
    private static final class Sought extends OutputStream {
        private final String name;
        private volatile boolean found;

        Sought(String name) {
            this.name = name;
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("documents come whole");
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            found |= new String(bytes, from, length, StandardCharsets.ISO_8859_1).contains(name);
        }
    }

    /** Reads the log from its beginning, but is held up until {@code onward}; writes what it is told to {@code said}. */
    private CompletableFuture<Void> follower(CountDownLatch began, CountDownLatch onward, Sought sought, List<String> said) {
        return CompletableFuture.runAsync(() -> {
            try {
                LogFollower.follow(daemon.store(), OutputFormat.W3C, false, sought, said::add, () -> {
                    began.countDown();
                    try {
                        onward.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return !sought.found;
                });
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().daemon().start(task));
    }

    @Test
    void shouldDropWhileItRecordsAndGoOn() throws Exception {
        execute("cc", "-O1", "-static", "-o", folder.resolve("storm").toString(), "../system-tests/src/test/c/storm.c");
        execute("mkfifo", folder.resolve("fifo").toString());
        start("segment=256K\n", "echo secret >source; cat source >stage; cat source >gone; rm gone\n" + BUSY.formatted("full")
                + WAIT.formatted("on") + "cat stage >result\n");
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch onward = new CountDownLatch(1);
        Sought sought = new Sought(folder + "/result");
        List<String> said = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> follower = follower(began, onward, sought, said);
        began.await();
        await("the log has several segments", () -> newestSegment() >= 4);
        long source = onlyOne("source");
        long stage = onlyOne("stage");
        onlyOne("gone");
        String before = status();
        assertTrue(before.contains("\"retention\":\"\",\"retention_trouble\":\"\",\"dropped_segments\":0"), before);
        assertTrue(!before.contains("dropped_until_ms") && !before.contains("pinned"), before);
        shouldSayWhatIsPinned(source);
        long nowMs = System.currentTimeMillis();
        // Still under the storm.
        retain("segment=256K\nsize=512K\n");
        await("the beginning is dropped", () -> number(status(), "dropped_segments") >= 2);
        String dropped = status();
        assertTrue(dropped.contains("\"retention\":\"size=512K, segment=256K\",\"retention_trouble\":\"\""), dropped);
        assertTrue(dropped.contains("\"dropped_why\":\"size\"") && !dropped.contains("pinned"), dropped);
        assertTrue(number(dropped, "dropped_at_ms") >= nowMs, dropped);
        assertTrue(number(dropped, "dropped_until_ms") <= number(dropped, "dropped_at_ms"), dropped);
        int grown = newestSegment();
        await("it goes on to record", () -> newestSegment() > grown);
        touch("full");
        await("all is taken in", () -> number(status(), "backlog_bytes") == 0);
        touch("on");
        daemon.awaitScript();
        shouldSendWhatIsLeft();
        onward.countDown();
        follower.get(WITHIN_NS, TimeUnit.NANOSECONDS);
        assertTrue(sought.found);
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.getFirst().startsWith("gap: what comes next was dropped by retention: going on at block="), said::toString);
        daemon.stop();
        assertWholeSignedAndDropped();
        long objects;
        long nodes;
        try (GraphView view = view()) {
            assertArrayEquals(new long[] {stage}, named(view, "stage"));
            assertArrayEquals(new long[] {source}, named(view, "source"), "it was not deleted");
            assertEquals(1, named(view, "gone").length, "somebody may have it open still, as far as this session knows");
            assertTrue(stage < view.dropped().objects());
            String answer = ancestors(view, "result");
            assertTrue(answer.contains(folder.resolve("stage").toString()) && answer.contains("\"complete\":false"), answer);
            assertTrue(Pattern.compile("\"dropped\":\\{\"from\":.*\"frontier\":\\[.*\"hw:" + stage + "@").matcher(answer).find(), answer);
            objects = view.objects();
            nodes = view.nodes();
        }
        shouldGoOnInTheNextDaemon(stage, objects, nodes);
    }

    private void shouldSayWhatIsPinned(long source) throws Exception {
        String policy = "segment=256K\nage=1s\nimportant=path == \"" + folder.resolve("source") + "\"\n";
        Thread.sleep(OLD_MS);
        retain(policy);
        await("the first segment is pinned", () -> status().contains("\"pinned_segment\":1,\"pinned_by\":\"hw:" + source + '"'));
        assertTrue(!status().contains("pinned_until_ms"), this::said);
        retain(policy + "important_age=1y\n");
        await("it is pinned for a time", () -> status().contains("pinned_until_ms"));
        assertTrue(number(status(), "pinned_until_ms") > System.currentTimeMillis() + TimeUnit.DAYS.toMillis(364), this::said);
        assertEquals(0, number(status(), "dropped_segments"));
    }

    private String said() {
        try {
            return status();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The output had nobody who read it; what it comes upon first was dropped meanwhile. */
    private void shouldSendWhatIsLeft() throws Exception {
        // It holds both ends: the output closes its own and opens it again.
        Path fifo = folder.resolve("fifo");
        Process reader = new ProcessBuilder("sh", "-c", "exec 3<>" + fifo + "; grep -azom 1 " + folder + "/result <&3; read end")
                .redirectOutput(folder.resolve("sent").toFile()).start();
        try {
            await("the output sends what is left", () -> Files.readString(folder.resolve("sent")).contains(folder + "/result"));
            assertTrue(status().contains("this part of the log was dropped by retention"), this::said);
        } finally {
            reader.destroy();
        }
    }

    private void shouldGoOnInTheNextDaemon(long stage, long objects, long nodes) throws Exception {
        int last = newestSegment();
        for (String gate : List.of("full", "on")) {
            Files.delete(folder.resolve(gate));
        }
        start("segment=256K\n", BUSY.formatted("full") + WAIT.formatted("on") + "cat stage >later; echo new >fresh\n");
        await("the log grows", () -> newestSegment() >= last + 3);
        assertTrue(number(status(), "dropped_segments") >= 2, "the next daemon knows what was dropped");
        touch("full");
        await("all is taken in", () -> number(status(), "backlog_bytes") == 0);
        // All of the first session goes while the second runs, and before it meets the file.
        retain("segment=256K\nsize=257K\n");
        await("the first session is dropped", () -> number(status(), "dropped_segments") >= last);
        touch("on");
        daemon.awaitScript();
        daemon.stop();
        assertWholeSignedAndDropped();
        try (GraphView view = view()) {
            assertTrue(view.dropped().nodes() >= nodes && view.dropped().objects() >= objects, () -> "dropped=" + view.dropped());
            assertArrayEquals(new long[] {stage}, named(view, "stage"), "the file is met again");
            assertEquals(0, named(view, "gone").length, "it was deleted");
            assertTrue(named(view, "fresh")[0] >= objects);
            assertEquals(2, view.sessions().getLast().number());
            String answer = ancestors(view, "later");
            assertTrue(answer.contains(folder.resolve("stage").toString()) && answer.contains("\"complete\":false"), answer);
            assertTrue(answer.contains("\"hw:" + stage + "@"), answer);
        }
    }
}
