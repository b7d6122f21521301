// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.capture.Mark;
import headwater.config.Machine;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose disk was full goes on as it was: with the policy as it was changed, and the marks. Needs root. */
@Timeout(180)
class DaemonResumeTest {
    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path folder;

    private Path disk;
    private Path store;
    private GatedCommand gated;
    private CompletableFuture<Void> daemon;
    /** Of each session, as it began: what its policy and its marks were. */
    private final List<String> begun = new java.util.concurrent.CopyOnWriteArrayList<>();

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        store = disk.resolve("store");
        execute("mount", "-t", "tmpfs", "-o", "size=64m", "headwater-test", disk.toString());
        Files.write(disk.resolve("filler"), new byte[(64 << 20) - (400 << 10)]);
    }

    @AfterEach
    void end() throws Exception {
        Files.deleteIfExists(folder.resolve("plain"));
        Files.deleteIfExists(disk.resolve("filler"));
        try {
            if (daemon != null && !daemon.isDone()) {
                Control.ask(store, Control.STOP);
                daemon.get(30, TimeUnit.SECONDS);
            }
        } finally {
            if (gated != null) {
                gated.close();
            }
            execute("umount", disk.toString());
        }
    }

    private static void execute(String... words) throws Exception {
        assertEquals(0, new ProcessBuilder(words).inheritIO().start().waitFor(), () -> String.join(" ", words));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void start(Path config, String script) throws Exception {
        Path outputs = file("camflowd.ini", "[general]\noutput=null\nformat=w3c\n");
        ConfigFiles files = new ConfigFiles(config, true, outputs, true, Machine.ANY);
        Setup setup = new Setup(new Recording.Plan(FrontEnd.TRACE, false, "sh", 1 << 22), files, files.read(), null, -1, NodeLookup.NONE);
        gated = GatedCommand.start(CommandRun.words(List.of("/bin/sh", "-c", "cd " + folder + "\n" + script)));
        daemon = CompletableFuture.runAsync(() -> {
            try {
                Daemon.run(store, setup, this::begin);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().start(task));
        await(() -> begun.size() == 1);
    }

    private void begin(Recording recording) {
        recording.adopt(gated.pid());
        begun.add("all=" + recording.policy().all() + " shell=" + recording.marks(gated.pid()).orElseThrow().has(Mark.TRACKED) + " secret="
                + Long.toHexString(recording.marks(folder.resolve("secret")).marks().taint()) + " shown="
                + recording.marks(folder.resolve("shown")).marks().has(Mark.OPAQUE));
        gated.release();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(Condition holds) throws Exception {
        long deadline = System.nanoTime() + WITHIN_NS;
        while (!holds.holds()) {
            if (daemon.isDone()) {
                daemon.join();
            }
            assertTrue(System.nanoTime() < deadline, () -> "not so in time: sessions=" + begun + ", status=" + status());
            Thread.sleep(20);
        }
    }

    private String status() {
        try {
            return Control.ask(store, Control.STATUS);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private void ask(String members) throws IOException {
        String answer = Control.ask(store, "{\"version\":1," + members + "}");
        assertTrue(answer != null && answer.contains("\"ok\":true"), answer);
    }

    @Test
    void shouldGoOnWithThePolicyAndTheMarksThatItHad() throws Exception {
        file("secret", "secret\n");
        file("plain", "plain\n");
        file("shown", "shown\n");
        Path storm = folder.resolve("storm");
        execute("cc", "-O1", "-static", "-o", storm.toString(), "../system-tests/src/test/c/storm.c");
        Path config = file("camflow.ini", "[provenance]\nenabled=true\nall=true\n[file]\nopaque=" + folder.resolve("shown") + "\n");
        start(config, """
                until [ -e fill ]; do sleep 0.05; done
                until [ -e full ] || [ ! -e plain ]; do ./storm 50000 busy; done
                until [ -e on ] || [ ! -e plain ]; do sleep 0.05; done
                cat secret >tainted
                cat shown >copied
                """);
        assertEquals(List.of("all=true shell=false secret=0 shown=true"), begun, "as the file has it");
        ask("\"request\":\"edit\",\"edits\":[{\"do\":\"set\",\"section\":\"provenance\",\"key\":\"all\",\"value\":false},"
                + "{\"do\":\"add\",\"section\":\"provenance\",\"key\":\"node_filter\",\"value\":\"directory\"}]");
        ask("\"request\":\"mark\",\"pid\":" + gated.pid() + ",\"track\":true");
        ask("\"request\":\"mark\",\"path\":\"" + folder.resolve("secret") + "\",\"propagate\":true,\"taint\":\"40\"");
        ask("\"request\":\"mark\",\"path\":\"" + folder.resolve("shown") + "\",\"opaque\":false");
        Files.createFile(folder.resolve("fill"));
        await(() -> Control.ask(store, Control.STATUS).contains("log takes no events"));
        Files.createFile(folder.resolve("full"));
        Files.delete(disk.resolve("filler"));
        await(() -> begun.size() >= 2);
        assertEquals("all=false shell=true secret=40 shown=false", begun.get(1), "as it was changed");
        Files.createFile(folder.resolve("on"));
        await(() -> !gated.isAlive());
        ask("\"request\":\"stop\"");
        daemon.join();
        try (GraphView view = Store.openForReading(store).view()) {
            List<String> changes = strings(view);
            assertTrue(changes.contains("policy of " + config), changes::toString);
            String again = changes.stream().filter(text -> text.startsWith("policy goes on: ")).findFirst().orElseThrow();
            assertTrue(again.contains(" all=false ") && again.contains("node_filter=directory") && again.contains("processes="), again);
            assertEquals(0x40, view.attributes(named(view, "tainted")[0]).number(Attribute.TAINT, 0));
            assertEquals(1, named(view, "copied").length);
            assertFalse(view.sessions().size() < 2);
        }
    }

    private long[] named(GraphView view, String name) {
        return view.find(Attribute.NAME, folder.resolve(name).toString().getBytes());
    }

    private static List<String> strings(GraphView view) {
        List<String> found = new ArrayList<>();
        for (long node = 0; node < view.nodes(); node++) {
            long object = view.object(node);
            byte[] bytes = view.kind(object) == NodeKind.STRING ? view.attributes(object).bytes(Attribute.VALUE) : null;
            if (bytes != null) {
                found.add(new String(bytes));
            }
        }
        return found;
    }
}
